/** How the rows of a matrix fall into vectors. */
import type { Level } from "./cpu.ts";

/** Vector registers of a level. */
export const REGISTERS: Readonly<Record<Level, number>> = {
  avx2: 16,
  avx512: 32,
};

/** Bytes of the longest vector of a level. */
export const VECTOR_BYTES: Readonly<Record<Level, number>> = {
  avx2: 32,
  avx512: 64,
};

/** Rows that a kernel computes at a time: vectors one behind the other. */
export interface Rows {
  /** Bytes before the first one. */
  readonly offset: number;
  /** Bytes of each vector. */
  readonly widths: readonly number[];
}

/**
 * Splits a column of `floats`, a multiple of 8, in parts of at most `most` vectors that differ by one vector at most. With
 * vectors of 64 bytes the last one may have 32.
 */
export function splitRows(
  floats: number,
  vectorBytes: number,
  most: number,
): Rows[] {
  const bytes = 4 * floats;
  const vectors = Math.ceil(bytes / vectorBytes);
  const parts = Math.ceil(vectors / most);
  const rows: Rows[] = [];
  let done = 0;
  for (let part = 0; part < parts; part++) {
    const count = Math.ceil((vectors - done) / (parts - part));
    const offset = vectorBytes * done;
    const widths = Array.from(
      { length: count },
      (_, n) => Math.min(vectorBytes, bytes - offset - n * vectorBytes),
    );
    rows.push({ offset, widths });
    done += count;
  }
  return rows;
}

/** Where each vector begins, in bytes behind the first one. */
export function placesOf(widths: readonly number[]): number[] {
  let place = 0;
  return widths.map((bytes) => (place += bytes) - bytes);
}
