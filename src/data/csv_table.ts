/** Tables of rows of separated values: names of columns, and rows of one width. */
import { WrongValueError } from "../checks/errors.ts";
import { quotedName } from "../checks/visible.ts";
import { inSlices } from "../slices/in_slices.ts";
import { MissingWords } from "./missing_cells.ts";
import { isAnyNumber } from "./number_text.ts";
import type { ParsedRows } from "./csv_rows.ts";
import { BadRows } from "./bad_rows.ts";
import { UNNAMED } from "./left_out.ts";
import { namesOf } from "./table_cells.ts";
import type { Table } from "./table.ts";
import type { TableFileOptions } from "./table_options.ts";

/** Cells that are looked at between two looks at the clock. */
const SLICE_CELLS = 5_000;

/** What is found out at the start of a file. */
interface Layout {
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  /** Cells that each row has. */
  readonly width: number;
  /** Line of the row that says so. */
  readonly line: number;
  /** Whether the last of them is empty and has no name, as after a separator at the end. */
  readonly trailing: boolean;
}

/**
 * Makes tables of rows, of `most` rows each. Names of columns are those of the first.
 *
 * @throws {RangeError} If there are no rows, names of columns are empty or the same, or rows have another number of cells
 * than the first and aren't to be left out.
 */
export async function* csvTables(
  source: AsyncIterable<ParsedRows>,
  name: string,
  { header = "auto", badRows }: TableFileOptions,
  most: number,
): AsyncGenerator<Table> {
  const bad = new BadRows(name, badRows);
  let layout: Layout | undefined;
  let count = 0;
  let rows: string[][] = [];
  let lines: number[] = [];
  const table = async (size: number): Promise<Table[]> => {
    const first = layout === undefined;
    const rest = [rows.slice(size), lines.slice(size)] as const;
    [rows, lines] = [rows.slice(0, size), lines.slice(0, size)];
    layout ??= await layoutOf(rows, lines, name, header);
    const { columns, hasHeader } = layout;
    if (first && hasHeader) [rows, lines] = [rows.slice(1), lines.slice(1)];
    const kept = await ofWidth({ rows, lines }, layout, bad);
    count += kept.rows.length;
    [rows, lines] = [...rest];
    const leftOut = bad.taken();
    return kept.rows.length === 0 && leftOut.leftOut === undefined
      ? []
      : [{ name, columns, hasHeader, ...kept, ...leftOut }];
  };
  for await (const found of source) {
    for (const row of found.rows) rows.push(row);
    for (const line of found.lines) lines.push(line);
    // The first with the names of the columns.
    for (let size; rows.length > (size = layout ? most : most + 1);) {
      yield* await table(size);
    }
  }
  if (rows.length > 0) yield* await table(rows.length);
  else if (layout === undefined) {
    throw new WrongValueError(
      `Cannot read '${name}' as there must be rows: it is empty`,
    );
  }
  if (count > 0) return;
  throw new WrongValueError(
    `Cannot read '${name}' as there must be rows below the names of the columns, ${
      namesOf(layout!.columns, ", ")
    }: if these are values, write --header no, or header: false in a program`,
  );
}

/** Leaves out, or refuses, rows of another width, and takes off what is behind the last separator. */
async function ofWidth(
  { rows, lines }: ParsedRows,
  { width, trailing, line: first }: Layout,
  bad: BadRows,
): Promise<ParsedRows> {
  const cells = (count: number) => `${count} cell${count === 1 ? "" : "s"}`;
  const wrong = new Set<number>();
  await inSlices(rows.length, Math.ceil(SLICE_CELLS / width), (from, to) => {
    for (let at = from; at < to; at++) {
      const row = rows[at];
      if (row.length !== width || trailing && row[width - 1] !== "") {
        wrong.add(at);
        bad.add(`not ${cells(width)}`, lines[at], `has ${row.length}`);
      } else if (trailing) row.pop();
    }
  });
  bad.refuse(`rows must have ${cells(width)} as line ${first} has`);
  if (wrong.size === 0) return { rows, lines };
  return {
    rows: rows.filter((_, at) => !wrong.has(at)),
    lines: lines.filter((_, at) => !wrong.has(at)),
  };
}

async function layoutOf(
  rows: readonly (readonly string[])[],
  lines: readonly number[],
  name: string,
  header: boolean | "auto",
): Promise<Layout> {
  const slice = Math.max(1, Math.floor(SLICE_CELLS / rows[0].length));
  const hasHeader = header === "auto"
    ? await looksLikeHeader(rows, slice)
    : header;
  const [first] = rows;
  const others = rows.slice(1);
  const { length } = first;
  const more = hasHeader && others.length > 0 &&
    others.every((row) => row.length === length + 1 && row.at(-1) === "");
  // Behind the last separator of each line there is nothing.
  const empty = length > 1 &&
    rows.every((row) => row.length !== length || row[length - 1] === "");
  const names = empty && !more ? first.slice(0, -1) : first.slice();
  if (hasHeader) {
    // As pandas calls an index that it or R wrote.
    if (names[0] === "" && names.length > 1) names[0] = UNNAMED;
    checkNames(names, name, lines[0]);
  }
  return {
    columns: hasHeader ? names : names.map((_, at) => `column ${at + 1}`),
    hasHeader,
    width: more ? length + 1 : length,
    line: lines[more ? 1 : 0],
    trailing: more || empty,
  };
}

/** Refuses names of columns that can't be told apart, or aren't there. */
function checkNames(
  columns: readonly string[],
  name: string,
  line: number,
): void {
  const empty = columns.indexOf("");
  if (empty >= 0) {
    throw new WrongValueError(
      `Cannot read '${name}' as all columns must have names: column ${
        empty + 1
      } has none in line ${line}: write one, or if that line has values, --header no, or header: false in a program`,
    );
  }
  const before = new Map<string, number>();
  for (const [at, column] of columns.entries()) {
    const first = before.get(column);
    if (first !== undefined) {
      throw new WrongValueError(
        `Cannot read '${name}' as the names of its columns must differ: ${
          quotedName(column)
        } in line ${line} is the name of columns ${first + 1} and ${at + 1}`,
      );
    }
    before.set(column, at);
  }
}

async function looksLikeHeader(
  cells: readonly (readonly string[])[],
  slice: number,
): Promise<boolean> {
  const [first] = cells;
  const numbered = first.filter(isAnyNumber);
  if (numbered.length > 0 && !areNames(numbered)) return false;
  // Words alone are names above rows that aren't there.
  if (cells.length === 1) {
    return numbered.length === 0 && first.every((cell) => cell !== "");
  }
  if (numbered.length > 0) {
    return isCount(numbered) ||
      cells.length > 2 && isAboveNumbers(cells.slice(0, 1000));
  }
  let numbers = false;
  let again = new Set(first).size < first.length;
  await inSlices(cells.length - 1, slice, (from, to) => {
    for (let at = from + 1; at <= to && !numbers; at++) {
      numbers = cells[at].some(isAnyNumber);
      again ||= cells[at].some((cell, column) => cell === first[column]);
    }
  });
  return numbers || !again;
}

/** Whether numbers may be names of columns, such as years. */
function areNames(numbers: readonly string[]): boolean {
  return numbers.every((text) => /^\d+$/.test(text)) &&
    new Set(numbers).size === numbers.length;
}

/** Whether they are 0, 1, 2, …, as pandas and R call columns without names; two of them are as likely to be a row. */
function isCount(numbers: readonly string[]): boolean {
  return numbers.length > 2 && numbers.every((text, at) => text === `${at}`);
}

/** Whether the first line has a word above a column of numbers alone, as far as a look tells; one for no value is none. */
function isAboveNumbers([first, ...rows]: readonly (readonly string[])[]) {
  const missing = new MissingWords([]);
  return first.some((name, column) =>
    !missing.has(name) && !isAnyNumber(name) &&
    rows.every((row) => isAnyNumber(row[column] ?? ""))
  );
}
