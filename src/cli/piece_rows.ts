/** Decides to read a table in pieces although no option says so, if it would not fit into memory. */
import v8 from "node:v8";
import { visibleName } from "../checks/visible.ts";
import { formatNameOf, FORMATS } from "../data/formats.ts";
import type { FlagValues } from "./arguments.ts";

/** What reads all rows at once, however many there are. */
export const ALL_ROWS = "all";

/**
 * Bytes of memory for each byte of a table of text: its cells took 5.1 (21 MB of 20 numbers a row, of 6 characters) to 5.5
 * (13 MB of digits), and what is found out about them and the samples comes on top.
 */
const BYTES_OF_BYTE = 8;

/** How much longer a file becomes that is packed, at least mostly. */
const PACKED = 5;

/** Rows are as many as take this part of the memory, and at most as many as `readTablePieces` reads by itself. */
const PIECES = 16;
const MOST_ROWS = 100_000;
const LEAST_ROWS = 1000;

/** Bytes from which the length of rows is told. */
const START_BYTES = 1 << 16;

/** What needs all rows at once. */
const NEED_ALL = [
  ...["checkpoint", "resume", "distributed", "validation-split", "ensemble"],
  "trace",
];

/**
 * Bytes of memory for a table: what V8 allows its heap, in which cells are, and less if the machine has less and may be asked.
 * That is looked up, not asked for: a question would stop every training.
 */
function memoryLimit(): number {
  const { heap_size_limit: heap } = v8.getHeapStatistics();
  const { state } = Deno.permissions.querySync({
    name: "sys",
    kind: "systemMemoryInfo",
  });
  if (state !== "granted") return heap;
  return Math.min(heap, Deno.systemMemoryInfo().available);
}

/**
 * The options, with the rows of a piece if the table that is given is too large to be read at once, and what to tell of that.
 *
 * @param limit Bytes that it may take.
 */
export async function withPieceRows(
  flags: FlagValues,
  limit = memoryLimit(),
): Promise<{ readonly flags: FlagValues; readonly note?: string }> {
  const { dataset, "piece-rows": asked, ...others } = flags;
  if (asked === ALL_ROWS) return { flags: { dataset, ...others } };
  if (
    asked !== undefined || typeof dataset !== "string" ||
    NEED_ALL.some((name) => flags[name] !== undefined)
  ) return { flags };
  const format = flags.format ?? formatNameOf(dataset);
  const isTable = typeof format === "string" &&
    Object.hasOwn(FORMATS, format) &&
    FORMATS[format as keyof typeof FORMATS].table !== undefined;
  if (!isTable) return { flags };
  const packed = /\.gz$/i.test(dataset) || format === "parquet";
  // Parquet can't be read in pieces where it is packed once more.
  if (/\.gz$/i.test(dataset) && format === "parquet") return { flags };
  const size = await sizeOf(dataset);
  const table = size * (packed ? PACKED : 1) * BYTES_OF_BYTE;
  if (table <= limit) return { flags };
  const rows = packed || format === "json"
    ? MOST_ROWS
    : await rowsIn(dataset, limit / PIECES / BYTES_OF_BYTE);
  return {
    flags: { ...flags, "piece-rows": `${rows}` },
    note: `'${visibleName(dataset)}' would take about ${
      inGigabytes(table)
    } as a table, of ${
      inGigabytes(limit)
    }, so that ${rows} rows are read at a time, in each epoch again: --piece-rows N overrules it, --piece-rows ${ALL_ROWS} reads all at once`,
  };
}

/** Bytes of a file; 0 if there is none, which whoever reads it tells. */
async function sizeOf(path: string): Promise<number> {
  try {
    const { size, isFile } = await Deno.stat(path);
    return isFile ? size : 0;
  } catch {
    return 0;
  }
}

/** Rows of a file of text that have so many bytes, by its first ones. */
async function rowsIn(path: string, bytes: number): Promise<number> {
  using file = await Deno.open(path);
  const start = new Uint8Array(START_BYTES);
  const length = await file.read(start) ?? 0;
  const lines = start.subarray(0, length).reduce(
    (count, byte) => count + Number(byte === 10),
    0,
  );
  const rows = bytes * Math.max(1, lines) / Math.max(1, length);
  const digits = 10 ** Math.floor(Math.log10(Math.max(1, rows)));
  const round = Math.floor(rows / digits) * digits;
  return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, round));
}

function inGigabytes(bytes: number): string {
  return `${Number((bytes / 2 ** 30).toPrecision(2))} GiB`;
}
