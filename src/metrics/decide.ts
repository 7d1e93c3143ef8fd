/** What outputs are taken for: the largest of them, or those from a threshold on. */
import { classOf } from "./classification.ts";

/** From which probability on a label applies, or the second of two classes, unless something else is said. */
export const THRESHOLD = 0.5;

/**
 * The class of each sample, as {@linkcode classOf}, but of two classes the second from a threshold on.
 *
 * @param thresholds One, if there are two classes.
 *
 * @throws As {@linkcode classOf} does.
 */
export function decideClasses(
  outputs: ArrayLike<number>,
  width: number,
  thresholds?: readonly number[],
): Int32Array<ArrayBuffer> {
  const classes = classOf(outputs, width);
  if (thresholds === undefined) return classes;
  return classes.map((_, s) =>
    Number(outputs[s * width + width - 1] >= thresholds[0])
  );
}

/** Whether each label of each sample applies, 1 or 0. */
export function decideLabels(
  outputs: ArrayLike<number>,
  width: number,
  thresholds?: readonly number[],
): Uint8Array<ArrayBuffer> {
  const decided = new Uint8Array(outputs.length);
  for (let at = 0; at < decided.length; at++) {
    decided[at] = Number(
      outputs[at] >= (thresholds?.[at % width] ?? THRESHOLD),
    );
  }
  return decided;
}
