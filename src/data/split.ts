import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { Xoshiro128 } from "../units/random.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import { checkLengths } from "./check_lengths.ts";
import { isCsr } from "./csr.ts";
import type { CsrMatrix, Samples, SparseSamples } from "./dataset.ts";
import { requireSamples } from "./require_samples.ts";

const ACTION = "split samples";

/** Stream of the seed's generator from which splits are drawn; the network has the ones before. */
const SPLIT_STREAM = 2;

/**
 * Splits samples by chance: `Math.round(samples · testFraction)` of them, at least one and not all, are to test.
 *
 * The order is that of 0, 1, … shuffled from stream 2 of the seed; the first ones are to train.
 *
 * @param testFraction Of the samples, between 0 and 1.
 * @param seed From 0 to 2³² - 1.
 *
 * @throws {TypeError} If `samples` are none, or `testFraction` or `seed` is not a number.
 * @throws {RangeError} If one of the two would be empty, or lengths don't fit each other.
 *
 * @example
 * ```ts
 * import { samplesFrom, trainTestSplit } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2], [3], [4]], labels: [0, 1, 0, 1] });
 * const { train, test } = trainTestSplit(samples, 0.25, 1);
 * console.log(train.count, test.count); // 3, 1
 * ```
 */
export function trainTestSplit(
  samples: Samples,
  testFraction: number,
  seed: number,
): { readonly train: Samples; readonly test: Samples };
/** Splits samples whose inputs are in compressed sparse rows, in the same way. */
export function trainTestSplit(
  samples: SparseSamples,
  testFraction: number,
  seed: number,
): { readonly train: SparseSamples; readonly test: SparseSamples };
export function trainTestSplit(
  samples: Samples | SparseSamples,
  testFraction: number,
  seed: number,
): {
  readonly train: Samples | SparseSamples;
  readonly test: Samples | SparseSamples;
} {
  requireSamples(ACTION, "samples", samples);
  checkLengths(ACTION, samples);
  const count = samples.count;
  const wanted =
    `between 0 and 1, and such that of ${count} samples both get some`;
  if (typeof testFraction !== "number") {
    throw new WrongTypeError(
      wrong(ACTION, "testFraction", wanted, testFraction),
    );
  }
  const tests = Math.round(count * testFraction);
  if (!(tests >= 1 && tests < count)) {
    throw new WrongValueError(
      wrong(ACTION, "testFraction", wanted, testFraction),
    );
  }
  requireInteger(ACTION, "seed", seed, 0, 2 ** 32 - 1);
  const order = Int32Array.from({ length: count }, (_, at) => at);
  new Xoshiro128(seed, SPLIT_STREAM).shuffle(order);
  return {
    train: pick(samples, order.subarray(0, count - tests)),
    test: pick(samples, order.subarray(count - tests)),
  };
}

function pick(
  { x, y, inputs, outputs }: Samples | SparseSamples,
  order: Int32Array,
): Samples | SparseSamples {
  const rest = {
    y: pickRows(y, outputs, order),
    count: order.length,
    inputs,
    outputs,
  };
  return isCsr(x)
    ? { ...rest, x: pickSparseRows(x, order) }
    : { ...rest, x: pickRows(x, inputs, order) };
}

function pickRows(
  values: Float32Array,
  width: number,
  order: Int32Array,
): Float32Array {
  const picked = new Float32Array(order.length * width);
  for (const [at, row] of order.entries()) {
    picked.set(values.subarray(row * width, (row + 1) * width), at * width);
  }
  return picked;
}

function pickSparseRows(
  { data, indices, indptr }: CsrMatrix,
  order: Int32Array,
): CsrMatrix {
  const starts = new Int32Array(order.length + 1);
  for (const [at, row] of order.entries()) {
    starts[at + 1] = starts[at] + indptr[row + 1] - indptr[row];
  }
  const length = starts[order.length];
  // Slices, as they are of the same type.
  const picked = {
    data: data.slice(0, length),
    indices: indices.slice(0, length),
    indptr: starts,
  };
  for (const [at, row] of order.entries()) {
    const [from, to] = [indptr[row], indptr[row + 1]];
    picked.data.set(data.subarray(from, to), starts[at]);
    picked.indices.set(indices.subarray(from, to), starts[at]);
  }
  return picked;
}
