/**
 * The part of the op interface that treats elements or samples one by one: activations, losses, updates. See
 * `kernels.ts` for the conventions. Wherever a `count` is given, it is a multiple of 4 of contiguous floats. Zeros in
 * the padding stay zero, and NaN stays NaN, unless it is said otherwise.
 */
import type { ComputedActivation } from "../units/activations.ts";
import type { DeltaName, LossName } from "../units/losses.ts";
import type { KernelOwner } from "../units/optimizers.ts";

/** Elementwise map over `count` floats from `z` to `a`, which may be the same. */
export type ActivationKernel = (z: number, a: number, count: number) => void;

/**
 * `delta *= act'(z)`, given both the cached input `z` and output `a` of the activation; `count` as above. It reads the one
 * that the activation says; if that is `z`, the activation must not have been in place.
 */
export type DerivativeKernel = (
  delta: number,
  z: number,
  a: number,
  count: number,
) => void;

/** The kernels of each activation, by its name; see `src/units/activations.ts` for what they compute. */
export type ActivationKernels =
  & Record<ComputedActivation, ActivationKernel>
  & Record<`${ComputedActivation}Derivative`, DerivativeKernel>;

/**
 * Changes weights by their gradient, given what the optimizer keeps of them, `count` floats each; the arguments behind are
 * those of the optimizer.
 */
export type UpdateKernel = (
  w: number,
  grad: number,
  first: number,
  second: number,
  count: number,
  ...args: readonly number[]
) => void;

/** The kernels of each optimizer, by its name; see `src/units/optimizers.ts` for what they compute. */
export type UpdateKernels = Record<`${KernelOwner}Update`, UpdateKernel>;

/** One loss value a sample, summed over its `outputs`, to `result[from … to)` (floats). */
export type SampleLoss = (
  a: number,
  y: number,
  ld: number,
  outputs: number,
  result: number,
  from: number,
  to: number,
) => void;

/** The kernels of each loss, by its name; see `src/units/losses.ts` for what they compute. */
export type LossKernels = Record<LossName, SampleLoss>;

/** What begins the backward pass: `result` from `a` and `y`, `count` floats each; see `DELTAS` in `src/units/losses.ts`. */
export type DeltaKernel = (
  a: number,
  y: number,
  result: number,
  count: number,
) => void;

/** Kernels whose results don't depend on other samples, or columns of W, at all. */
export interface ElementwiseKernels
  extends
    ActivationKernels,
    UpdateKernels,
    LossKernels,
    Record<DeltaName, DeltaKernel> {
  /** `a[r, s] = e^z[r, s] / Σ_r e^z[r, s]` over the first `rows` rows of columns `from … to`; `a` may be `z`. Padding of `a` is set to zero, that of `z` doesn't count. A column with NaN becomes all NaN. */
  softmax(
    z: number,
    a: number,
    ld: number,
    rows: number,
    from: number,
    to: number,
  ): void;

  /** Sets rows `rows … ld` of columns `from … to` to zero. */
  clearPadding(
    a: number,
    ld: number,
    rows: number,
    from: number,
    to: number,
  ): void;

  /** `Σ |a-y|`. */
  absoluteError: SampleLoss;
  /** 1 where the largest output and the largest target are in the same row (the first of equals), else 0; 0 where an output is NaN. */
  correct: SampleLoss;
  /** Fraction of the outputs on the same side of 0.5 as their targets; 0.5 itself counts as above, NaN as on neither side. */
  correctLabels: SampleLoss;

  /** Multiplies columns `from … to`: column s by `factor · weights[s]` (floats), or by `factor` where `weights` is 0. */
  scaleColumns(
    values: number,
    ld: number,
    weights: number,
    factor: number,
    from: number,
    to: number,
  ): void;

  /** `result[s] *= weights[s]` for s of `from … to` (floats). */
  weighResults(result: number, weights: number, from: number, to: number): void;

  /**
   * Inverted dropout: multiplies each element of columns `from … to` by `factor`, or sets it to zero, NaN as well, with
   * a probability of `threshold / 2³²`. Which, depends on its place and the keys alone, so that the same call drops the
   * same elements of delta. `target` may be `source`. Keys and threshold are integers from 0 to 2³² - 1.
   *
   * Row r of column s is kept where `mix(mix(s·ld + r + k1) ^ k2) >= threshold`; `mix` is the finalizer of MurmurHash3,
   * `k1 = mix(mix(keyHigh ^ 0x9e3779b9) + keyLow)`, `k2 = mix(keyHigh ^ k1)`; all unsigned, modulo 2³².
   */
  dropout(
    source: number,
    target: number,
    ld: number,
    from: number,
    to: number,
    keyLow: number,
    keyHigh: number,
    threshold: number,
    factor: number,
  ): void;

  /** `grad += l2·w + l1·sign(w)`. */
  regularize(
    grad: number,
    w: number,
    count: number,
    l1: number,
    l2: number,
  ): void;

  /** For each column c of `from … to` of W: `squares[c] = Σ w²`, `magnitudes[c] = Σ |w|` (floats). */
  penalties(
    w: number,
    ldw: number,
    squares: number,
    magnitudes: number,
    from: number,
    to: number,
  ): void;

  /** For each column c of `from … to`: `result[c] = Σ grad²` (floats), for the norm of a gradient. */
  columnSquares(
    grad: number,
    ld: number,
    result: number,
    from: number,
    to: number,
  ): void;

  /** `values *= factor`. */
  scale(values: number, count: number, factor: number): void;

  /** `values += others`. */
  add(values: number, others: number, count: number): void;
}
