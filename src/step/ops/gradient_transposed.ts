/** The gradient of layer 0 from sparse inputs that lie input by input. */
import { SPARSE_INPUTS, STRIP_BLOCKS } from "../../kernels/kernels.ts";
import type { SparseLayout } from "../data_layout.ts";
import {
  type Batch,
  clearColumns,
  type OpContext,
  shardOf,
  type ShardTarget,
  type TrainingBuffers,
} from "../op.ts";
import {
  partOf,
  type TransposedLayout,
  transposeUnit,
  transposeUnitBy,
  type UnitEntries,
} from "../transposed.ts";

/** `grad[0] = delta[1]·[1; A[0]]ᵀ`, a column a sum over the samples, of all or of those of a shard. */
export function gradientTransposedOp(
  { weights, batch, data, slots }: TrainingBuffers,
  { strips, shift, starts, entries, count }: SparseLayout,
  transposed: TransposedLayout,
  target: ShardTarget | undefined,
) {
  const [, delta] = batch.delta;
  const grad = target?.grads[0] ?? weights[0].grad;
  return {
    shard: target,
    code: "gradientTransposed" as const,
    slot: slots.add("backward", "gradient", 0),
    layer: 0,
    delta: delta.offset,
    ld: delta.ld,
    outputs: delta.rows,
    sparse: { strips, shift, starts, entries, count },
    transposed,
    indices: data.indices,
    grad: grad.offset,
  };
}

type GradientTransposed = ReturnType<typeof gradientTransposedOp>;

/** Runs a {@linkcode gradientTransposedOp}. */
export function gradientTransposed(
  context: OpContext,
  op: GradientTransposed,
  batch: Batch,
  from: number,
  to: number,
): void {
  const { kernels, memory } = context;
  const { ld, outputs, grad, transposed } = op;
  const { first, start, size } = shardOf(batch, op.shard);
  // The kernels have one sample at least.
  if (size === 0) {
    return clearColumns(memory, { grad, ldg: ld }, from, to);
  }
  const delta = op.delta + 4 * ld * first;
  if (from === 0) {
    kernels.biasGradient(delta, ld, outputs, size, grad);
  }
  const part = partOf(transposed.parts, batch.index, op.shard?.ith ?? 0);
  transposeOnce(context, op, { start, size, part }, from, to);
  const { strips, shift, partBytes, entries, places, zeros } = transposed;
  const starts = transposed.starts + partBytes * part;
  kernels.forwardSparse(
    // Behind the bias, which there is none of.
    delta - 4 * ld,
    ld,
    outputs,
    zeros,
    strips,
    shift,
    starts,
    entries,
    places,
    grad + 4 * ld,
    ld,
    from,
    to,
  );
}

/** A part of a batch, and its samples. */
interface Part {
  readonly start: number;
  readonly size: number;
  readonly part: number;
}

/** Transposes what hasn't been yet. Nobody else has the same inputs of the batch. */
function transposeOnce(
  { kernels, memory: { buffer } }: OpContext,
  op: GradientTransposed,
  { start, size, part }: Part,
  from: number,
  to: number,
): void {
  const { units, bases, done, strips, shift, ...at } = op.transposed;
  const end = Math.ceil(to / SPARSE_INPUTS);
  const isDone = new Int32Array(buffer, done + 4 * units * part, units);
  const columnBytes = 4 * op.ld;
  let source: Omit<UnitEntries, "ranges"> | undefined;
  for (let unit = from / SPARSE_INPUTS; unit < end; unit++) {
    if (isDone[unit] === 1) continue;
    isDone[unit] = 1;
    const { entries, count } = op.sparse;
    const [base] = new Int32Array(
      buffer,
      bases + 4 * (units * part + unit),
      1,
    );
    const unitStarts = STRIP_BLOCKS * strips << shift;
    const first = at.starts + at.partBytes * part + 4 * unitStarts * unit;
    const starts = new Int32Array(buffer, first, unitStarts);
    if (kernels.transposeEntries !== undefined) {
      const indices = op.indices + 4 * start;
      const firstColumn = columnBytes * SPARSE_INPUTS * unit;
      const { stripSamples } = at;
      transposeUnitBy(
        (writes, cursors) =>
          kernels.transposeEntries!(
            writes,
            { ...op.sparse, indices, size },
            unit,
            {
              ...{ firstColumn, columnBytes, ...cursors, stripSamples },
              entries: at.entries,
            },
          ),
        base,
        starts,
        first,
      );
      continue;
    }
    source ??= {
      columnBytes,
      columns: new Int32Array(buffer, entries, 2 * count),
      values: new Float32Array(buffer, entries, 2 * count),
    };
    transposeUnit(
      { ...source, ranges: rangesOf(buffer, op, { start, size }, unit) },
      unit,
      op.transposed,
      base,
      starts,
      {
        columns: new Int32Array(buffer, at.entries, 2 * count),
        values: new Float32Array(buffer, at.entries, 2 * count),
      },
    );
  }
}

/** Where the entries of a unit start and end in each sample. */
function rangesOf(
  buffer: ArrayBufferLike,
  { sparse: { strips, shift, starts }, indices }: GradientTransposed,
  { start, size }: Pick<Part, "start" | "size">,
  unit: number,
): Int32Array {
  const samples = new Int32Array(buffer, indices + 4 * start, size);
  const strip = Math.floor(unit / STRIP_BLOCKS);
  const ranges = new Int32Array(2 * size);
  const words = new Int32Array(buffer);
  for (let s = 0; s < size; s++) {
    const sample = samples[s];
    const group = sample >> shift;
    const place = (group * (strips - 1) + strip << shift) + sample;
    const block = STRIP_BLOCKS * place + unit % STRIP_BLOCKS;
    ranges[2 * s] = words[starts / 4 + block];
    ranges[2 * s + 1] = words[starts / 4 + block + 1];
  }
  return ranges;
}
