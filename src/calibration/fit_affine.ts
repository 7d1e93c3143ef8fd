/** Fits of calibrations that are lines of the logits. All are convex: there is one best fit, or none. */
import { inSlices } from "../slices/in_slices.ts";

/** Samples of so many values are summed between two looks at the clock. */
const SLICE_VALUES = 2_000;

/** 1/T is from e^-10 to e^10, as with scikit-learn. */
const MOST_LOG = 10;

/** Halvings after which 1/T doesn't change any more. */
const HALVINGS = 60;

/** Steps of Newton's method; some ten are enough. */
const STEPS = 100;

/** Logits and targets of samples, `width` of each. */
export interface LogitSamples {
  readonly z: Float64Array;
  readonly y: Float32Array | Float64Array;
  readonly width: number;
}

/** Calls `use` for each sample, with the place of its first value. */
async function eachSample(
  { z, width }: LogitSamples,
  use: (first: number) => void,
): Promise<void> {
  const slice = Math.max(1, Math.floor(SLICE_VALUES / width));
  await inSlices(z.length / width, slice, (from, to) => {
    for (let s = from; s < to; s++) use(s * width);
  });
}

/**
 * The temperature with the least log loss; 1 if there is none, as where all samples are told right: to be surer would
 * always be better.
 *
 * @param softmax Whether the values of a sample are of classes that exclude each other.
 */
export async function fitTemperature(
  samples: LogitSamples,
  softmax: boolean,
): Promise<number> {
  const { z, y, width } = samples;
  const p = new Float64Array(width);
  /** The slope of the loss, as a function of 1/T. */
  const slope = async (inverse: number) => {
    let sum = 0;
    await eachSample(samples, (first) => {
      let [most, total] = [-Infinity, 0];
      for (let k = 0; k < width; k++) {
        most = Math.max(most, inverse * z[first + k]);
      }
      for (let k = 0; k < width; k++) {
        const value = inverse * z[first + k];
        total += p[k] = softmax ? Math.exp(value - most) : 1;
        if (!softmax) p[k] = 1 / (1 + Math.exp(-value));
      }
      for (let k = 0; k < width; k++) {
        const found = softmax ? p[k] / total : p[k];
        sum += z[first + k] * (found - y[first + k]);
      }
    });
    return sum;
  };
  let [low, high] = [-MOST_LOG, MOST_LOG];
  if (await slope(Math.exp(high)) <= 0 || await slope(Math.exp(low)) >= 0) {
    return 1;
  }
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (await slope(Math.exp(middle)) > 0) high = middle;
    else low = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/**
 * One slope, and an intercept for each class, the first of which is 0, with the least log loss: `softmax(slope·z +
 * intercept)`. Targets are a little less than sure, as Platt has it: those of a class with n of the samples are
 * (n + 1)/(n + classes), so that there is a best fit where all are told right. For two classes these are the parameters of
 * scikit-learn's `sigmoid`, with the difference of both logits as what is decided by.
 */
export async function fitPlatt(
  samples: LogitSamples,
): Promise<{ readonly slope: number; readonly intercept: readonly number[] }> {
  const { z, width } = samples;
  const t = smoothed(samples);
  const p = new Float64Array(width);
  /** The loss of a sample, whose probabilities are in p then. */
  const lossAt = (first: number, [slope, ...intercept]: readonly number[]) => {
    let most = -Infinity;
    for (let k = 0; k < width; k++) {
      p[k] = slope * z[first + k] + (k === 0 ? 0 : intercept[k - 1]);
      most = Math.max(most, p[k]);
    }
    let [sum, chosen] = [0, 0];
    for (let k = 0; k < width; k++) {
      chosen += t[first + k] * (p[k] - most);
      sum += p[k] = Math.exp(p[k] - most);
    }
    for (let k = 0; k < width; k++) p[k] /= sum;
    return Math.log(sum) - chosen;
  };
  const lossOf = async (parameters: readonly number[]) => {
    let loss = 0;
    await eachSample(samples, (first) => loss += lossAt(first, parameters));
    return loss;
  };
  /** Gradient and second derivatives; parameter 0 is the slope, parameter k the intercept of class k. */
  const derivatives = async (parameters: readonly number[]) => {
    const gradient = new Float64Array(width);
    const hessian = Array.from(
      { length: width },
      () => new Float64Array(width),
    );
    await eachSample(samples, (first) => {
      lossAt(first, parameters);
      let mean = 0;
      for (let k = 0; k < width; k++) mean += p[k] * z[first + k];
      for (let k = 0; k < width; k++) {
        const off = p[k] - t[first + k];
        const spread = p[k] * (z[first + k] - mean);
        gradient[0] += off * z[first + k];
        hessian[0][0] += spread * z[first + k];
        if (k === 0) continue;
        gradient[k] += off;
        hessian[0][k] += spread;
        for (let j = 1; j <= k; j++) {
          hessian[j][k] += (j === k ? p[k] : 0) - p[j] * p[k];
        }
      }
    });
    return { gradient, hessian };
  };
  let parameters = [1, ...new Array<number>(width - 1).fill(0)];
  let loss = await lossOf(parameters);
  for (let step = 0; step < STEPS; step++) {
    const { gradient, hessian } = await derivatives(parameters);
    const change = solve(hessian, gradient);
    let [factor, next, after] = [1, parameters, loss];
    // Newton's step, or as much of it as lowers the loss.
    do {
      next = parameters.map((value, at) => value - factor * change[at]);
      after = await lossOf(next);
      factor /= 2;
    } while (!(after <= loss) && factor > 1e-10);
    if (!(after < loss)) break;
    [parameters, loss] = [next, after];
  }
  const [slope, ...intercept] = parameters;
  return { slope, intercept: [0, ...intercept] };
}

/** Targets that are a little less than sure. */
function smoothed({ y, width }: LogitSamples): Float64Array {
  const counts = new Float64Array(width);
  for (let at = 0; at < y.length; at++) counts[at % width] += y[at];
  const t = new Float64Array(y.length);
  for (let first = 0; first < y.length; first += width) {
    for (let k = 0; k < width; k++) {
      const share = y[first + k] / (counts[k] + width);
      for (let j = 0; j < width; j++) {
        t[first + j] += share * (j === k ? counts[k] + 1 : 1);
      }
    }
  }
  return t;
}

/** Solves `matrix · x = right` for a symmetric matrix, of which the upper half is given, by Cholesky's method. */
function solve(
  matrix: readonly Float64Array[],
  right: Float64Array,
): Float64Array {
  const n = right.length;
  // Where a parameter changes nothing, it stays.
  const ridge = 1e-12 * Math.max(1, ...matrix.map((row, at) => row[at]));
  const lower = matrix.map(() => new Float64Array(n));
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[j][i] + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j
        ? Math.sqrt(Math.max(sum, ridge))
        : sum / lower[j][j];
    }
    for (let k = 0; k < i; k++) x[i] -= lower[i][k] * x[k];
    x[i] /= lower[i][i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= lower[k][i] * x[k];
    x[i] /= lower[i][i];
  }
  return x;
}
