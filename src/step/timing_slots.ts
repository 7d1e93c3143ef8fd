/** The parts of a training step, as in the tables of the article series. */
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
  /** The layer whose values or weights are computed. */
  readonly layer: number;
}

/** Collects the names of what is timed while the ops are made. Ops of the same name and layer have a slot in common. */
export class Slots {
  readonly #slots: { readonly slot: TimingSlot; bytes: number }[] = [];

  /** @param bytes What the op sends to other ranks in a step: told with the name, of all ops of the slot together. */
  add(part: TimingPart, name: string, layer: number, bytes = 0): number {
    const isSame = ({ slot }: { readonly slot: TimingSlot }) =>
      slot.part === part && slot.name === name && slot.layer === layer;
    const at = this.#slots.findIndex(isSame);
    if (at === -1) {
      return this.#slots.push({ slot: { part, name, layer }, bytes }) - 1;
    }
    this.#slots[at].bytes += bytes;
    return at;
  }

  get list(): TimingSlot[] {
    return this.#slots.map(({ slot, bytes }) => {
      if (bytes === 0) return slot;
      const sent = `${Math.ceil(bytes / 1000)} kB a step`;
      return { ...slot, name: `${slot.name}, ${sent}` };
    });
  }
}
