/** The article's parts of a training step, for the table of timings. */
export type TimingPart =
  | "gather"
  | "forward"
  | "cost"
  | "error"
  | "backward"
  | "update"
  | "communication"
  | "barrier"
  | "other";

/**
 * A row of the table of timings.
 *
 * @example
 * ```ts
 * import { type TimingSlot } from "@lockstep/lockstep";
 *
 * const slot: TimingSlot = { part: "forward", name: "product", layer: 1 };
 * console.log(`${slot.part}: ${slot.name} of layer ${slot.layer}`);
 * ```
 */
export interface TimingSlot {
  /** The part of the step. */
  readonly part: TimingPart;
  /** What is timed, such as `product` or `activation`. */
  readonly name: string;
  /** The layer whose values are computed, or whose weights. */
  readonly layer: number;
}

/** Collects the names of what is timed while the ops are made. */
export class Slots {
  readonly list: TimingSlot[] = [];

  add(part: TimingPart, name: string, layer: number): number {
    return this.list.push({ part, name, layer }) - 1;
  }
}
