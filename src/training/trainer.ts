import { StateError } from "../checks/errors.ts";
import { requireAgreement } from "../distributed/agree.ts";
import { sha256Of } from "../models/weights.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { requireSamples } from "../data/require_samples.ts";
import type { Engine } from "../engine/engine.ts";
import type { EpochEvent, History } from "../history/events.ts";
import type { SnapshotOptions, TrainingSnapshot } from "../history/snapshot.ts";
import { evaluate } from "../inference/evaluate.ts";
import type { ProviderName } from "../providers/names.ts";
import { prepareSamples } from "../samples/prepared_samples.ts";
import { SHUFFLE_STREAM } from "../units/initializers.ts";
import { Xoshiro128 } from "../units/random.ts";
import { trainEpochs } from "./epochs.ts";
import type { TrainOptions } from "./options/train_options.ts";
import { requireTrainOptions } from "./options/train_settings.ts";
import {
  gatherParts,
  requirePartsAsBefore,
  withOwnOrder,
} from "./part_progress.ts";
import type { PieceProgress } from "./piece_progress.ts";
import { prepareTraining, type TrainedNetwork } from "./prepare.ts";
import { newProgress, type Progress } from "./progress.ts";
import { batchesDone, lossesOf, snapshotOf } from "./snapshot.ts";
import { closeSession, openSession, type Session } from "./session.ts";
import {
  ONE_PASS,
  refuseOverEpochs,
  type SampleStream,
  trainStream,
} from "./stream.ts";
import { type RunLink, TrainingRun } from "./training_run.ts";

/** Machine code has the bits of WebAssembly. */
const SAME_BITS: readonly ProviderName[] = ["wasm", "native"];

/** Trains one network, one training at a time, and keeps the progress of the last one. */
export class Trainer {
  readonly #engine: Engine;
  readonly #network: TrainedNetwork;
  readonly #shuffles: Xoshiro128;
  readonly #changes: () => void;
  #busy = false;
  /** The session of the training in progress. */
  #session: Session | undefined;
  /** The progress of the last training, if its samples came in pieces. */
  #pieces: PieceProgress | undefined;
  /** The progress of the last training; after one that ended in the middle of a batch, as it was before that. */
  progress: Progress | undefined;

  /** @param changes Called before weights change. */
  constructor(engine: Engine, network: TrainedNetwork, changes: () => void) {
    this.#changes = changes;
    this.#engine = engine;
    this.#network = network;
    this.#shuffles = new Xoshiro128(network.seed, SHUFFLE_STREAM);
  }

  /**
   * Goes on from a checkpoint: the next training gets the orders that it would have got without a break. Where each rank has
   * samples of its own, that holds for one that goes on; a new one begins with the first orders again.
   */
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

  /** See {@linkcode Mlp.position}. */
  get position(): { readonly epoch: number; readonly batch: number } {
    const { epoch = 0, batch = 0 } = this.place("tell the position") ?? {};
    if (this.#pieces === undefined) return { epoch, batch };
    const own = this.#session === undefined ? 0 : batchesDone(this.#session);
    const { epoch: current, losses } = this.#pieces;
    return { epoch: current - 1, batch: losses.length + own };
  }

  /** See {@linkcode Mlp.fit}. */
  fit(
    source: Samples | SparseSamples | SampleStream,
    options: TrainOptions,
  ): TrainingRun {
    return new TrainingRun(async (link) => {
      if (this.#network.members > 1) {
        throw new StateError(
          "Cannot train as an ensemble is the mean of networks that are trained: train new ones with trainEnsemble()",
        );
      }
      if (this.#busy) {
        throw new StateError(
          "Cannot train as the network is being trained already",
        );
      }
      this.#busy = true;
      try {
        if (typeof source !== "function") {
          const orPieces =
            ", or a function that gives them in pieces, as () => pieces";
          requireSamples("train", "samples", source, orPieces);
          return await this.#train(source, options, link);
        }
        return await trainStream(source, options, link, {
          preset: this.#network.preset,
          train: (...piece) => this.#train(...piece),
          judge: async (samples) => {
            const held = await prepareSamples(
              "validate",
              this.#network,
              samples,
            );
            return () => evaluate(this.#engine, held);
          },
        });
      } finally {
        this.#busy = false;
      }
    }, {
      giveWay: () => void this.#engine.exclusive(() => Promise.resolve()),
      snapshot: (parts) => this.#snapshot(parts),
      requireAlone: (action) => this.#requireAlone(action),
    });
  }

  #requireAlone(action: string): void {
    if (this.#engine.communicator === undefined) return;
    throw new StateError(
      `Cannot ${action} as several processes train the network together`,
    );
  }

  #snapshot(parts: SnapshotOptions): Promise<TrainingSnapshot> {
    this.#requireAlone("take a snapshot");
    return this.#engine.exclusive(() => {
      if (this.#session !== undefined) {
        return Promise.resolve(snapshotOf(this.#session, parts));
      }
      throw new StateError(
        "Cannot take a snapshot as no training is under way: take it in 'onEpoch', or in a loop over 'fit()'",
      );
    });
  }

  /** See {@linkcode Mlp.partialFit}. */
  async partialFit(
    samples: Samples | SparseSamples,
    options: TrainOptions,
  ): Promise<EpochEvent> {
    const action = "make one pass";
    requireTrainOptions(action, options);
    refuseOverEpochs(action, options, ["epochs"]);
    requireSamples("train", "samples", samples);
    const run = this.fit(samples, { ...options, ...ONE_PASS });
    return (await run).epochs[0];
  }

  async #train(
    samples: Samples | SparseSamples,
    options: TrainOptions,
    link: RunLink,
    pieces?: PieceProgress,
  ): Promise<Omit<History, "epochs">> {
    requireTrainOptions("train", options);
    const { resume, signal, onStart, onBatch, onEpoch } = options;
    const last = resume === true
      ? this.place("go on with the training")
      : undefined;
    const prepared = await prepareTraining(
      this.#network,
      ...[samples, options, last, this.#engine.communicator] as const,
    );
    const { validation, counts } = prepared;
    await this.#requireAgreement(prepared);
    const session = await this.#open(prepared, options);
    const { progress, batches } = session;
    this.#pieces = session.pieces = pieces;
    session.noting = pieces?.noting ?? true;
    const isHeld = counts !== undefined && options.validationData === undefined;
    const held = isHeld ? counts.held : [validation?.count ?? 0];
    try {
      await onStart?.({
        samples: session.totalSamples,
        validationSamples: held.reduce((sum, each) => sum + each),
        batchSize: progress.settings.batchSize,
        batches,
      });
      const stopReason = await trainEpochs(session, this.#shuffles, {
        ...link,
        ...{ signal, onBatch, onEpoch, validation },
        // Those given to validate with are the same for all ranks.
        others: isHeld ? this.#engine.communicator : undefined,
      });
      const timings = progress.settings.timings
        ? this.#engine.optimizer.sliced?.timings
        : undefined;
      return {
        ...bestOf(progress),
        stopReason,
        ...(timings === undefined ? {} : { timings }),
      };
    } finally {
      await this.#engine.exclusive(() => {
        this.#session = undefined;
        pieces?.pieceDone(lossesOf(session), session.noting);
        closeSession(session);
        return Promise.resolve();
      });
    }
  }

  /** @throws {RangeError} If another rank has another network, other settings, or samples of another shape. */
  async #requireAgreement(
    { samples, settings, shared }: Awaited<ReturnType<typeof prepareTraining>>,
  ): Promise<void> {
    const { communicator, network } = this.#engine;
    if (communicator === undefined) return;
    const { name } = await this.#engine.provider();
    await requireAgreement(communicator, "train together", {
      inputs: samples.inputs,
      outputs: samples.outputs,
      samples: settings.partitioned ? "own" : samples.count,
      ...network,
      ...settings,
      seed: this.#network.seed,
      "checksum of the data": shared,
      skipZeros: this.#engine.compute.skipZeros,
      kernels: SAME_BITS.includes(name) ? SAME_BITS.join(" or ") : name,
      weights: await sha256Of(this.#engine.readWeights()),
      "updates so far": this.#engine.optimizer.stepsOf(settings.optimizer),
    });
  }

  /**
   * Allocates memory and copies the samples. If that fails, the last training and the coming sample orders are unchanged.
   */
  async #open(
    prepared: Awaited<ReturnType<typeof prepareTraining>>,
    options: TrainOptions,
  ): Promise<Session> {
    const { samples, counts } = prepared;
    const { state } = this.#shuffles;
    try {
      const progress = await this.#begin(prepared, options);
      const session = await this.#engine.exclusive(() =>
        openSession(
          this.#engine,
          samples,
          progress,
          {
            seed: this.#network.seed,
            samplesOfRanks: counts?.learned,
            spans: options.spans,
          },
        )
      );
      this.progress = progress;
      this.#session = session;
      this.#engine.torn = false;
      this.#changes();
      return session;
    } catch (error) {
      this.#shuffles.state = state;
      throw error;
    }
  }

  /** The progress that a training starts or continues from. */
  async #begin(
    { samples, settings, data, resumed }: Awaited<
      ReturnType<typeof prepareTraining>
    >,
    options: TrainOptions,
  ): Promise<Progress> {
    const { communicator, ranks } = this.#engine;
    const own = { samples: samples.count, data };
    const parts = communicator !== undefined && settings.partitioned
      ? await gatherParts(communicator, own, this.#shuffles.state)
      : undefined;
    if (resumed === undefined) {
      return newProgress(settings, samples.count, data, this.#shuffles, parts);
    }
    const { parts: before } = resumed;
    if (parts === undefined || before === undefined) return resumed;
    requirePartsAsBefore(before, parts, options);
    const now = before.map((part, rank) => ({
      ...part,
      data: parts[rank].data,
    }));
    return await withOwnOrder(resumed, now, ranks.rank);
  }
}

/** The facts about the best epoch, for the history. */
function bestOf(
  { best, settings: { monitor }, putBack, epoch, batch }: Progress,
): Pick<History, "bestEpoch" | "monitor" | "hasBestWeights"> {
  if (best === undefined) return {};
  const isLast = best.epoch === epoch && batch === 0;
  return {
    bestEpoch: best.epoch,
    monitor,
    hasBestWeights: putBack === true || isLast,
  };
}
