import { quotedName } from "../checks/visible.ts";
import { type Column, KIND_NAMES, kindNamed, widthOf } from "./column_kinds.ts";
import { requireRoom } from "./require_room.ts";
import { type CellTable, eachCell } from "./table_cells.ts";

/** Columns that notes tell of one by one: a table may have thousands of them. */
const MOST_NOTES = 10;

/**
 * Looks at all cells of some columns and tells what each column is. Timers and I/O get their turn meanwhile.
 *
 * @param indices Numbers of the columns in the table, from 0.
 * @returns What the columns are, and notes about those that may not be what they seem.
 *
 * @throws {RangeError} If a value is missing, or is none that its column can have.
 */
export async function describeColumns(
  table: CellTable,
  indices: readonly number[],
): Promise<{ readonly columns: Column[]; readonly notes: string[] }> {
  const kinds = await kindsOf(table, indices);
  const columns = new Array<Column>(indices.length);
  const notes = new Map<number, string>();
  for (const [order, name] of KIND_NAMES.entries()) {
    const own = indices.flatMap((_, n) => kinds[n] === order ? [n] : []);
    const kind = kindNamed(name);
    const found = await kind.describe(table, own.map((n) => indices[n]));
    for (const [at, n] of own.entries()) {
      columns[n] = found.columns[at];
      const note = found.notes.get(at);
      if (note !== undefined) notes.set(n, note);
    }
  }
  requireRoomFor(table, columns);
  const ordered = [...notes].sort(([a], [b]) => a - b).map(([, note]) => note);
  return { columns, notes: shortened(ordered) };
}

/** The first kind of each column that all its cells are of, by its place in the registry. */
async function kindsOf(
  table: CellTable,
  indices: readonly number[],
): Promise<Uint8Array> {
  const matchers = KIND_NAMES.map((name) => kindNamed(name).matches);
  const kinds = new Uint8Array(indices.length);
  const rest = async (): Promise<boolean> => {
    let again = false;
    await eachCell(table, indices, (cell, row, n) => {
      const first = kinds[n];
      while (!matchers[kinds[n]](cell)) kinds[n]++;
      // What was seen before may be of no kind that is tried now.
      again ||= row > 0 && kinds[n] !== first && kinds[n] < matchers.length - 1;
    });
    return again;
  };
  while (await rest());
  return kinds;
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
    }: leave that column out of the file`;
  requireRoom(table, "inputs", widthOf(columns), reason);
}

function shortened(notes: readonly string[]): string[] {
  if (notes.length <= MOST_NOTES) return [...notes];
  const more = notes.length - MOST_NOTES;
  return [...notes.slice(0, MOST_NOTES), `${more} more columns are like these`];
}
