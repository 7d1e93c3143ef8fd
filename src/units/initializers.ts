import { type ActivationName, ACTIVATIONS } from "./activations.ts";
import { Xoshiro128 } from "./random.ts";

/** Stream of the seed's generator from which the initial weights are drawn. */
const WEIGHTS_STREAM = 0;

/** Stream from which the order of the samples is drawn. */
export const SHUFFLE_STREAM = 1;

/** The distributions from which initial weights are drawn. */
export type InitializerName = "uniform" | "glorot" | "he" | "lecun" | "zeros";

/** How initial weights are drawn. */
interface Initializer {
  /** b of the uniform distribution in ±b, from the inputs and outputs of a layer. */
  bound(inputs: number, outputs: number): number;
  /** Whether biases are drawn as well; else they are 0. */
  readonly biases: boolean;
}

/** The initializers by name. To add one: an entry here, and its bounds in `tests/units/initializers_test.ts`. */
const INITIALIZERS: Readonly<Record<InitializerName, Initializer>> = {
  uniform: { bound: (inputs) => 1 / Math.sqrt(inputs), biases: true },
  /** [Glorot and Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html). */
  glorot: {
    bound: (inputs, outputs) => Math.sqrt(6 / (inputs + outputs)),
    biases: false,
  },
  /** [He et al. 2015](https://arxiv.org/abs/1502.01852). */
  he: { bound: (inputs) => Math.sqrt(6 / inputs), biases: false },
  /** [LeCun et al. 1998](https://doi.org/10.1007/3-540-49430-8_2). */
  lecun: { bound: (inputs) => Math.sqrt(3 / inputs), biases: false },
  zeros: { bound: () => 0, biases: false },
};

/** All names of ways to draw initial weights. */
export const INITIALIZER_NAMES: readonly InitializerName[] = Object.keys(
  INITIALIZERS,
) as InitializerName[];

/**
 * The initializer of each layer of weights, where none is given: `"he"` before hidden layers whose activation is like relu,
 * `"glorot"` before the others and the outputs.
 */
export function initializersOf(
  activations: readonly ActivationName[],
): InitializerName[] {
  const hidden = activations.map((name) => ACTIVATIONS[name].initializer);
  return [...hidden, "glorot"];
}

/**
 * Draws the weights of a network from one stream, layer by layer, column by column, the bias first: `(2u - 1) · bound`
 * with u uniform in [0, 1), rounded to float32. One array a layer, `O × (I+1)`, column-major. Biases that aren't drawn
 * are 0, and take no number from the stream.
 *
 * @param initializers One for all, or one for each layer of weights.
 */
export function initialWeights(
  layers: readonly number[],
  seed: number,
  initializers: InitializerName | readonly InitializerName[],
): Float32Array<ArrayBuffer>[] {
  const random = new Xoshiro128(seed, WEIGHTS_STREAM);
  return layers.slice(1).map((outputs, n) => {
    const name = typeof initializers === "string"
      ? initializers
      : initializers[n];
    const { bound, biases } = INITIALIZERS[name];
    const most = bound(layers[n], outputs);
    const weights = new Float32Array(outputs * (layers[n] + 1));
    if (most === 0) return weights;
    for (let at = biases ? 0 : outputs; at < weights.length; at++) {
      weights[at] = (2 * random.nextFloat() - 1) * most;
    }
    return weights;
  });
}
