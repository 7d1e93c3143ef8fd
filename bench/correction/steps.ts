/**
 * The backward step from layer N+1 to layer N, as it was before the article's correction and as it is since.
 *
 * Before, the bias was a node of layer N, and its activation was not kept:
 *
 * - t1: a row of ones is put on top of Z;
 * - t2: the sigmoid of that is computed again;
 * - t3: its derivative;
 * - t4: the product with W including the bias, times the derivative, and the first row cut off again.
 *
 * Since, two lines: the product with W behind an offset, times A·(1-A) from the cached A. In both, t5 is the gradient
 * and t6 the regularization.
 */
import {
  gradientScratchBytes,
  type Kernels,
  packedOutputs,
  PANEL,
  roundUp,
  TILE_INPUTS,
  TILE_SAMPLES,
} from "../../src/kernels/kernels.ts";
import type { Arena } from "../../src/memory/arena.ts";

/** The names of the steps, in their order. */
export const STEPS = ["t1", "t2", "t3", "t4", "t5", "t6"] as const;

/** Byte offsets and leading dimensions of everything that the steps read and write. */
export interface Buffers {
  readonly inputs: number;
  readonly outputs: number;
  readonly batch: number;
  /** Leading dimensions of layer N, of layer N with its bias, of layer N+1. */
  readonly ldi: number;
  readonly ldb: number;
  readonly ldo: number;
  readonly z: number;
  readonly a: number;
  readonly delta: number;
  readonly result: number;
  readonly w: number;
  readonly grad: number;
  readonly packed: number;
  readonly packedWithBias: number;
  /** (I+1) × B: Z with its bias row, its sigmoid, the derivative, the product. */
  readonly zBias: number;
  readonly aBias: number;
  readonly derivative: number;
  readonly product: number;
  /** One for each worker. */
  readonly scratch: readonly number[];
}

/** Allocates the buffers and fills them with numbers of the right size. */
export function makeBuffers(
  arena: Arena,
  kernels: Kernels,
  inputs: number,
  outputs: number,
  batch: number,
  workers: number,
): Buffers {
  const [ldi, ldb, ldo] = [inputs, inputs + 1, outputs].map((rows) =>
    roundUp(rows, PANEL)
  );
  const capacity = roundUp(batch, TILE_SAMPLES);
  const floats = (count: number) => arena.allocate(4 * count);
  const buffers: Buffers = {
    ...{ inputs, outputs, batch, ldi, ldb, ldo },
    z: floats(ldi * capacity),
    a: floats(ldi * capacity),
    delta: floats(ldo * capacity),
    result: floats(ldi * capacity),
    w: floats(ldo * (inputs + 1)),
    grad: floats(ldo * (inputs + 1)),
    packed: floats(ldi * packedOutputs(outputs)),
    packedWithBias: floats(ldb * packedOutputs(outputs)),
    zBias: floats(ldb * capacity),
    aBias: floats(ldb * capacity),
    derivative: floats(ldb * capacity),
    product: floats(ldb * capacity),
    scratch: Array.from(
      { length: workers },
      () => arena.allocate(gradientScratchBytes(outputs)),
    ),
  };
  const fill = (offset: number, ld: number, rows: number, columns: number) => {
    const values = arena.floats(offset, ld * columns);
    for (let at = 0; at < values.length; at++) {
      if (at % ld < rows) values[at] = Math.sin(at);
    }
  };
  fill(buffers.z, ldi, inputs, batch);
  fill(buffers.delta, ldo, outputs, batch);
  fill(buffers.w, ldo, outputs, inputs + 1);
  kernels.sigmoid(buffers.z, buffers.a, ldi * batch);
  kernels.clearPadding(buffers.a, ldi, inputs, 0, batch);
  const { w, packed, packedWithBias } = buffers;
  kernels.packTransposed(w, ldo, outputs, inputs, packed, 0, inputs);
  // A column earlier, so that the bias counts as the first input.
  const shifted = w - 4 * ldo;
  const all = inputs + 1;
  kernels.packTransposed(shifted, ldo, outputs, all, packedWithBias, 0, all);
  return buffers;
}

/** The samples and the inputs that a worker has. */
export interface Share {
  readonly ith: number;
  readonly samples: readonly [number, number];
  readonly inputs: readonly [number, number];
}

/** Splits samples and inputs evenly, in whole tiles. */
export function share(buffers: Buffers, ith: number, nth: number): Share {
  const part = (count: number, tile: number): [number, number] => {
    const edge = (worker: number) =>
      Math.min(
        Math.round(Math.ceil(count / tile) * worker / nth) * tile,
        count,
      );
    return [edge(ith), edge(ith + 1)];
  };
  return {
    ith,
    samples: part(buffers.batch, TILE_SAMPLES),
    inputs: part(buffers.inputs, TILE_INPUTS),
  };
}

type Step = () => void;

/** The steps on a worker's share, in the order of {@linkcode STEPS}; `undefined` where there is nothing left to do. */
export function steps(
  memory: WebAssembly.Memory,
  kernels: Kernels,
  buffers: Buffers,
  { ith, samples: [from, to], inputs: [first, end] }: Share,
): { before: (Step | undefined)[]; since: (Step | undefined)[] } {
  const { inputs, outputs, batch, ldi, ldb, ldo } = buffers;
  const values = new Float32Array(memory.buffer);
  const gradient: Step = () => {
    const { delta, a, grad, scratch } = buffers;
    if (first === 0) kernels.biasGradient(delta, ldo, outputs, batch, grad);
    if (first === end) return;
    kernels.gradientProduct(
      ...[delta, ldo, outputs, a, ldi, grad, ldo] as const,
      ...[first, end, batch, scratch[ith]] as const,
    );
  };
  const regularize: Step = () => {
    const at = 4 * ldo * (first + 1);
    const count = ldo * (end - first);
    kernels.regularize(buffers.grad + at, buffers.w + at, count, 0, 0.01);
  };
  return {
    before: [
      () => {
        for (let sample = from; sample < to; sample++) {
          const target = buffers.zBias / 4 + ldb * sample;
          const source = buffers.z / 4 + ldi * sample;
          values[target] = 1;
          values.copyWithin(target + 1, source, source + inputs);
        }
      },
      () => {
        const at = 4 * ldb * from;
        const count = ldb * (to - from);
        kernels.sigmoid(buffers.zBias + at, buffers.aBias + at, count);
      },
      () => {
        const at = ldb * from;
        values.fill(
          1,
          buffers.derivative / 4 + at,
          buffers.derivative / 4 + ldb * to,
        );
        kernels.sigmoidDerivative(
          buffers.derivative + 4 * at,
          buffers.zBias + 4 * at,
          buffers.aBias + 4 * at,
          ldb * (to - from),
        );
      },
      () => {
        kernels.deltaProduct(
          ...[buffers.packedWithBias, outputs, inputs + 1] as const,
          ...[buffers.delta, ldo, buffers.product, ldb, from, to] as const,
        );
        for (let sample = from; sample < to; sample++) {
          const source = buffers.product / 4 + ldb * sample;
          const slope = buffers.derivative / 4 + ldb * sample;
          const target = buffers.result / 4 + ldi * sample;
          for (let row = 0; row < inputs; row++) {
            values[target + row] = values[source + row + 1] *
              values[slope + row + 1];
          }
        }
      },
      gradient,
      regularize,
    ],
    since: [
      undefined,
      undefined,
      undefined,
      () => {
        kernels.deltaProduct(
          ...[buffers.packed, outputs, inputs] as const,
          ...[buffers.delta, ldo, buffers.result, ldi, from, to] as const,
        );
        const at = 4 * ldi * from;
        kernels.sigmoidDerivative(
          ...[buffers.result + at, buffers.z + at, buffers.a + at] as const,
          ldi * (to - from),
        );
      },
      gradient,
      regularize,
    ],
  };
}
