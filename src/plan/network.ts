import type { ActivationName, LossName } from "../network/activations.ts";
import type { TimingPart, TimingSlot } from "./ops.ts";

/** What the network is, as far as a plan has to know. */
export interface Network {
  /** Nodes of each layer, from the input to the output. */
  readonly layers: readonly number[];
  readonly activation: ActivationName;
  readonly loss: LossName;
}

/** What is trained how, as far as it doesn't change from epoch to epoch. */
export interface Training {
  readonly l1: number;
  readonly l2: number;
  readonly momentum: number;
}

/** Collects the names of what is timed while the ops are made. */
export class Slots {
  readonly list: TimingSlot[] = [];

  add(part: TimingPart, name: string, layer: number): number {
    return this.list.push({ part, name, layer }) - 1;
  }
}
