/** The data of a command: files, folders and stdin as samples or tables, the same for all commands. */
import { isMistake } from "../checks/errors.ts";
import { requireChoice, requireInteger } from "../checks/validate.ts";
import { describe, visibleName } from "../checks/visible.ts";
import {
  FORMAT_NAMES,
  type FormatName,
  FORMATS,
  readersOf,
  requireFormat,
} from "../data/formats.ts";
import {
  BUILT_IN_NAMES,
  isBuiltIn,
  type OpenDataset,
  openDataset,
} from "../data/load_dataset.ts";
import { type DataFile, kindOf } from "../data/read_arrays.ts";
import { tableIn } from "../data/read_table.ts";
import { BAD_ROWS, type Table } from "../data/table.ts";
import type { TableFileOptions } from "../data/table_options.ts";
import { checkTableOptions } from "../data/table_options.ts";
import { fileSource } from "../data/file_source.ts";
import { unpacked } from "../data/unpack.ts";
import { readBytes, readPipe } from "../io/read_bytes.ts";
import { systemError } from "../io/system_error.ts";
import { type FlagValues, numberOf, textOf, UsageError } from "./arguments.ts";
import { DATA_OPTIONS } from "./common_options.ts";

import { sha256 } from "../runtime/hex.ts";
import { filesOf, hashOfFiles } from "./data_hash.ts";
import { Progress } from "./display/progress.ts";
import { tellLeftOut } from "./row_counts.ts";

const ACTION = "read the command line";

/** How stdin is named on the command line, and in errors. */
const STDIN = { path: "-", name: "stdin" } as const;

/** Options of files that some format reads. */
const OF_FORMATS = [
  ...new Set(Object.values(FORMATS).flatMap(({ options }) => options)),
];

/**
 * Refuses options that nothing reads of a dataset.
 *
 * @param read Names of those that something reads.
 *
 * @throws {UsageError} If one is given.
 */
export function refuseUnread(
  name: string,
  flags: FlagValues,
  read: readonly string[],
): void {
  for (const option of [...OF_FORMATS, "format"]) {
    if (flags[option] === undefined || read.includes(option)) continue;
    const whose = option === "format" ? "files" : readersOf(option);
    throw new UsageError(
      `Cannot ${ACTION} as '--${option}' is about ${whose}, and ${
        describe(name)
      } is none: leave it out`,
    );
  }
}

/** The format that is given, or that a name tells; csv of stdin. */
function formatOf(name: string, flags: FlagValues): FormatName {
  const format = textOf(flags, DATA_OPTIONS, "format");
  if (format !== undefined) {
    return requireChoice(ACTION, "--format", format, FORMAT_NAMES);
  }
  return name === STDIN.name ? "csv" : requireFormat(name);
}

/** Reads a file or stdin, and refuses options that its format has no use for. */
export async function readFile(
  path: string,
  flags: FlagValues,
): Promise<DataFile> {
  const name = path === STDIN.path ? STDIN.name : path;
  const format = formatOf(name, flags);
  refuseUnread(name, flags, [...FORMATS[format].options, "format"]);
  const bytes = path === STDIN.path ? await readStdin() : await readBytes(path);
  return { name, format, bytes };
}

async function readStdin(): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readPipe(Deno.stdin, STDIN.name);
  } catch (cause) {
    if (isMistake(cause)) throw cause;
    throw systemError("read", STDIN.name, cause);
  }
}

/** Whether a path leads to a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return path !== STDIN.path && await kindOf(path, BUILT_IN_NAMES) === "folder";
}

/** A dataset with the SHA-256 of its files, or of what stdin had; none of what is built in. */
export type HashedDataset = OpenDataset & { readonly sha256?: string };

/**
 * Reads the dataset that is given.
 *
 * @throws {UsageError} If nothing reads an option that is given.
 * @throws {RangeError} If a file isn't what it should be.
 * @throws {Deno.errors.NotFound} If there is no such file or folder.
 */
export async function openData(flags: FlagValues): Promise<HashedDataset> {
  const path = textOf(flags, DATA_OPTIONS, "dataset")!;
  using _ = readingLine(path);
  if (isBuiltIn(path)) {
    refuseUnread(path, flags, []);
    return await openDataset(path);
  }
  if (!await isFolder(path)) {
    const file = await readFile(path, flags);
    const targets = flags.targets as string | undefined;
    const found = await openDataset(file.name, { ...file, targets });
    const own = await sha256(file.bytes);
    const others = targets === undefined ? [] : [targets];
    return { ...found, sha256: await hashOfFiles(others, [own]) };
  }
  const found = await openDataset(path);
  const { options } = FORMATS.png;
  refuseUnread(path, flags, found.kind === "samples" ? options : []);
  return { ...found, sha256: await hashOfFiles(await filesOf(path)) };
}

/** What the options say of a table; those that a format has no use for were refused. */
function tableOptions(flags: FlagValues): TableFileOptions {
  const header = flags.header === undefined
    ? undefined
    : requireChoice(ACTION, "header", flags.header, ["yes", "no", "auto"]);
  const badRows = flags["bad-rows"] === undefined
    ? undefined
    : requireChoice(ACTION, "--bad-rows", flags["bad-rows"], BAD_ROWS);
  return Object.fromEntries(
    Object.entries({
      header: header === "auto" ? header : header && header === "yes",
      delimiter: flags.delimiter,
      encoding: flags.encoding,
      badRows,
    }).filter(([, value]) => value !== undefined),
  );
}

/**
 * Parses a table, as the options say.
 *
 * @throws {RangeError} If the text isn't what it should be.
 */
export async function parseTable(
  file: DataFile,
  flags: FlagValues,
): Promise<Table> {
  const bytes = await unpacked(file);
  using line = readingLine(file.name);
  const table = await tableIn(
    bytes,
    file.format,
    tableOptions(flags),
    (done, total) => line.update(done / total),
  );
  tellLeftOut(table);
  return table;
}

/**
 * The table that is given, read in pieces of as many rows as the options say, each time it is called.
 *
 * @throws {UsageError} If it is no table in a file, or nothing reads an option that is given.
 */
export async function openPieces(
  flags: FlagValues,
): Promise<() => AsyncGenerator<Table>> {
  const path = textOf(flags, DATA_OPTIONS, "dataset")!;
  const rows = numberOf(flags, {}, "piece-rows")!;
  requireInteger(ACTION, "--piece-rows", rows, 1, Infinity);
  const isFile = !isBuiltIn(path) && path !== STDIN.path &&
    !await isFolder(path);
  const format = isFile ? formatOf(path, flags) : undefined;
  const reader = format && FORMATS[format].table;
  if (reader === undefined) {
    throw new UsageError(
      `Cannot ${ACTION} as '--piece-rows' must be left out with ${
        describe(path)
      }: only a table in a file can be read in pieces`,
    );
  }
  refuseUnread(path, flags, [...FORMATS[format!].options, "format"]);
  const options = tableOptions(flags);
  checkTableOptions(path, options, reader.reads);
  let told = false;
  return async function* () {
    let done = 0;
    const source = fileSource(path, (read, size) => done = read / size);
    // Later on, the epochs are shown.
    using line = readingLine(path, !told);
    for await (const table of reader.tables(source, options, rows)) {
      line.update(done);
      if (!told) tellLeftOut(table);
      yield table;
    }
    told = true;
  };
}

/** What shows on a terminal how much of a file was read. */
function readingLine(name: string, isShown = true): Progress {
  return new Progress(`Reading ${visibleName(name)}`, isShown);
}
