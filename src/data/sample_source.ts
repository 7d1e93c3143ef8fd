/** What samples can be made from. */
import type { CsrMatrix } from "./dataset.ts";
import type { FlatNumbers, Rows } from "./flatten.ts";

/**
 * What {@linkcode samplesFrom} takes: inputs, and either targets or class labels.
 *
 * @example
 * ```ts
 * import { samplesFrom, type SampleSource } from "@lockstep/lockstep";
 *
 * const source: SampleSource = { x: [[0, 1], [1, 0]], labels: [1, 0] };
 * console.log(samplesFrom(source).count); // 2
 * ```
 */
export type SampleSource =
  & {
    /** An array of inputs for each sample, or a typed array with those of all, sample after sample. */
    readonly x: Rows | FlatNumbers;
    /** Number of inputs of a sample, 1 or more; required if `x` is a typed array. */
    readonly inputs?: number;
  }
  & TargetSource;

/**
 * The same with inputs in compressed sparse rows.
 *
 * @example
 * ```ts
 * import { samplesFrom, type SparseSampleSource } from "@lockstep/lockstep";
 *
 * const source: SparseSampleSource = {
 *   x: { data: Float32Array.of(5), indices: Int32Array.of(2), indptr: Int32Array.of(0, 1) },
 *   inputs: 3,
 *   labels: [1],
 * };
 * console.log(samplesFrom(source).outputs); // 2
 * ```
 */
export type SparseSampleSource =
  & {
    /** A row for each sample. */
    readonly x: CsrMatrix;
    /** Number of inputs of a sample, 1 or more. */
    readonly inputs: number;
  }
  & TargetSource;

/**
 * Targets, or class labels that become one-hot targets.
 *
 * @example
 * ```ts
 * import { samplesFrom, type TargetSource } from "@lockstep/lockstep";
 *
 * const kinds: TargetSource = { labels: [2, 0], classes: 4 };
 * const prices: TargetSource = { y: [120.5, 210] };
 * const x = [[50, 1], [80, 2]];
 * console.log(samplesFrom({ x, ...kinds }).outputs); // 4
 * console.log(samplesFrom({ x, ...prices }).outputs); // 1
 * ```
 */
export type TargetSource =
  | {
    /**
     * An array of targets for each sample, or a typed array with those of all, sample after sample. For one target per
     * sample, also an array of numbers.
     */
    readonly y: Rows | FlatNumbers | readonly number[];
    /** Number of targets of a sample, 1 or more; required if `y` is a typed array with several for each sample. */
    readonly outputs?: number;
  }
  | {
    /** The class of each sample, from 0. */
    readonly labels: ArrayLike<number>;
    /** How many classes there are, 2 or more. Default: one more than the largest label */
    readonly classes?: number;
  };
