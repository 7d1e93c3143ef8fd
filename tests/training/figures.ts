import type {
  BatchEvent,
  EpochEvent,
  Mlp,
  Samples,
  SparseSamples,
  TrainingRun,
  TrainOptions,
} from "../../mod.ts";

/** Epochs without the time that they took, which alone differs between equal trainings. */
export function figures(epochs: readonly EpochEvent[]) {
  return epochs.map(({ seconds: _, ...event }) => event);
}

/** A batch or an epoch that a training told of. */
export type Told =
  | { readonly type: "batch"; readonly batch: BatchEvent }
  | { readonly type: "epoch"; readonly epoch: EpochEvent };

/**
 * Trains, and returns every batch and epoch in their order.
 *
 * @param look Called after the options' own callbacks, and awaited; may stop the run.
 */
export async function told(
  mlp: Mlp,
  samples: Samples | SparseSamples,
  options: TrainOptions,
  look?: (event: Told, run: TrainingRun) => void | Promise<void>,
): Promise<Told[]> {
  const events: Told[] = [];
  const tell = async (event: Told) => {
    events.push(event);
    await look?.(event, run);
  };
  const run = mlp.fit(samples, {
    ...options,
    async onBatch(batch) {
      await options.onBatch?.(batch);
      await tell({ type: "batch", batch });
    },
    async onEpoch(epoch) {
      await options.onEpoch?.(epoch);
      await tell({ type: "epoch", epoch });
    },
  });
  await run;
  return events;
}

/** The events without the time that they took. */
export function eventFigures(events: readonly Told[]) {
  return events.map((event) =>
    event.type === "batch" ? event.batch : figures([event.epoch])[0]
  );
}
