import { requireOptions } from "../checks/options.ts";
import { WrongValueError } from "../checks/errors.ts";
import { type FormatName, formatNameOf, FORMATS } from "./formats.ts";
import type { Table } from "./table.ts";
import {
  checkTableOptions,
  TABLE_FILE_NAMES,
  TABLE_HINTS,
  type TableFileOptions,
} from "./table_options.ts";
import {
  onlyTable,
  type OnRead,
  sourceOf,
  type TableReader,
} from "./table_source.ts";
import { type NamedBytes, readContents } from "./unpack.ts";

const ACTION = "read a table";

/**
 * Reads a table from a file, plain or compressed by gzip. Its name tells the format: see {@linkcode parseCsv}, and what no
 * other format claims is taken for CSV.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {TypeError} If an argument is of the wrong type, or the format has no use for an option.
 * @throws {RangeError} If the file isn't what it should be, is no table, or compressed data are damaged.
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
  requireOptions(ACTION, options, TABLE_FILE_NAMES, TABLE_HINTS);
  const file = await readContents(ACTION, path);
  return await tableIn(file, formatNameOf(file.name) ?? "csv", options);
}

/**
 * The table in a file that was read.
 *
 * @param onRead Is told how much of it became cells.
 *
 * @throws As {@linkcode readTable} does.
 */
export async function tableIn(
  { name, bytes }: NamedBytes,
  format: FormatName,
  options: TableFileOptions,
  onRead?: OnRead,
): Promise<Table> {
  const reader = tableReader(name, format);
  checkTableOptions(name, options, reader.reads);
  return await onlyTable(
    reader.tables(sourceOf(name, bytes, onRead), options, Infinity),
  );
}

/** @throws {RangeError} If files of a format are no tables. */
function tableReader(name: string, format: FormatName): TableReader {
  const { table, about } = FORMATS[format];
  if (table !== undefined) return table;
  throw new WrongValueError(
    `Cannot read '${name}' as it must be a table: current value is ${about}, which loadDataset() reads`,
  );
}
