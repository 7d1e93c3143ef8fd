/** Sums that one worker makes alone, when a stage is done: in ascending order, so that they are always the same. */
import { type StatisticName, STATISTICS } from "../statistics.ts";
import type { Batch, OpContext, TrainingBuffers } from "../op.ts";

/**
 * Sums floats to one number in the batch's row of {@linkcode STATISTICS}.
 *
 * @param count How many there are, or one for each sample of the batch.
 */
export function reduceOp(
  { data, slots }: TrainingBuffers,
  name: StatisticName,
  values: number,
  count: number | "batch",
) {
  return {
    code: "reduce" as const,
    slot: slots.add("cost", `sum of ${name}`, 0),
    ...{ values, count },
    /** Float64 row of {@linkcode STATISTICS} for each batch of the epoch. */
    statistics: data.statistics,
    statistic: STATISTICS.indexOf(name),
  };
}

/** Runs a {@linkcode reduceOp}. */
export function reduce(
  { memory }: OpContext,
  op: ReturnType<typeof reduceOp>,
  { size, index }: Batch,
): void {
  const count = op.count === "batch" ? size : op.count;
  let sum = 0;
  const values = new Float32Array(memory.buffer, op.values, count);
  // Not by an iterator: the others wait meanwhile.
  for (let n = 0; n < count; n++) sum += values[n];
  const row = op.statistics + 8 * STATISTICS.length * index;
  new Float64Array(memory.buffer, row, STATISTICS.length)[op.statistic] = sum;
}
