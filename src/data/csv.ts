/** Comma-separated values: text in columns, as RFC 4180 has it, and its relatives. */
import { wrong } from "../validate.ts";

/** How a file of separated values is read. */
export interface CsvOptions {
  /**
   * Whether the first line has the names of the columns. `"auto"`: if no cell of it is a number, and in a file without
   * any number below it, if its cells are all different. Default: `"auto"`
   */
  readonly header?: boolean | "auto";
  /** What separates cells; found out if left out. */
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
  /** Number of the first row's line, from 1. */
  readonly firstLine: number;
}

/** What of papaparse is used. */
interface Papa {
  parse(text: string, options: object): {
    readonly data: string[][];
    readonly errors: readonly {
      readonly code: string;
      readonly message: string;
      readonly row?: number;
    }[];
  };
}

/** Of papaparse: it could not tell the separator, which is right for a single column. */
const UNDETECTABLE = "UndetectableDelimiter";

/**
 * Parses text of separated values; cells may be quoted, lines may end in any way (within quotes they then
 * end in `\\n`), and empty lines don't count.
 *
 * @param name Of the file, for errors.
 *
 * @throws {RangeError} If there are no rows, a row has another number of cells than the first, or quotes are wrong.
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
  text: string,
  name: string,
  { header = "auto", delimiter }: CsvOptions = {},
): Promise<Table> {
  // deno-lint-ignore no-import-prefix -- a script elsewhere that imports this has another import map
  const papa = (await import("npm:papaparse@5.7.1")).default as Papa;
  const { data, errors } = papa.parse(
    text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n"),
    {
      skipEmptyLines: true,
      ...(delimiter === undefined ? {} : { delimiter }),
    },
  );
  const error = errors.find(({ code }) => code !== UNDETECTABLE);
  if (error !== undefined) {
    throw new RangeError(
      `Cannot read '${name}' as row ${
        (error.row ?? 0) + 1
      } is not what it should be: ${error.message}`,
    );
  }
  if (data.length === 0) {
    throw new RangeError(
      `Cannot read '${name}' as there must be rows: it is empty`,
    );
  }
  const cells = data.map((row) => row.map((cell) => cell.trim()));
  const width = cells[0].length;
  for (const [at, row] of cells.entries()) {
    if (row.length === width) continue;
    throw new RangeError(
      wrong(
        `read '${name}'`,
        `cells in row ${at + 1}`,
        `${width} as in the first`,
        row.length,
      ),
    );
  }
  const hasHeader = header === "auto" ? looksLikeHeader(cells) : header;
  const rows = hasHeader ? cells.slice(1) : cells;
  if (rows.length === 0) {
    throw new RangeError(
      `Cannot read '${name}' as there must be rows below the names of the columns`,
    );
  }
  const columns = hasHeader
    ? cells[0]
    : cells[0].map((_, at) => `column ${at + 1}`);
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined) {
    throw new RangeError(
      `Cannot read '${name}' as the names of its columns must differ: '${twice}' is there twice`,
    );
  }
  return { name, columns, hasHeader, rows, firstLine: hasHeader ? 2 : 1 };
}

/** A decimal number; `0x10` or `Infinity` are text. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether text is a finite number. */
export function isNumber(cell: string): boolean {
  return NUMBER.test(cell) && Number.isFinite(Number(cell));
}

function looksLikeHeader([first, ...others]: string[][]): boolean {
  if (others.length === 0 || first.some(isNumber)) return false;
  if (others.some((row) => row.some(isNumber))) return true;
  return new Set(first).size === first.length &&
    first.every((cell, column) => others.every((row) => row[column] !== cell));
}
