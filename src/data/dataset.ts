/**
 * Numbers most of which are zero, in compressed sparse rows, as
 * [SciPy](https://docs.scipy.org/doc/scipy/reference/generated/scipy.sparse.csr_matrix.html) keeps them: a row for each
 * sample.
 *
 * @example
 * ```ts
 * import { type CsrMatrix, samplesFrom } from "@lockstep/lockstep";
 *
 * // [[0, 0, 5], [7, 0, 0]]
 * const x: CsrMatrix = {
 *   data: Float32Array.of(5, 7),
 *   indices: Int32Array.of(2, 0),
 *   indptr: Int32Array.of(0, 1, 2),
 * };
 * console.log(samplesFrom({ x, inputs: 3, labels: [0, 1] }).count); // 2
 * ```
 */
export interface CsrMatrix {
  /** The values that are kept, row after row. */
  readonly data: Float32Array;
  /** The column of each value, ascending within a row. */
  readonly indices: Int32Array | Uint32Array | Uint16Array;
  /** Where each row starts in `data` and `indices`; one more than there are rows. */
  readonly indptr: Int32Array | Uint32Array;
}

/**
 * Inputs and targets, sample after sample. The arrays may be in shared memory.
 *
 * @example
 * ```ts
 * import { type Samples, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples: Samples = samplesFrom({ x: [[1, 2], [3, 4], [5, 6]], y: [10, 20, 30] });
 * console.log(samples.count, samples.inputs, samples.outputs); // 3, 2, 1
 * ```
 */
export interface Samples {
  /** `samples × inputs` values: sample s has its inputs at `s · inputs`. */
  readonly x: Float32Array;
  /** `samples × outputs` values: sample s has its targets at `s · outputs`. */
  readonly y: Float32Array;
  /** How many samples there are. */
  readonly count: number;
  /** Number of inputs of a sample. */
  readonly inputs: number;
  /** Number of targets of a sample. */
  readonly outputs: number;
}

/**
 * Samples whose inputs are in compressed sparse rows.
 *
 * @example
 * ```ts
 * import { samplesFrom, type SparseSamples } from "@lockstep/lockstep";
 *
 * const samples: SparseSamples = samplesFrom({
 *   x: { data: Float32Array.of(5), indices: Int32Array.of(2), indptr: Int32Array.of(0, 1) },
 *   inputs: 3,
 *   y: [1],
 * });
 * console.log(samples.x.data, samples.inputs); // Float32Array [5], 3
 * ```
 */
export interface SparseSamples extends Omit<Samples, "x"> {
  /** A row of `inputs` columns for each sample. */
  readonly x: CsrMatrix;
}

/**
 * Training samples and test samples.
 *
 * @example
 * ```ts
 * import { type Dataset, samplesFrom, trainTestSplit } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2], [3], [4]], labels: [0, 0, 1, 1] });
 * const dataset: Dataset = {
 *   name: "sizes",
 *   ...trainTestSplit(samples, { testFraction: 0.25 }),
 *   classNames: ["small", "large"],
 * };
 * console.log(dataset.train.count, dataset.test.count); // 3, 1
 * ```
 */
export interface Dataset {
  /** Name of the dataset. */
  readonly name: string;
  /** Training samples. */
  readonly train: Samples;
  /** Test samples, which the training doesn't see. */
  readonly test: Samples;
  /** Names of the classes, in the order of the outputs, if they are known. */
  readonly classNames?: readonly string[];
}
