import type { Arena } from "../memory/arena.ts";
import type { Plan } from "./plan.ts";
import type { TimingSlot } from "../step/timing_slots.ts";

/**
 * The time of one kind of op, as the mean over the workers.
 *
 * @example
 * ```ts
 * import { Mlp, samplesFrom, type Timing } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const { epochs } = await mlp.fit(samples, { epochs: 1, timings: true });
 * const show = ({ part, name, milliseconds }: Timing) => console.log(part, name, milliseconds);
 * epochs[0].timings?.forEach(show);
 * ```
 */
export interface Timing extends TimingSlot {
  /** Time in an epoch, in milliseconds. */
  readonly milliseconds: number;
}

/** Views of the workers' tables: for each worker, milliseconds for each slot, then at barriers, then all the rest. */
function tables(arena: Arena, plan: Plan): Float64Array[] {
  return plan.timings.map((offset) =>
    arena.doubles(offset, plan.slots.length + 2)
  );
}

/** Sets the tables of all workers to zero. */
export function clearTimings(arena: Arena, plan: Plan): void {
  for (const table of tables(arena, plan)) table.fill(0);
}

/** Those of the ops, then the wait at barriers, and all the rest. */
export function allSlots(plan: Plan): TimingSlot[] {
  return [
    ...plan.slots,
    { part: "barrier", name: "wait", layer: 0 },
    { part: "other", name: "rest", layer: 0 },
  ];
}

/**
 * Reads the mean over the workers since the tables were cleared. What one worker does with other ranks while all the others
 * wait at the barrier is theirs too: it counts whole, and not as waiting.
 */
export function readTimings(arena: Arena, plan: Plan): Timing[] {
  const all = tables(arena, plan);
  const rows = allSlots(plan).map((slot, at) => {
    const sum = all.reduce((sum, table) => sum + table[at], 0);
    const together = slot.part === "communication";
    return { ...slot, milliseconds: together ? sum : sum / all.length };
  });
  const others = rows.filter(({ part }) => part === "communication")
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0) *
    (1 - 1 / all.length);
  return rows.map((row) =>
    row.part === "barrier"
      ? { ...row, milliseconds: Math.max(0, row.milliseconds - others) }
      : row
  );
}
