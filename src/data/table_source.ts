/** Where the bytes of a table come from: memory, or a file that is read piece by piece. */
import type { Table } from "./table.ts";
import type { TableFileOptions } from "./table_options.ts";
import { textPieces } from "./csv_rows.ts";

/** The contents of a file, unpacked. */
export interface TableSource {
  /** For errors. */
  readonly name: string;
  /** One piece after another, from the first on each time it is called. */
  readonly pieces: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Its length, and what reads some of it, from a byte to before another. */
  readonly ranges: () => Promise<{
    readonly size: number;
    readonly slice: (
      from: number,
      to: number,
    ) => Promise<Uint8Array<ArrayBuffer>>;
  }>;
}

/** How tables of one format are read. */
export interface TableReader {
  /** Options of which it has a use. */
  readonly reads: readonly (keyof TableFileOptions)[];
  /**
   * Reads tables of about `most` rows each, one after another; one of all rows if it is infinite.
   *
   * @throws {RangeError} If the file isn't what it should be.
   */
  readonly tables: (
    source: TableSource,
    options: TableFileOptions,
    most: number,
  ) => AsyncIterable<Table>;
}

/** Called with how many bytes of how many were read. */
export type OnRead = (done: number, total: number) => void;

/** A source of bytes in memory. */
export function sourceOf(
  name: string,
  bytes: Uint8Array,
  onRead: OnRead = () => {},
): TableSource {
  let done = 0;
  const tell = (length: number) => onRead(done += length, bytes.length);
  return {
    name,
    *pieces() {
      for (const piece of textPieces(bytes) as Iterable<Uint8Array>) {
        yield piece;
        tell(piece.length);
      }
    },
    ranges: () =>
      Promise.resolve({
        size: bytes.length,
        slice(from, to) {
          tell(to - from);
          return Promise.resolve(bytes.slice(from, to));
        },
      }),
  };
}

/** The only table of a reader that was asked for all rows at once. */
export async function onlyTable(tables: AsyncIterable<Table>): Promise<Table> {
  // To the end, where mistakes may show.
  let first: Table | undefined;
  for await (const table of tables) first ??= table;
  return first!;
}
