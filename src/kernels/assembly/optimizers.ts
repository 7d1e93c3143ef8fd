import { floatBytes } from "./layout";

/** The least normal float. */
const LEAST_NORMAL: v128 = f32x4.splat(1.1754943508222875e-38);

/**
 * Zero instead of what is smaller than a normal float. Averages that decay would otherwise stay subnormal for good,
 * with which processors compute slowly. NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
function flush(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), LEAST_NORMAL));
}

/** A moving average, never subnormal: `kept·old + added·value`. */
// @ts-ignore: decorator
@inline
function average(kept: v128, old: v128, added: v128, value: v128): v128 {
  return flush(f32x4.add(f32x4.mul(kept, old), f32x4.mul(added, value)));
}

/** What Adam divides by: the root of the corrected mean square, and epsilon. */
// @ts-ignore: decorator
@inline
function divisor(square: v128, correction: v128, epsilon: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.sqrt(square), correction), epsilon);
}

/** See OPTIMIZERS.article. */
export function articleUpdate(
  w: usize,
  grad: usize,
  previous: usize,
  _second: usize,
  count: i32,
  rate: f32,
  momentum: f32,
): void {
  const end = w + floatBytes(count);
  const rates = f32x4.splat(rate);
  const momenta = f32x4.splat(momentum);
  while (w < end) {
    const step = f32x4.mul(rates, v128.load(grad));
    const move = f32x4.add(step, f32x4.mul(momenta, v128.load(previous)));
    v128.store(w, f32x4.sub(v128.load(w), move));
    v128.store(previous, step);
    w += 16;
    grad += 16;
    previous += 16;
  }
}

/** See OPTIMIZERS.sgd. */
export function sgdUpdate(
  w: usize,
  grad: usize,
  velocity: usize,
  _second: usize,
  count: i32,
  rate: f32,
  momentum: f32,
  nesterov: i32,
): void {
  const end = w + floatBytes(count);
  const rates = f32x4.splat(rate);
  const momenta = f32x4.splat(momentum);
  while (w < end) {
    const g = v128.load(grad);
    const v = flush(f32x4.add(f32x4.mul(momenta, v128.load(velocity)), g));
    const move = nesterov != 0 ? f32x4.add(g, f32x4.mul(momenta, v)) : v;
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(rates, move)));
    v128.store(velocity, v);
    w += 16;
    grad += 16;
    velocity += 16;
  }
}

/** See OPTIMIZERS.rmsprop. `rho` isn't rounded before it is taken from 1, which would cost digits; as in Adam. */
export function rmspropUpdate(
  w: usize,
  grad: usize,
  _first: usize,
  square: usize,
  count: i32,
  rate: f32,
  rho: f64,
  epsilon: f32,
): void {
  const end = w + floatBytes(count);
  const rates = f32x4.splat(rate);
  const kept = f32x4.splat(<f32> rho);
  const added = f32x4.splat(<f32> (1 - rho));
  const least = f32x4.splat(epsilon);
  while (w < end) {
    const g = v128.load(grad);
    const s = average(kept, v128.load(square), added, f32x4.mul(g, g));
    const step = f32x4.div(
      f32x4.mul(rates, g),
      f32x4.add(f32x4.sqrt(s), least),
    );
    v128.store(w, f32x4.sub(v128.load(w), step));
    v128.store(square, s);
    w += 16;
    grad += 16;
    square += 16;
  }
}

/** See OPTIMIZERS.adam. */
export function adamUpdate(
  w: usize,
  grad: usize,
  mean: usize,
  square: usize,
  count: i32,
  stepSize: f32,
  beta1: f64,
  beta2: f64,
  epsilon: f32,
  rootCorrection: f32,
  decay: f32,
): void {
  const end = w + floatBytes(count);
  const stepSizes = f32x4.splat(stepSize);
  const kept1 = f32x4.splat(<f32> beta1);
  const added1 = f32x4.splat(<f32> (1 - beta1));
  const kept2 = f32x4.splat(<f32> beta2);
  const added2 = f32x4.splat(<f32> (1 - beta2));
  const least = f32x4.splat(epsilon);
  const corrections = f32x4.splat(rootCorrection);
  const decays = f32x4.splat(decay);
  while (w < end) {
    const g = v128.load(grad);
    const m = average(kept1, v128.load(mean), added1, g);
    const s = average(kept2, v128.load(square), added2, f32x4.mul(g, g));
    const step = f32x4.div(
      f32x4.mul(stepSizes, m),
      divisor(s, corrections, least),
    );
    const weight = v128.load(w);
    // Not w·(1 - decay), as 1 - decay would be rounded the same way for all weights.
    const move = f32x4.add(f32x4.mul(decays, weight), step);
    v128.store(w, f32x4.sub(weight, move));
    v128.store(mean, m);
    v128.store(square, s);
    w += 16;
    grad += 16;
    mean += 16;
    square += 16;
  }
}

/** See OPTIMIZERS.nadam. */
export function nadamUpdate(
  w: usize,
  grad: usize,
  mean: usize,
  square: usize,
  count: i32,
  gradStep: f32,
  meanStep: f32,
  beta1: f64,
  beta2: f64,
  epsilon: f32,
  rootCorrection: f32,
): void {
  const end = w + floatBytes(count);
  const gradSteps = f32x4.splat(gradStep);
  const meanSteps = f32x4.splat(meanStep);
  const kept1 = f32x4.splat(<f32> beta1);
  const added1 = f32x4.splat(<f32> (1 - beta1));
  const kept2 = f32x4.splat(<f32> beta2);
  const added2 = f32x4.splat(<f32> (1 - beta2));
  const least = f32x4.splat(epsilon);
  const corrections = f32x4.splat(rootCorrection);
  while (w < end) {
    const g = v128.load(grad);
    const m = average(kept1, v128.load(mean), added1, g);
    const s = average(kept2, v128.load(square), added2, f32x4.mul(g, g));
    const step = f32x4.div(
      f32x4.add(f32x4.mul(gradSteps, g), f32x4.mul(meanSteps, m)),
      divisor(s, corrections, least),
    );
    v128.store(w, f32x4.sub(v128.load(w), step));
    v128.store(mean, m);
    v128.store(square, s);
    w += 16;
    grad += 16;
    mean += 16;
    square += 16;
  }
}
