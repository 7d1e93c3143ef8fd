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
import { fileSource } from "./file_source.ts";
import { pathOf } from "../io/read_bytes.ts";
import { requireInteger } from "../checks/validate.ts";
import type { Contents } from "./contents.ts";
import { type NamedBytes, readContents } from "./unpack.ts";

const ACTION = "read a table";

/**
 * Reads a table from a file, plain or compressed by gzip. The ending of its name determines the format; an unknown ending
 * means CSV, see {@linkcode parseCsv}.
 *
 * @param source The path of the file, a `File` as pages have them, what `fetch()` returned, or a stream of bytes, of which
 * the ending of the name is unknown.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {TypeError} If an argument is of the wrong type, or the format has no use for an option.
 * @throws {RangeError} If the file isn't what it should be, is no table, the server's answer is an error, or compressed data
 * are damaged.
 * @throws {StateError} If a stream, or the body of a response, was read before.
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
  source: Contents,
  options: TableFileOptions = {},
): Promise<Table> {
  requireOptions(ACTION, options, TABLE_FILE_NAMES, TABLE_HINTS);
  const file = await readContents(ACTION, source);
  return await tableIn(file, formatNameOf(file.name) ?? "csv", options);
}

/**
 * How to read a table piece by piece.
 *
 * @example
 * ```ts
 * import { readTablePieces, type TablePieceOptions } from "@lockstep/lockstep";
 *
 * const options: TablePieceOptions = { rows: 60 };
 * for await (const { rows } of readTablePieces("data/iris.csv", options)) {
 *   console.log(rows.length); // 60, 60, 30
 * }
 * ```
 */
export interface TablePieceOptions extends TableFileOptions {
  /** Rows of a piece, 1 or more; for Parquet, at least the rows of a row group. Default: 100,000 */
  readonly rows?: number;
}

/**
 * Reads a table that is larger than memory, piece by piece; each piece is a table with the same columns. The first piece
 * determines what has to be detected, such as the header. Call it again to read the file again, as each epoch of a training
 * does.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {TypeError} If an argument is of the wrong type, or the format has no use for an option.
 * @throws {RangeError} If the file isn't what it should be, is no table, something writes to it meanwhile, or it is Parquet
 * within gzip.
 *
 * @example
 * ```ts
 * import { Mlp, readTablePieces, TableEncoder } from "@lockstep/lockstep";
 *
 * const pieces = () => readTablePieces("data/diabetes.csv", { rows: 200 });
 * const { value: first } = await pieces().next();
 * const encoder = await TableEncoder.fit(first!);
 * await using mlp = new Mlp({ encoder, hidden: [8] });
 * await mlp.fit(async function* () {
 *   for await (const piece of pieces()) yield await encoder.samples(piece);
 * }, { epochs: 2 });
 * ```
 */
export async function* readTablePieces(
  path: string | URL,
  options: TablePieceOptions = {},
): AsyncGenerator<Table, undefined> {
  requireOptions(ACTION, options, [...TABLE_FILE_NAMES, "rows"], TABLE_HINTS);
  const { rows = 100_000, ...others } = options;
  requireInteger(ACTION, "rows", rows, 1, Infinity);
  const name = pathOf(ACTION, path);
  const reader = tableReader(name, formatNameOf(name) ?? "csv");
  checkTableOptions(name, others, reader.reads);
  yield* reader.tables(fileSource(name), others, rows);
}

/**
 * The table in a file that was read.
 *
 * @param onRead Called with how much of it has become cells.
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
