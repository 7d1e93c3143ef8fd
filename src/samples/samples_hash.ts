/** A checksum that identifies samples by their values. It protects against mistakes, not against forgery. */
import { isCsr } from "../data/csr.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { PreparedSamples } from "./prepared_samples.ts";

/** Values between two looks at the clock. */
const SLICE_VALUES = 100_000;

/** A checksum of inputs, targets and weights: 8 digits in hex, by MurmurHash3 of their bits. */
export async function hashOfSamples(
  ...parts: readonly (PreparedSamples | undefined)[]
): Promise<string> {
  let hash = 0;
  let count = 0;
  for (const part of parts) {
    if (part === undefined) continue;
    const { x, y, weights = new Float32Array() } = part;
    const inputs = isCsr(x) ? [x.data, x.indices, x.indptr] : [x];
    for (const values of [...inputs, y, weights]) {
      // Indices may be shorter numbers.
      const words = values.BYTES_PER_ELEMENT === 4
        ? new Int32Array(values.buffer, values.byteOffset, values.length)
        : Int32Array.from(values);
      await inSlices(words.length, SLICE_VALUES, (from, to) => {
        hash = hashed(hash, words, from, to);
      });
      count += words.length;
    }
  }
  // The final mix.
  hash ^= count;
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return ((hash ^ hash >>> 16) >>> 0).toString(16).padStart(8, "0");
}

function hashed(
  hash: number,
  words: Int32Array,
  from: number,
  to: number,
): number {
  for (let at = from; at < to; at++) {
    let word = Math.imul(words[at], 0xcc9e2d51);
    word = Math.imul(word << 15 | word >>> 17, 0x1b873593);
    hash ^= word;
    hash = Math.imul(hash << 13 | hash >>> 19, 5) + 0xe6546b64 | 0;
  }
  return hash;
}
