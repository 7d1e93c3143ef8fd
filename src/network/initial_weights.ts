import { Xoshiro128 } from "../random.ts";

/** Stream of the seed's generator from which the initial weights are drawn. */
export const WEIGHTS_STREAM = 0;

/** Stream from which the order of the samples is drawn. */
export const SHUFFLE_STREAM = 1;

/**
 * Draws the weights of a network from one stream, layer by layer, column by column, the bias first:
 * `(2u - 1) / √inputs` with u uniform in [0, 1), rounded to float32. One array a layer, `O × (I+1)`, column-major.
 */
export function initialWeights(
  layers: readonly number[],
  seed: number,
): Float32Array<ArrayBuffer>[] {
  const random = new Xoshiro128(seed, WEIGHTS_STREAM);
  return layers.slice(1).map((outputs, n) => {
    const bound = 1 / Math.sqrt(layers[n]);
    const weights = new Float32Array(outputs * (layers[n] + 1));
    for (let at = 0; at < weights.length; at++) {
      weights[at] = (2 * random.nextFloat() - 1) * bound;
    }
    return weights;
  });
}
