/** Finds the known word that a misspelled one was meant to be. */

/** Longer names are not compared, as the work grows with the square of the length. */
const LONGEST_NAME = 40;

/** A name in small letters and digits alone, so that `learning_rate`, `--learning-rate` and `learningRate` are the same. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** How many letters have to be changed, added, left out or swapped with their neighbor to turn one word into the other. */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + +!same);
      if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    [before, last] = [last, row];
  }
  return last[other.length];
}

/**
 * The known word that `word` was meant to be, or undefined: it may be spelled in another way, or have up to a third of its
 * letters wrong.
 *
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 *
 * console.log(nearest("batch_size", ["epochs", "batchSize"])); // batchSize
 * ```
 */
export function nearest(
  word: string,
  known: readonly string[],
): string | undefined {
  if (word.length > LONGEST_NAME) return undefined;
  const found = plain(word);
  let best: string | undefined;
  let least = Infinity;
  for (const name of known) {
    if (name.length > LONGEST_NAME) continue;
    const wanted = plain(name);
    const most = Math.floor(Math.min(found.length, wanted.length) / 3);
    const off = distance(found, wanted);
    if (off <= most && off < least) [best, least] = [name, off];
  }
  return best;
}

/**
 * What a path should end in, for errors: all that is known, and the nearest one if it ends almost so.
 *
 * @example
 * ```ts
 * import { endingsWanted } from "./nearest.ts";
 *
 * console.log(endingsWanted("model.jsno", [".onnx", ".json"])); // '.onnx' or '.json': did you mean '.json'?
 * ```
 */
export function endingsWanted(
  path: string,
  endings: readonly string[],
): string {
  const found = /\.\w+$/.exec(path)?.[0] ?? "";
  const meant = found === "" ? undefined : nearest(found, endings);
  const all = endings.map((ending) => `'${ending}'`);
  const last = all.splice(-1);
  return `${[...all.length > 0 ? [all.join(", ")] : [], last].join(" or ")}${
    meant === undefined ? "" : `: did you mean '${meant}'?`
  }`;
}
