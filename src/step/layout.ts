/** The buffers of weights and of a batch in shared memory. */
import {
  leadingDimension,
  packedColumns,
  packedOutputs,
  PANEL,
  roundUp,
} from "../kernels/kernels.ts";
import type { Allocator } from "../memory/arena.ts";
import type { MatrixLayout } from "../memory/matrix.ts";
import type { DataLayout } from "./data_layout.ts";
import { needsLogits, type Network } from "./network.ts";
import { sampleCapacity } from "./split.ts";

/** The buffers of `W[N]`, which last as long as the network. */
export interface WeightLayout {
  /** `O × (I+1)`, column 0 the bias. */
  readonly w: MatrixLayout;
  /** dCost/dW, the same shape. */
  readonly grad: MatrixLayout;
  /**
   * The moments of the optimizer, such as a mean of the gradients; each has the shape of W. Absent with several ranks:
   * there, a plan has the slice of each rank.
   */
  readonly moments?: readonly [MatrixLayout, MatrixLayout];
  /** W in panels of outputs. */
  readonly packed: number;
  /** W without its bias, in panels of inputs; 0 in layer 0. */
  readonly packedTransposed: number;
  /** One float a column: the sums of the penalties. */
  readonly squares: number;
  readonly magnitudes: number;
  /** One float a column: the sums of the squares of grad. */
  readonly gradientSquares: number;
}

/** The buffers of a batch. Index N is the layer; what layer 0 doesn't have is left out by starting at 1. */
export interface BatchLayout {
  /** Samples for which there is room. */
  readonly capacity: number;
  /** A[N], `nodes × B`, as the next layer reads it; A[0] are the inputs. */
  readonly a: readonly MatrixLayout[];
  /** A[N] before nodes are dropped; the same buffer where none are. */
  readonly whole: readonly MatrixLayout[];
  /** Z[N], the same buffer where nothing needs Z after A was computed. */
  readonly z: readonly MatrixLayout[];
  /** delta[N], `nodes × B`, N from 1, or from above the first layer that learns; empty without training. */
  readonly delta: readonly MatrixLayout[];
  /** Y, `outputs × B`. */
  readonly y: MatrixLayout;
  /** Bytes of a sample of A[0] and Y if they lie in the dataset, otherwise 0. */
  readonly xStep: number;
  readonly yStep: number;
  /** One float a sample, or 0 if samples have no weights; bytes of a sample as above. */
  readonly sampleWeights: number;
  readonly sampleWeightStep: number;
  /** One float a sample each. */
  readonly losses: number;
  readonly errors: number;
  readonly correct: number;
}

/** Allocates a matrix for the weights of each layer, side by side, so that they can be sent as one piece of memory. */
export function layOutMatrices(
  arena: Allocator,
  layers: readonly number[],
): MatrixLayout[] {
  return layers.slice(1).map((outputs, n) =>
    arena.allocateMatrix(outputs, layers[n] + 1)
  );
}

/**
 * Allocates the weights of a network.
 *
 * @param ranks How many train it together.
 */
export function layOutWeights(
  arena: Allocator,
  layers: readonly number[],
  ranks = 1,
): WeightLayout[] {
  const squares = arena.allocate(4 * penaltyColumns(layers));
  const magnitudes = arena.allocate(4 * penaltyColumns(layers));
  const gradientSquares = arena.allocate(4 * penaltyColumns(layers));
  const [w, grad, first, second] = Array.from(
    { length: ranks === 1 ? 4 : 2 },
    () => layOutMatrices(arena, layers),
  );
  let column = 0;
  return layers.slice(1).map((outputs, n) => {
    const inputs = layers[n];
    const layout = {
      w: w[n],
      grad: grad[n],
      ...(ranks === 1 ? { moments: [first[n], second[n]] as const } : {}),
      packed: arena.allocate(
        4 * roundUp(outputs, PANEL) * packedColumns(inputs),
      ),
      packedTransposed: n === 0 ? 0 : arena.allocate(
        4 * leadingDimension(inputs) * packedOutputs(outputs),
      ),
      squares: squares + 4 * column,
      magnitudes: magnitudes + 4 * column,
      gradientSquares: gradientSquares + 4 * column,
    };
    column += inputs + 1;
    return layout;
  });
}

/** Columns of all weight matrices: the floats of each sort of penalty. */
export function penaltyColumns(layers: readonly number[]): number {
  return layers.slice(0, -1).reduce((sum, inputs) => sum + inputs + 1, 0);
}

/**
 * Allocates the buffers for batches of at most `samples`; with a dataset, those of a training.
 *
 * @param outputsAlone Whether there are no targets, and products write the padding too: then nothing has to be cleared.
 */
export function layOutBatch(
  arena: Allocator,
  network: Network,
  samples: number,
  training?: {
    readonly data: DataLayout;
    readonly dropout: readonly number[];
    readonly trainable: readonly boolean[];
  },
  outputsAlone = false,
): BatchLayout {
  const { layers } = network;
  const data = training?.data;
  const capacity = sampleCapacity(samples);
  const buffer = (nodes: number) =>
    outputsAlone && leadingDimension(nodes) === roundUp(nodes, PANEL)
      ? arena.allocateMatrix(nodes, capacity, capacity, true)
      : arena.allocateMatrix(nodes, capacity);
  const none = (nodes: number) => arena.allocateMatrix(nodes, 0);
  const z = layers.map((nodes, n) => n === 0 ? none(nodes) : buffer(nodes));
  const whole = layers.map((nodes, n) => {
    if (n > 0) return needsLogits(network, n) ? buffer(nodes) : z[n];
    if (data === undefined) {
      return arena.allocateMatrix(nodes, capacity, samples);
    }
    // Sparse inputs, and batches that lie side by side, are read where the dataset is.
    if ("entries" in data.x) return none(nodes);
    return data.inOrder ? data.x : buffer(nodes);
  });
  const a = layers.map((nodes, n) =>
    (training?.dropout[n - 1] ?? 0) > 0 ? buffer(nodes) : whole[n]
  );
  const lowest = training?.trainable.indexOf(true) ?? 0;
  const delta = data === undefined
    ? []
    // Nothing is propagated to the inputs, nor below the first layer that learns.
    : layers.map((nodes, n) => n <= lowest ? none(nodes) : buffer(nodes));
  const inOrder = data?.inOrder ?? false;
  const outputs = layers.at(-1)!;
  const y = inOrder ? data!.y : outputsAlone ? none(outputs) : buffer(outputs);
  const weighted = data !== undefined && data.sampleWeights !== 0;
  return {
    capacity,
    a,
    whole,
    z,
    delta,
    y,
    xStep: inOrder ? 4 * a[0].ld : 0,
    yStep: inOrder ? 4 * y.ld : 0,
    sampleWeights: !weighted
      ? 0
      : inOrder
      ? data.sampleWeights
      : arena.allocate(4 * capacity),
    sampleWeightStep: weighted && inOrder ? 4 : 0,
    losses: arena.allocate(4 * capacity),
    errors: arena.allocate(4 * capacity),
    correct: arena.allocate(4 * capacity),
  };
}
