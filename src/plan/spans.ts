import type { Arena } from "../memory/arena.ts";
import type { Plan } from "./plan.ts";
import { SpanRing, spanRingBytes } from "../step/span_ring.ts";
import type { TimingSlot } from "../step/timing_slots.ts";
import { allSlots } from "./timings.ts";

/**
 * What a worker did in a span of time: an op, waiting for others (`barrier`), or `other`, such as claiming the next piece.
 * The spans of a worker don't overlap.
 *
 * @example
 * ```ts
 * import { Mlp, samplesFrom, type Span } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const run = mlp.fit(samples, { epochs: 2, spans: 1000 });
 * const show = ({ worker, name, begin, end }: Span) => console.log(worker, name, end - begin);
 * for await (const _ of run) (await run.snapshot()).spans.forEach(show);
 * ```
 */
export interface Span extends TimingSlot {
  /** Number of the worker, from 0. */
  readonly worker: number;
  /** Number of the update that it belongs to, from 1, over all epochs. */
  readonly step: number;
  /** Milliseconds since 1970, as `Date.now()` has them, with fractions. */
  readonly begin: number;
  /** Milliseconds since 1970. */
  readonly end: number;
}

function rings(arena: Arena, { spans }: Plan): SpanRing[] {
  if (spans === undefined) return [];
  const length = spanRingBytes(spans.room) / Float64Array.BYTES_PER_ELEMENT;
  return spans.rings.map((offset) =>
    new SpanRing(arena.doubles(offset, length))
  );
}

/** Forgets the spans of all workers, as memory may have others' numbers. */
export function clearSpans(arena: Arena, plan: Plan): void {
  for (const ring of rings(arena, plan)) ring.clear();
}

/** The spans that are kept, worker after worker, each from the oldest to the newest. Only while no worker runs. */
export function readSpans(arena: Arena, plan: Plan): Span[] {
  const slots = allSlots(plan);
  return rings(arena, plan).flatMap((ring, worker) =>
    ring.read().map(({ slot, ...span }) => ({
      worker,
      ...slots[slot],
      ...span,
    }))
  );
}
