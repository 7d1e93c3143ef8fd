/**
 * Numbers most of which are zero, in compressed sparse rows, as
 * [SciPy](https://docs.scipy.org/doc/scipy/reference/generated/scipy.sparse.csr_matrix.html) keeps them: a row for each
 * sample.
 */
export interface CsrMatrix {
  /** The values that are kept, row after row. */
  readonly data: Float32Array;
  /** The column of each value, ascending within a row. */
  readonly indices: Int32Array | Uint32Array | Uint16Array;
  /** Where each row starts in `data` and `indices`; one more than there are rows. */
  readonly indptr: Int32Array | Uint32Array;
}

/** Samples with their targets, one after another. The arrays of a dataset that was loaded are in shared memory. */
export interface Samples {
  /** `samples × inputs` values: sample s has its inputs at `s · inputs`. */
  readonly x: Float32Array;
  /** `samples × outputs` values: sample s has its targets at `s · outputs`. */
  readonly y: Float32Array;
  /** How many samples there are. */
  readonly count: number;
  /** Values of an input. */
  readonly inputs: number;
  /** Values of a target. */
  readonly outputs: number;
}

/** Samples whose inputs are in compressed sparse rows. */
export interface SparseSamples extends Omit<Samples, "x"> {
  /** A row of `inputs` columns for each sample. */
  readonly x: CsrMatrix;
}

/** Samples to train with, and samples to see how well it went. */
export interface Dataset {
  /** Where the samples are from. */
  readonly name: string;
  /** Samples to train with. */
  readonly train: Samples;
  /** Samples that the training doesn't see. */
  readonly test: Samples;
  /** What each output stands for, in their order, if that is known. */
  readonly classNames?: readonly string[];
}
