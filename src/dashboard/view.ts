/** The state of a training, as it is sent to pages. */
import type { EpochEvent } from "../history/events.ts";
import type { TrainingSnapshot } from "../history/snapshot.ts";
import { BatchLosses } from "./batch_losses.ts";
import type { News } from "./feed.ts";

/** What a training does. */
export type Phase = "starting" | "training" | "paused" | "ended" | "failed";

/** Points of a curve that a page gets at once. */
const MOST_POINTS = 2_000;

/** All that is known, and which of it is new to whom. */
export class View {
  /** What stays the same, for a page that opens. */
  hello: object = {};
  readonly losses: BatchLosses = new BatchLosses();
  readonly #epochs: object[] = [];
  #phase: Phase = "starting";
  #message: string | undefined;
  #place: Pick<TrainingSnapshot, "epoch" | "batch" | "batches"> | undefined;
  /** Parts that replace what was told before, and how often they changed. */
  readonly #parts = new Map<string, { value: unknown; version: number }>();
  #version = 0;

  get phase(): Phase {
    return this.#phase;
  }

  /** @param message Why, for people. */
  setPhase(phase: Phase, message?: string): void {
    this.#phase = phase;
    this.#message = message;
    this.#tellNow();
  }

  /** What is known after an epoch. */
  addEpoch(
    { epoch, seconds, learningRate, loss, accuracy, validation }: EpochEvent,
  ): void {
    this.#epochs.push({
      ...{ epoch, seconds, learningRate, loss, accuracy },
      validationLoss: validation?.loss,
      validationAccuracy: validation?.accuracy ?? validation?.r2,
    });
    this.#tellNow();
  }

  /** Where the training stands. */
  addSnapshot(snapshot: TrainingSnapshot): void {
    const { epoch, batch, batches } = snapshot;
    this.#place = { epoch, batch, batches };
    this.losses.add(snapshot);
    this.#tellNow();
  }

  #tellNow(): void {
    const { phase } = this;
    this.set("now", { phase, message: this.#message, ...this.#place });
  }

  /** Replaces a part: `spans`, `values`, `result`. */
  set(name: string, value: unknown): void {
    this.#parts.set(name, { value, version: ++this.#version });
  }

  /** What is new to one page, each time it asks. */
  news(): News {
    let [greeted, epochs, batches, version] = [false, 0, 0, 0];
    return () => {
      const parts = [...this.#parts].filter(([_, part]) =>
        part.version > version
      );
      if (
        greeted && parts.length === 0 && epochs === this.#epochs.length &&
        batches === this.losses.count
      ) return undefined;
      const told = {
        ...(greeted ? {} : { hello: this.hello }),
        ...Object.fromEntries(parts.map(([name, { value }]) => [name, value])),
        epochs: thinned(this.#epochs, epochs),
        batches: this.losses.since(batches, MOST_POINTS),
      };
      greeted = true;
      epochs = this.#epochs.length;
      batches = this.losses.count;
      version = this.#version;
      return JSON.stringify(told);
    };
  }
}

/** Those from a place on; of many, some, the last one among them. */
function thinned<T>(values: readonly T[], from: number): T[] {
  const step = Math.ceil((values.length - from) / MOST_POINTS);
  return values.slice(from).filter((_, at, all) =>
    (all.length - 1 - at) % step === 0
  );
}
