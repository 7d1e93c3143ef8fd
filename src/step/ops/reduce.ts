/** Sums that one worker makes alone, when a stage is done: in ascending order, so that they are always the same. */
import { type StatisticName, STATISTICS } from "../statistics.ts";
import { shardRange, type Shards } from "../shards.ts";
import type { Batch, OpContext, TrainingBuffers } from "../op.ts";

/**
 * Sums floats to one number in the batch's row of {@linkcode STATISTICS}.
 *
 * @param count How many there are; or the shards, where there is one for each sample of the batch: then each shard has a row.
 */
export function reduceOp(
  { data, slots, training }: TrainingBuffers,
  name: StatisticName,
  values: number,
  count: number | (Shards & { readonly unit: number }),
) {
  return {
    code: "reduce" as const,
    slot: slots.add("cost", `sum of ${name}`, 0),
    ...{ values, count },
    /** Float64 rows of {@linkcode STATISTICS}, one for each shard of each batch of the epoch. */
    statistics: data.statistics,
    rows: training.shards,
    statistic: STATISTICS.indexOf(name),
  };
}

/** Runs a {@linkcode reduceOp}. */
export function reduce(
  { memory }: OpContext,
  op: ReturnType<typeof reduceOp>,
  { size, index }: Batch,
): void {
  const { count } = op;
  if (typeof count === "number") {
    sum(memory, op, op.rows * index, 0, count);
    return;
  }
  for (let shard = count.from; shard < count.to; shard++) {
    const range = shardRange(size, count, shard, count.unit);
    sum(memory, op, op.rows * index + shard, ...range);
  }
}

function sum(
  { buffer }: WebAssembly.Memory,
  { values, statistics, statistic }: ReturnType<typeof reduceOp>,
  row: number,
  from: number,
  to: number,
): void {
  let sum = 0;
  const all = new Float32Array(buffer, values, to);
  // Not by an iterator: the others wait meanwhile.
  for (let n = from; n < to; n++) sum += all[n];
  const at = statistics + 8 * STATISTICS.length * row;
  new Float64Array(buffer, at, STATISTICS.length)[statistic] = sum;
}
