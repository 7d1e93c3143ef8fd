/** Runs of values in pages of Parquet, checked before hyparquet reads them: it would follow any count, and any place in a dictionary. */
import type { Page } from "./parquet_pages.ts";

/** Encodings of values that are made of runs. */
const [OLD_DICTIONARY, RLE, DICTIONARY] = [2, 3, 8];

/** Values that a last run of packed bits may have too many: they come by eights, and some programs fill up more. */
const MOST_PADDING = 512;

/** What of a column decides how its pages are read. */
export interface RunColumn {
  /** Whether cells may be without a value: pages then say which. */
  readonly optional: boolean;
  readonly boolean: boolean;
}

/** Calls `use` with each run of a value, or each value of packed bits. */
function eachRun(
  bytes: Uint8Array,
  from: number,
  to: number,
  width: number,
  count: number,
  use: (value: number, times: number) => void,
): void {
  let [at, left] = [from, count];
  const byte = () => {
    if (at >= to) throw new Error("runs of values end too early");
    return bytes[at++];
  };
  while (left > 0) {
    let [head, factor] = [0, 1];
    for (let next = 128; next >= 128; factor *= 128) {
      if (factor > 2 ** 28) throw new Error("a run's length has no end");
      next = byte();
      head += (next & 127) * factor;
    }
    const times = Math.floor(head / 2);
    if (head % 2 === 0) {
      requireRun(times, left);
      let value = 0;
      for (let scale = 1, bits = width; bits > 0; bits -= 8, scale *= 256) {
        value += byte() * scale;
      }
      if (value >= 2 ** width) {
        throw new Error(`${value} has over ${width} bits`);
      }
      if (times > 0) use(value, times);
      left -= times;
      continue;
    }
    requireRun(times * 8, left + MOST_PADDING);
    const end = at + times * width;
    const some = Math.min(left, times * 8);
    let [bits, filled] = [0, 0];
    for (let n = 0; n < some; n++) {
      for (; filled < width; filled += 8) bits += byte() * 2 ** filled;
      const value = bits % 2 ** width;
      bits = Math.floor(bits / 2 ** width);
      filled -= width;
      use(value, 1);
    }
    at = Math.min(to, end);
    left -= some;
  }
}

function requireRun(length: number, most: number): void {
  if (length <= most) return;
  throw new Error(`a run has ${length} values where ${most} are left`);
}

/** How many cells have a value. */
function present(
  bytes: Uint8Array,
  from: number,
  to: number,
  count: number,
): number {
  let sum = 0;
  eachRun(bytes, from, to, 1, count, (level, times) => sum += level * times);
  return sum;
}

/** Reads how long runs are that say so before they begin. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getUint32(at, true);
  if (length <= bytes.length - at - 4) return length;
  throw new Error(`runs of ${length} bytes in a page of ${bytes.length}`);
}

/**
 * Requires that a page of the second version has as many values as it says.
 *
 * @param levels The bytes that say which cells have one.
 *
 * @throws {Error} If it hasn't.
 */
export function checkLevels(
  { values, nulls }: Page,
  levels: Uint8Array,
  { optional }: RunColumn,
): void {
  const found = optional ? present(levels, 0, levels.length, values) : values;
  if (found === values - nulls) return;
  throw new Error(
    `${found} of ${values} cells have a value, and ${nulls} have none`,
  );
}

/**
 * Requires that a page has the values that it says, each of which is in the dictionary if there is one.
 *
 * @param body The page, unpacked; of the second version without what says which cells have a value.
 * @param dictionary How many values that has.
 *
 * @throws {Error} If it hasn't.
 */
export function checkRuns(
  { kind, encoding, values, nulls }: Page,
  body: Uint8Array,
  { optional, boolean }: RunColumn,
  dictionary: number | undefined,
): void {
  let [at, count] = [0, values - nulls];
  if (kind === 5 && optional) {
    const end = 4 + lengthAt(body, 0);
    count = present(body, 4, end, values);
    at = end;
  }
  if (encoding === RLE) {
    if (!boolean) throw new Error("runs of what isn't true or false");
    const length = lengthAt(body, at);
    eachRun(body, at + 4, at + 4 + length, 1, count, () => {});
  }
  if (encoding !== DICTIONARY && encoding !== OLD_DICTIONARY) return;
  if (count === 0) return;
  if (dictionary === undefined) throw new Error("a dictionary is missing");
  const width = body[at];
  if (!(width <= 32)) throw new Error(`places of ${width} bits`);
  const use = (place: number) => {
    if (place < dictionary) return;
    throw new Error(`place ${place} in a dictionary of ${dictionary} values`);
  };
  // Then there are no runs: all are the first value.
  if (kind === 5 && width === 0) use(0);
  else eachRun(body, at + 1, body.length, width, count, use);
}
