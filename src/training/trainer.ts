import { StateError } from "../checks/errors.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { SHUFFLE_STREAM } from "../units/initializers.ts";
import type { PresetName } from "../units/presets.ts";
import { Xoshiro128 } from "../units/random.ts";
import type { Engine } from "../engine/engine.ts";
import type { EpochEvent } from "../history/events.ts";
import { evaluate, type Evaluation } from "../inference/infer.ts";
import {
  type PreparedSamples,
  prepareSamples,
} from "../samples/prepared_samples.ts";
import type { Progress } from "./progress.ts";
import { closeSession, openSession, type Session } from "./session.ts";
import { type Start, startTraining, type TrainedNetwork } from "./start.ts";
import { train, type TrainingEvent } from "./train.ts";
import type { TrainOptions } from "./options/train_options.ts";
import { requireTrainOptions } from "./options/train_settings.ts";

/** Trains one network, one training at a time, and knows where the last one stands. */
export class Trainer {
  readonly #engine: Engine;
  readonly #network: TrainedNetwork;
  readonly #shuffles: Xoshiro128;
  #busy = false;
  /** Where the last training stands, or stood before it ended in the middle of a batch. */
  progress: Progress | undefined;

  constructor(engine: Engine, network: TrainedNetwork) {
    this.#engine = engine;
    this.#network = network;
    this.#shuffles = new Xoshiro128(network.seed, SHUFFLE_STREAM);
  }

  /** Whose defaults the trainings have. */
  get preset(): PresetName {
    return this.#network.preset;
  }

  /** Goes on from a checkpoint: the next training gets the orders that it would have got without a break. */
  restore(progress: Progress): void {
    this.progress = progress;
    this.#shuffles.state = progress.shuffles;
  }

  /**
   * Where the last training stands, if there was one.
   *
   * @throws {StateError} If it ended in the middle of a batch.
   */
  place(action: string): Progress | undefined {
    if (!this.#engine.torn) return this.progress;
    throw new StateError(
      `Cannot ${action} as the last training ended in the middle of a batch: train anew, or go on from an earlier checkpoint`,
    );
  }

  /**
   * Keeps others from training the network until what is returned is disposed.
   *
   * @throws {StateError} If it is being trained already.
   */
  claim(): Disposable {
    if (this.#busy) {
      throw new StateError(
        "Cannot train as the network is being trained already",
      );
    }
    this.#busy = true;
    return {
      [Symbol.dispose]: () => {
        this.#busy = false;
      },
    };
  }

  /** Checks the options at once, so that a mistake shows where it was made; trains when it is asked for events. */
  events(
    samples: Samples | SparseSamples,
    options: TrainOptions,
    everyBatch: boolean,
    claimed = false,
  ): AsyncGenerator<TrainingEvent, void, undefined> {
    requireTrainOptions("train", options);
    const start = startTraining(
      this.#network,
      samples,
      options,
      options.resume === true
        ? this.place("go on with the training")
        : undefined,
    );
    return this.#run(start, options, everyBatch, claimed);
  }

  /**
   * The events of epochs alone.
   *
   * @param claimed Whether the caller has claimed the network.
   */
  epochs(
    samples: Samples | SparseSamples,
    options: TrainOptions,
    claimed = false,
  ): AsyncGenerator<EpochEvent, void, undefined> {
    const everyBatch = options?.onBatch !== undefined;
    const events = this.events(samples, options, everyBatch, claimed);
    return (async function* () {
      for await (const event of events) {
        if (event.type === "epoch") yield event.epoch;
      }
    })();
  }

  /** Prepares samples that the network is judged by more than once. They are not to be changed until the last time. */
  async validator(
    samples: Samples | SparseSamples,
  ): Promise<() => Promise<Evaluation>> {
    const prepared = await prepareSamples("validate", this.#network, samples);
    return () => evaluate(this.#engine, prepared);
  }

  async *#run(
    start: Start,
    { signal, onStart, onBatch, onEpoch }: TrainOptions,
    everyBatch: boolean,
    claimed: boolean,
  ): AsyncGenerator<TrainingEvent, void, undefined> {
    using _claim = claimed ? undefined : this.claim();
    const task = {
      ...await start.prepare(),
      seed: this.#network.seed,
      everyBatch,
      ...(signal === undefined ? {} : { signal }),
    };
    const { progress, session } = await this.#open(start, task.samples);
    try {
      const { samples, settings: { batchSize } } = progress;
      await onStart?.({
        samples,
        validationSamples: task.validation?.count ?? 0,
        batchSize,
        batches: session.batches,
      });
      const events = train(
        this.#engine,
        session,
        task,
        progress,
        this.#shuffles,
      );
      for await (const event of events) {
        if (event.type === "batch") await onBatch?.(event.batch);
        else await onEpoch?.(event.epoch);
        yield event;
      }
    } finally {
      await this.#engine.exclusive(() => {
        closeSession(this.#engine, session);
        return Promise.resolve();
      });
    }
  }

  /** Takes memory and copies the samples; what fails then leaves the last training, and the orders to come, as they are. */
  async #open(
    start: Start,
    samples: PreparedSamples,
  ): Promise<{ readonly progress: Progress; readonly session: Session }> {
    const { state } = this.#shuffles;
    try {
      const progress = start.progress(this.#shuffles);
      const session = await this.#engine.exclusive(() =>
        openSession(this.#engine, samples, progress.settings, progress.order)
      );
      this.progress = progress;
      this.#engine.torn = false;
      return { progress, session };
    } catch (error) {
      this.#shuffles.state = state;
      throw error;
    }
  }
}
