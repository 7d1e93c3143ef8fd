/** Comma-separated values: text in columns, as RFC 4180 has it, and its relatives. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";
import { isNumber } from "./cell_numbers.ts";
import { inSlices } from "../slices/in_slices.ts";
import { requireString } from "../checks/json_checks.ts";
import { type Hints, namesOf, requireOptions } from "../checks/options.ts";
import { parseRows } from "./csv_rows.ts";
import { readContents } from "./unpack.ts";

/**
 * How a table is read.
 *
 * @example
 * ```ts
 * import { readTable, type TableFileOptions } from "@lockstep/lockstep";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/sizes.csv`, "1;a\n2;b\n");
 * const options: TableFileOptions = { header: false, delimiter: ";" };
 * const { columns } = await readTable(`${folder}/sizes.csv`, options);
 * console.log(columns); // ["column 1", "column 2"]
 * ```
 */
export interface TableFileOptions {
  /**
   * Whether the first line has the names of the columns. `"auto"`: if no cell of it is a number, and in a file without
   * any number below it, if its cells are all different. Default: `"auto"`
   */
  readonly header?: boolean | "auto";
  /** What separates cells, one or more characters; found out if left out. */
  readonly delimiter?: string;
}

/**
 * How the text of a table is parsed.
 *
 * @example
 * ```ts
 * import { type CsvOptions, parseCsv } from "@lockstep/lockstep";
 *
 * const options: CsvOptions = { name: "sizes.csv", delimiter: "|" };
 * console.log((await parseCsv("size|kind\n1|a\n", options)).name); // "sizes.csv"
 * ```
 */
export interface CsvOptions extends TableFileOptions {
  /** Of the file, for errors. Default: `"table"` */
  readonly name?: string;
}

const FILE_NAMES = namesOf<TableFileOptions>({ header: true, delimiter: true });

const CSV_NAMES = [...FILE_NAMES, "name"];

/** What other libraries call them. */
const CSV_HINTS: Hints = { sep: "delimiter", separator: "delimiter" };

/**
 * Cells in rows, all rows with as many.
 *
 * @example
 * ```ts
 * import { parseCsv, type Table } from "@lockstep/lockstep";
 *
 * const table: Table = await parseCsv("size,kind\n1,a\n2,b\n");
 * console.log(table.columns, table.rows[1]); // ["size", "kind"], ["2", "b"]
 * ```
 */
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
 * @param source Text, or its bytes in UTF-8: those are decoded part by part, which suits large files. Not a path, which is
 * for {@linkcode readTable}.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If the text is a path, there are no rows, a row has another number of cells than the first, quotes
 * are wrong, names of columns are empty or the same, bytes are not UTF-8, or the delimiter is empty, or has a quote, a line
 * end or a byte order mark.
 *
 * @example
 * ```ts
 * import { parseCsv } from "@lockstep/lockstep";
 *
 * const { columns, rows } = await parseCsv('length,kind\n1.5,"a, b"\n');
 * console.log(columns, rows); // ["length", "kind"], [["1.5", "a, b"]]
 * ```
 */
export async function parseCsv(
  source: string | Uint8Array,
  options: CsvOptions = {},
): Promise<Table> {
  checkSource(source);
  requireOptions("read a table", options, CSV_NAMES, CSV_HINTS);
  const { header = "auto", delimiter } = options;
  const name = requireString("read a table", "name", options.name ?? "table");
  if (delimiter !== undefined) checkDelimiter(name, delimiter);
  if (header !== "auto" && typeof header !== "boolean") {
    const message = wrong(
      `read '${name}'`,
      "header",
      "true, false or 'auto'",
      header,
    );
    throw typeof header === "string"
      ? new WrongValueError(message)
      : new WrongTypeError(message);
  }
  const { rows: cells, lines } = await parseRows(source, name, delimiter);
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
  if (hasHeader) checkNames(columns, name, lines[0]);
  return {
    ...{ name, columns, hasHeader, rows },
    lines: hasHeader ? lines.slice(1) : lines,
  };
}

/**
 * Reads a table from a file of separated values, plain or compressed by gzip: see {@linkcode parseCsv}.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} As {@linkcode parseCsv} does, or if compressed data are damaged.
 *
 * @example
 * ```ts
 * import { readTable } from "@lockstep/lockstep";
 *
 * const { columns, rows } = await readTable("data/iris.csv");
 * console.log(columns.length, rows.length); // 5, 150
 * ```
 */
export async function readTable(
  path: string | URL,
  options: TableFileOptions = {},
): Promise<Table> {
  requireOptions("read a table", options, FILE_NAMES, CSV_HINTS);
  const { name, bytes } = await readContents("read a table", path);
  return await parseCsv(bytes, { ...options, name });
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

/** What a path of a table ends in. */
const PATH = /^[^\n\r,;\t"]+\.(csv|tsv|txt|data)(\.gz)?$/i;

/** Refuses what others take: a path. */
function checkSource(source: unknown): void {
  if (
    source instanceof URL || typeof source === "string" && PATH.test(source)
  ) {
    const path = String(source);
    throw new WrongValueError(
      `Cannot read ${
        quotedName(path)
      } as 'source' must be the text of a table, not its path: write readTable(${
        JSON.stringify(path)
      })`,
    );
  }
  if (typeof source !== "string" && !(source instanceof Uint8Array)) {
    const wanted = "text, or its bytes in UTF-8 as a Uint8Array";
    throw new WrongTypeError(wrong("read a table", "source", wanted, source));
  }
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
      } has none in line ${line}, like an index that pandas or R wrote: leave it out of the file, or set 'header' to false if that line has values`,
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
