/** Comma-separated values: text in columns, as RFC 4180 has it, and its relatives. */
import { requireString } from "../checks/json_checks.ts";
import { requireOptions } from "../checks/options.ts";
import { parseRows, type TextPieces, textPieces } from "./csv_rows.ts";
import { csvTables } from "./csv_table.ts";
import type { Table } from "./table.ts";
import {
  checkTableOptions,
  TABLE_FILE_NAMES,
  TABLE_HINTS,
  type TableFileOptions,
} from "./table_options.ts";
import { onlyTable, type TableReader } from "./table_source.ts";
import { requireSource } from "./text_source.ts";

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
  /** Name of the file, for errors. Default: `"table"` */
  readonly name?: string;
}

const ACTION = "read a table";

/**
 * Parses text of separated values; cells may be quoted, lines may end in any way (within quotes they then
 * end in `\\n`), and empty lines don't count. Nor does a separator at the end of each line, behind which there is nothing.
 * Timers and I/O keep running meanwhile.
 *
 * @param source Text, or its bytes: those are decoded part by part, which suits large files. Not a path, which is for
 * {@linkcode readTable}.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If the text is a path, there are no rows, rows have another number of cells than the first, quotes
 * are wrong, names of columns are empty or the same, bytes are of another encoding, or the delimiter is empty, or has a
 * quote, a line end or a byte order mark.
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
  requireSource(source);
  requireOptions(ACTION, options, [...TABLE_FILE_NAMES, "name"], TABLE_HINTS);
  const name = requireString(ACTION, "name", options.name ?? "table");
  checkTableOptions(name, options);
  return await onlyTable(read(textPieces(source), name, options, Infinity));
}

function read(
  source: TextPieces,
  name: string,
  options: TableFileOptions,
  most: number,
): AsyncGenerator<Table> {
  return csvTables(parseRows(source, name, options), name, options, most);
}

/** Reads tables of separated values. */
export const CSV: TableReader = {
  reads: ["header", "delimiter", "encoding", "badRows"],
  tables: ({ name, pieces }, options, most) =>
    read(pieces(), name, options, most),
};

/** Reads tables of values that tabs separate. */
export const TSV: TableReader = {
  ...CSV,
  tables: (source, options, most) =>
    CSV.tables(source, { delimiter: "\t", ...options }, most),
};
