import { WrongValueError } from "../checks/errors.ts";
import { quotedName } from "../checks/visible.ts";
import { turnTaker } from "../slices/in_slices.ts";
import { cellsOf, type ColumnCells } from "./column_cells.ts";
import type { Described } from "./column_kind.ts";
import {
  type Column,
  KIND_NAMES,
  type KindName,
  kindNamed,
  widthOf,
} from "./column_kinds.ts";
import { type ColumnSummary, isLeftOut, kindText } from "./column_summary.ts";
import {
  noteOfLeftOut,
  type Reason,
  reasonOfNumbers,
  reasonToLeaveOut,
} from "./left_out.ts";
import type { Words } from "./missing_cells.ts";
import { requireRoom } from "./require_room.ts";
import type { CellTable } from "./table_cells.ts";

/** Columns that notes tell of one by one: a table may have thousands of them. */
const MOST_NOTES = 10;

/** What columns are in a whole table, by their names. */
export type WholeColumns = ReadonlyMap<string, Described<Column> | Reason>;

/** How columns are looked at. */
export interface Looking {
  readonly words: Words;
  /** What is asked for columns, by their numbers: a kind, and what is said after its name. */
  readonly kinds: ReadonlyMap<
    number,
    { readonly kind: KindName; readonly how: string }
  >;
  /** Columns that are no inputs, by their numbers, and what they are. */
  readonly others: ReadonlyMap<number, "target" | "dropped" | "kept">;
  readonly maxCategories: number;
  /** Whether inputs tell of missing cells. */
  readonly flags: boolean;
}

/** What was found. */
export interface Found {
  /** Those that make inputs. */
  readonly columns: Column[];
  /** The most frequent text of each of them. */
  readonly frequent: string[];
  /** All of the table. */
  readonly summary: ColumnSummary[];
  /** What may not be what it seems. */
  readonly notes: string[];
}

/**
 * Looks at all cells of a table and determines the kind of each column. Timers and I/O keep running meanwhile.
 *
 * @param whole What columns are in the table of which these are some rows.
 *
 * @throws {RangeError} If a cell is none that its column can have, or no column is left to learn from.
 */
export async function describeColumns(
  table: CellTable,
  looking: Looking,
  whole: WholeColumns = new Map(),
): Promise<Found> {
  const { words, others, flags } = looking;
  const found: Found = { columns: [], frequent: [], summary: [], notes: [] };
  const constant: string[] = [];
  const takeTurn = turnTaker();
  for (const [index, name] of table.columns.entries()) {
    await takeTurn();
    const cells = await cellsOf(table, index, words);
    const { missing, counts } = cells;
    const summary = {
      ...{ name, missing, distinct: counts.size, inputs: 0 },
      example: counts.keys().next().value ?? "",
    };
    const other = others.get(index);
    if (other !== undefined) {
      found.summary.push({ ...summary, kind: other });
      continue;
    }
    const described = await asInWhole(cells, looking, whole.get(name)) ??
      await describe(cells, looking);
    if (typeof described === "string") {
      found.summary.push({ ...summary, kind: described });
      if (described === "constant") constant.push(quotedName(name));
      else found.notes.push(noteOfLeftOut(cells, described));
      continue;
    }
    const column = missing > 0 && flags
      ? { ...described.column, flag: true }
      : described.column;
    found.columns.push(column);
    found.frequent.push(mostFrequent(cells));
    const inputs = widthOf([column]);
    found.summary.push({ ...summary, kind: column.kind, inputs });
    if (described.note !== undefined) found.notes.push(described.note);
  }
  if (found.columns.length === 0) {
    refuseColumns(table, found.summary);
  }
  requireRoomFor(table, found.columns);
  const notes = shortened(found.notes);
  if (constant.length > 0) {
    const shown = constant.slice(0, MOST_NOTES).join(", ");
    const more = constant.length > MOST_NOTES ? ", …" : "";
    notes.push(`left out, as all their cells are the same: ${shown}${more}`);
  }
  return { ...found, notes };
}

/** Looks at the columns of a whole table, before some of its rows are learned from. */
export async function describeWhole(
  table: CellTable,
  looking: Looking,
): Promise<WholeColumns> {
  const whole = new Map<string, Described<Column> | Reason>();
  for (const [index, name] of table.columns.entries()) {
    if (looking.others.has(index)) continue;
    const cells = await cellsOf(table, index, looking.words);
    whole.set(name, await describe(cells, looking));
  }
  return whole;
}

/** What a column is in some rows of a table of which it is known. */
async function asInWhole(
  cells: ColumnCells,
  { maxCategories }: Looking,
  known: Described<Column> | Reason | undefined,
): Promise<Described<Column> | Reason | undefined> {
  if (known === undefined || typeof known === "string") return known;
  if (cells.present === 0) return "empty";
  // How numbers and dates are written is known of all rows, which texts there are of those to learn from alone.
  if (known.column.kind !== "category") return known;
  const category = kindNamed("category");
  const found = await category.describe(cells, { maxCategories, how: "" });
  return { note: known.note, ...found! };
}

/** What a column is, or why it is left out. */
async function describe(
  cells: ColumnCells,
  looking: Looking,
): Promise<Described<Column> | Reason> {
  const { maxCategories } = looking;
  if (cells.present === 0) return "empty";
  const asked = looking.kinds.get(cells.index);
  const numbered = asked === undefined ? reasonOfNumbers(cells) : undefined;
  if (numbered !== undefined) return numbered;
  for (const name of asked === undefined ? KIND_NAMES : [asked.kind]) {
    const how = asked?.how;
    const found = await kindNamed(name).describe(cells, { maxCategories, how });
    if (found === undefined) continue;
    const reason = asked === undefined
      ? reasonToLeaveOut(cells, found.column)
      : undefined;
    return reason ?? found;
  }
  throw new Error(`no kind takes ${cells.name}`);
}

/** Refuses columns none of which is left to learn from. */
function refuseColumns(
  { name }: CellTable,
  columns: readonly ColumnSummary[],
): never {
  const shown = columns.slice(0, MOST_NOTES).map((column) =>
    `${quotedName(column.name)} (${kindText(column)})`
  );
  const more = columns.length - shown.length;
  const [left] = columns.filter((column) => isLeftOut(column));
  const kind = `${left?.name}=category`;
  throw new WrongValueError(
    `Cannot read '${name}' as there must be a column besides the target${
      left === undefined ? "" : " that isn't left out"
    }: columns are ${shown.join(", ")}${more > 0 ? `, ${more} more` : ""}${
      left === undefined
        ? ""
        : `; to take one, give its kind, such as --kind ${
          JSON.stringify(kind)
        }, or in a program kinds: { ${JSON.stringify(left.name)}: "category" }`
    }`,
  );
}

/** The text that comes most often, the first of equals. */
function mostFrequent({ counts }: ColumnCells): string {
  let [text, most] = ["", 0];
  for (const [other, count] of counts) {
    if (count > most) [text, most] = [other, count];
  }
  return text;
}

/** Refuses columns that make too many inputs, naming the one that makes most of them. */
function requireRoomFor(table: CellTable, columns: readonly Column[]): void {
  const widths = columns.map((column) => widthOf([column]));
  const most = widths.reduce((a, b) => Math.max(a, b), 0);
  const { name } = columns[widths.indexOf(most)];
  const reason = most === 1
    ? undefined
    : `${most} of them for the different texts in ${
      quotedName(name)
    }: drop that column`;
  requireRoom(table, "inputs", widthOf(columns), reason);
}

function shortened(notes: readonly string[]): string[] {
  if (notes.length <= MOST_NOTES) return [...notes];
  const more = notes.length - MOST_NOTES;
  return [...notes.slice(0, MOST_NOTES), `${more} more columns are like these`];
}
