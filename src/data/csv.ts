/** Comma-separated values: text in columns, as RFC 4180 has it, and its relatives. */
import { WrongTypeError, WrongValueError } from "../errors.ts";
import { wrong } from "../validate.ts";
import { isNumber } from "./cell_numbers.ts";
import { inSlices } from "./in_slices.ts";
import { parseCsv } from "./parse_csv.ts";

/** How a file of separated values is read. */
export interface CsvOptions {
  /**
   * Whether the first line has the names of the columns. `"auto"`: if no cell of it is a number, and in a file without
   * any number below it, if its cells are all different. Default: `"auto"`
   */
  readonly header?: boolean | "auto";
  /** What separates cells, one or more characters; found out if left out. */
  readonly delimiter?: string;
}

/** Cells in rows, all rows with as many. */
export interface Table {
  /** Name of the file, for errors. */
  readonly name: string;
  /** Names of the columns; `column 1` and so on where the file has none. */
  readonly columns: readonly string[];
  /** Whether the names are from the file. */
  readonly hasHeader: boolean;
  /** Text of the cells, row after row. */
  readonly rows: readonly (readonly string[])[];
  /** The line of the file on which each row begins, from 1, as an editor counts. */
  readonly lines: readonly number[];
}

/** What papaparse can't take as part of a delimiter, or would replace by a comma. */
const NO_DELIMITER = /["\r\n\uFEFF]/;

/** Cells that are looked at between two looks at the clock. */
const SLICE_CELLS = 5_000;

/**
 * Parses text of separated values; cells may be quoted, lines may end in any way (within quotes they then
 * end in `\\n`), and empty lines don't count. Timers and I/O get their turn meanwhile.
 *
 * @param source Text, or its bytes in UTF-8: those are decoded part by part, which suits large files.
 * @param name Of the file, for errors.
 *
 * @throws {TypeError} If the delimiter is not a string.
 * @throws {RangeError} If there are no rows, a row has another number of cells than the first, quotes are wrong, bytes
 * are not UTF-8, or the delimiter is empty, or has a quote, a line end or a byte order mark.
 *
 * @example
 * ```ts
 * import { readCsv } from "./csv.ts";
 *
 * const { columns, rows } = await readCsv('length,kind\n1.5,"a, b"\n', "plants.csv");
 * console.log(columns, rows); // ["length", "kind"], [["1.5", "a, b"]]
 * ```
 */
export async function readCsv(
  source: string | Uint8Array,
  name: string,
  { header = "auto", delimiter }: CsvOptions = {},
): Promise<Table> {
  if (delimiter !== undefined) checkDelimiter(name, delimiter);
  const { rows: cells, lines } = await parseCsv(source, name, delimiter);
  if (cells.length === 0) {
    throw new WrongValueError(
      `Cannot read '${name}' as there must be rows: it is empty`,
    );
  }
  const width = cells[0].length;
  const slice = Math.max(1, Math.floor(SLICE_CELLS / width));
  await inSlices(cells.length, slice, (from, to) => {
    for (let at = from; at < to; at++) {
      const row = cells[at];
      if (row.length !== width) {
        throw new WrongValueError(
          wrong(
            `read '${name}'`,
            `cells in line ${lines[at]}`,
            `${width} as in the first`,
            row.length,
          ),
        );
      }
    }
  });
  const hasHeader = header === "auto"
    ? await looksLikeHeader(cells, slice)
    : header;
  const rows = hasHeader ? cells.slice(1) : cells;
  if (rows.length === 0) {
    throw new WrongValueError(
      `Cannot read '${name}' as there must be rows below the names of the columns`,
    );
  }
  const columns = hasHeader
    ? cells[0]
    : cells[0].map((_, at) => `column ${at + 1}`);
  const twice = firstTwice(columns);
  if (twice !== undefined) {
    throw new WrongValueError(
      `Cannot read '${name}' as the names of its columns must differ: '${twice}' is there twice`,
    );
  }
  return {
    ...{ name, columns, hasHeader, rows },
    lines: hasHeader ? lines.slice(1) : lines,
  };
}

function checkDelimiter(name: string, delimiter: unknown): void {
  const text = typeof delimiter === "string";
  if (text && delimiter !== "" && !NO_DELIMITER.test(delimiter)) return;
  const message = wrong(
    `read '${name}'`,
    "delimiter",
    "characters other than quotes, line ends and byte order marks",
    delimiter,
  );
  throw text ? new WrongValueError(message) : new WrongTypeError(message);
}

/** The first text that was there before. */
function firstTwice(texts: readonly string[]): string | undefined {
  const before = new Set<string>();
  return texts.find((text) => before.size === before.add(text).size);
}

async function looksLikeHeader(
  cells: readonly (readonly string[])[],
  slice: number,
): Promise<boolean> {
  const [first] = cells;
  if (cells.length === 1 || first.some(isNumber)) return false;
  let numbers = false;
  let again = new Set(first).size < first.length;
  await inSlices(cells.length - 1, slice, (from, to) => {
    for (let at = from + 1; at <= to && !numbers; at++) {
      numbers = cells[at].some(isNumber);
      again ||= cells[at].some((cell, column) => cell === first[column]);
    }
  });
  return numbers || !again;
}
