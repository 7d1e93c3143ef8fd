/**
 * The op interface: what every kernel set (WebAssembly, plain TypeScript, …) must offer.
 *
 * Letters used throughout:
 * - `O` outputs of a layer's weights, `I` inputs, `B` samples in the batch;
 * - `ld…` the leading dimension of a column-major matrix in floats, a multiple of {@linkcode PANEL}.
 *
 * Pointers are byte offsets into the shared memory, 16-byte aligned at least. Element `(row, column)` of a
 * column-major matrix lies at `pointer + 4 * (column * ld + row)`. Rows between the true count and the
 * leading dimension are padding, and hold zero.
 *
 * Sample ranges `[from, to)` start at a multiple of {@linkcode TILE_SAMPLES}; the products may also compute the rest
 * of the last tile, so every buffer with batch columns has room for a whole number of tiles.
 */
import type { ElementwiseKernels } from "./elementwise.ts";

/** Rows of an output panel: two 128-bit vectors. Leading dimensions are multiples of it. */
export const PANEL = 8;

/** Samples computed together by a tile of the forward and delta products: 6 × 8 sums fill 12 of the 15 vector registers. */
export const TILE_SAMPLES = 6;

/** Inputs computed together by a tile of the gradient product. */
export const TILE_INPUTS = 6;

/** Samples that the gradient product packs at a time. */
export const SAMPLE_BLOCK = 256;

/** Input tiles that the gradient product packs at a time. */
export const STRIP_TILES = 8;

/** Inputs of a block of sparse inputs: a piece of the sparse gradient is made of whole blocks. 784 are 7 strips of 4, and the units are whole tiles. */
export const SPARSE_INPUTS = 30;

/**
 * Blocks of a strip of sparse inputs, whose columns of the gradient are computed at a time: 32 KB of 70 outputs, the
 * first-level cache. An epoch of MNIST on one core took 105 ms in this product with 4 blocks, 132 ms with 2.
 */
export const STRIP_BLOCKS = 4;

/** A set of kernels; see the top of this file for the conventions. */
export interface Kernels extends ElementwiseKernels {
  /** Copies samples `indices[from … to)` (int32) of `source` to the columns `from … to` of `target`, `ld` floats each. */
  gather(
    source: number,
    indices: number,
    target: number,
    ld: number,
    from: number,
    to: number,
  ): void;

  /**
   * Packs columns `from … to` of W (`O × (I+1)`) into panels of {@linkcode PANEL} rows for {@linkcode Kernels.forwardProduct}:
   * panel p, column c, at `packed + 4 * PANEL * (p * packedColumns(I) + c)`. Column 0 is the bias.
   * Rows from O on are written as zero; columns from I+1 up to {@linkcode packedColumns} are left as they are (zero).
   */
  packWeights(
    w: number,
    ldw: number,
    outputs: number,
    inputs: number,
    packed: number,
    from: number,
    to: number,
  ): void;

  /**
   * Packs inputs `from … to` (columns `from+1 … to+1` of W) into panels of {@linkcode PANEL} inputs for
   * {@linkcode Kernels.deltaProduct}: panel q, output o, at `packed + 4 * PANEL * (q * packedOutputs(O) + o)`.
   */
  packTransposed(
    w: number,
    ldw: number,
    outputs: number,
    inputs: number,
    packed: number,
    from: number,
    to: number,
  ): void;

  /** `z[:, from…to) = W[:, 0] + W[:, 1:]·a[:, from…to)`, W packed by {@linkcode Kernels.packWeights}. Sums over inputs in ascending order. */
  forwardProduct(
    packed: number,
    outputs: number,
    inputs: number,
    a: number,
    lda: number,
    z: number,
    ldz: number,
    from: number,
    to: number,
  ): void;

  /** `result[:, from…to) = W[:, 1:]ᵀ·delta[:, from…to)`, W packed by {@linkcode Kernels.packTransposed}. Sums over outputs in ascending order. */
  deltaProduct(
    packed: number,
    outputs: number,
    inputs: number,
    delta: number,
    ldd: number,
    result: number,
    ldr: number,
    from: number,
    to: number,
  ): void;

  /**
   * `grad[:, from+1 … to+1) = delta·a[from…to, :]ᵀ` over `batch` samples, in ascending order.
   * `from` is a multiple of {@linkcode TILE_INPUTS}. `scratch` is the worker's own, {@linkcode gradientScratchBytes} long.
   * `grad` comes out whole: what it held before doesn't count, and rows from `outputs` on get zero, as delta's padding is.
   */
  gradientProduct(
    delta: number,
    ldd: number,
    outputs: number,
    a: number,
    lda: number,
    grad: number,
    ldg: number,
    from: number,
    to: number,
    batch: number,
    scratch: number,
  ): void;

  /** `grad[:, 0] = Σ_samples delta[:, sample]`, in ascending order. */
  biasGradient(
    delta: number,
    ldd: number,
    outputs: number,
    batch: number,
    grad: number,
  ): void;

  /**
   * `z[:, from…to) = bias + W[:, 1:]·x`, of inputs most of which are zero. They are in blocks of
   * {@linkcode SPARSE_INPUTS}, and those in `strips` of {@linkcode STRIP_BLOCKS}. Samples are in groups of `2^shift`: a
   * group has one strip of all its samples after the other, a strip of a sample its blocks. For each block, in this
   * order, `starts` (int32) has where its entries start; they end where the next ones start. An entry, at `entries`, is
   * `4 · ldw · input` (int32, inputs ascending) and its value (float32).
   * Column s of z is sample `indices[s]` (int32). With column 0 of W as bias the same bits as
   * {@linkcode Kernels.forwardProduct} gives, as to add zero changes nothing.
   */
  forwardSparse(
    w: number,
    ldw: number,
    outputs: number,
    bias: number,
    strips: number,
    shift: number,
    starts: number,
    entries: number,
    indices: number,
    z: number,
    ldz: number,
    from: number,
    to: number,
    /** How many indices there are, as entries of those behind `to` may be fetched. Default: it isn't known */
    known?: number,
  ): void;

  /**
   * {@linkcode Kernels.gradientProduct} for inputs most of which are zero, given as for {@linkcode Kernels.forwardSparse}
   * (`ldg` is `ldw`); the same bits. `from` and `to` are multiples of {@linkcode SPARSE_INPUTS}, or `to` is the last.
   */
  gradientSparse(
    delta: number,
    ldd: number,
    outputs: number,
    strips: number,
    shift: number,
    starts: number,
    entries: number,
    indices: number,
    grad: number,
    ldg: number,
    from: number,
    to: number,
    batch: number,
  ): void;

  /** `result = W[:, 0] + W[:, 1:]·values`, one value for each input. */
  weightedSum(
    w: number,
    ldw: number,
    outputs: number,
    inputs: number,
    values: number,
    result: number,
  ): void;

  /** `grad[:, i+1] += values[i] · vector` for the inputs i from `from` to `to`. */
  addOuter(
    vector: number,
    values: number,
    grad: number,
    ldg: number,
    from: number,
    to: number,
  ): void;

  /** Copies a column of `ld` floats to the columns `from … to` of `target`. */
  fillColumns(
    column: number,
    target: number,
    ld: number,
    from: number,
    to: number,
  ): void;
}

/** Rounds `value` up to a multiple of `step`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/**
 * Floats from one column of a matrix to the next: whole panels. Where columns would lie some multiple of 1 KB apart, all of
 * them would fall into the same few sets of a cache: then there is one more line between them.
 */
export function leadingDimension(rows: number): number {
  const floats = roundUp(rows, PANEL);
  return floats % 256 === 0 ? floats + 16 : floats;
}

/** Columns of a panel of packed weights: the bias, then the inputs, rounded up to whole vectors. */
export function packedColumns(inputs: number): number {
  return 1 + roundUp(inputs, 4);
}

/** Outputs in a panel of transposed packed weights, rounded up to whole vectors. */
export function packedOutputs(outputs: number): number {
  return roundUp(outputs, 4);
}

/**
 * Bytes of scratch for {@linkcode Kernels.gradientProduct} with at most `outputs`, 16-byte aligned: panels of delta
 * `[panel][sample][8]`, rows of inputs `[input][sample]` a cache line longer than the samples, and one tile.
 */
export function gradientScratchBytes(outputs: number): number {
  return 4 * SAMPLE_BLOCK * roundUp(outputs, PANEL) +
    4 * STRIP_TILES * TILE_INPUTS * (SAMPLE_BLOCK + 16) +
    4 * PANEL * TILE_INPUTS;
}

/** Bytes of an entry of sparse inputs: an int32 and a float32. */
export const ENTRY_BYTES = 8;

/** Strips of sparse inputs. */
export function sparseStrips(inputs: number): number {
  return Math.ceil(inputs / (SPARSE_INPUTS * STRIP_BLOCKS));
}
