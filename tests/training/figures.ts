import type { EpochEvent, TrainingEvent } from "../../mod.ts";

/** Epochs without the time that they took, which alone differs between equal trainings. */
export function figures(epochs: readonly EpochEvent[]) {
  return epochs.map(({ seconds: _, ...event }) => event);
}

/** The same for the events of batches and epochs. */
export function eventFigures(events: readonly TrainingEvent[]) {
  return events.map((event) =>
    event.type === "batch" ? event.batch : figures([event.epoch])[0]
  );
}
