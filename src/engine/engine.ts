import { StateError } from "../checks/errors.ts";
import { Arena } from "../memory/arena.ts";
import type { Communicator } from "../distributed/communicator.ts";
import { COLLECTIVE_CONTROL_BYTES } from "../step/collectives.ts";
import { layOutWeights, type WeightLayout } from "../step/layout.ts";
import { ONE_RANK, type Ranks } from "../step/ranks.ts";
import type { Network } from "../step/network.ts";
import { OptimizerState } from "./optimizer_state.ts";
import { withOthers } from "./with_others.ts";
import { Turns } from "./turns.ts";
import type { Plan, PlanContext, Run } from "../plan/plan.ts";
import { packingPlan } from "../plan/inference_plan.ts";
import { CONTROL_BYTES } from "../pool/control.ts";
import { WorkerStopped } from "../pool/worker_handle.ts";
import { makePool } from "../pool/make_pool.ts";
import type { Pool } from "../pool/pool.ts";
import { PROVIDERS } from "../providers/providers.ts";
import {
  chooseProvider,
  type ChosenProvider,
  type ComputeSettings,
} from "./choose_kernels.ts";

/** The numbers of a run without training. */
export const ONE_BATCH = {
  batches: 1,
  from: 0,
  to: 1,
  learningRate: 0,
  steps: 0,
  seed: 0,
  timings: false,
} as const;

/**
 * A network in shared memory and the workers that compute with it. Each call takes them for {@linkcode Engine.exclusive}
 * use, so that calls that overlap run one after another.
 */
export class Engine {
  readonly arena: Arena = new Arena();
  readonly network: Network;
  readonly workers: number;
  readonly weights: readonly WeightLayout[];
  readonly compute: ComputeSettings;
  /** The processes that train the network together, if there are several. */
  readonly communicator: Communicator | undefined;
  readonly ranks: Ranks;
  readonly optimizer: OptimizerState;
  /** Whether a training ended in the middle of a batch, so that its position is unknown. */
  torn = false;
  readonly #control: number;
  readonly #packing: Plan;
  /** How many of the first layers have outdated packed copies of their weights. */
  #staleLayers: number;
  #pool: Pool | undefined;
  readonly #turns = new Turns();
  /** Whether workers write the weights. */
  #training = false;
  /** Whether the last run was begun by workers. */
  #started = false;
  #disposed = false;
  /** Whether the provider was told of the memory. */
  #taken = false;

  /** @throws {RangeError} If the network doesn't fit into memory. */
  constructor(
    network: Network,
    workers: number,
    compute: ComputeSettings,
    communicator?: Communicator,
  ) {
    this.network = network;
    this.communicator = communicator;
    this.workers = workers;
    this.compute = compute;
    const { layers } = network;
    const purpose = `weights of layers ${layers.join("-")}`;
    const ranks = ONE_RANK;
    const { control, collect, weights, packing } = this.arena.layOut(
      purpose,
      (arena) => {
        const control = arena.allocate(CONTROL_BYTES);
        const collect = arena.allocate(COLLECTIVE_CONTROL_BYTES);
        const weights = layOutWeights(arena, layers, communicator?.size);
        const context = { arena, network, workers, weights, ranks };
        return {
          ...{ control, collect, weights },
          packing: packingPlan({ ...context, blas: false }),
        };
      },
    );
    this.#control = control;
    this.ranks = communicator === undefined ? ranks : {
      rank: communicator.rank,
      size: communicator.size,
      control: collect,
    };
    this.weights = weights;
    this.optimizer = new OptimizerState(this.arena, weights, communicator);
    this.#packing = packing;
    this.#staleLayers = this.weights.length;
  }

  /**
   * Chooses the provider of kernels, before memory is allocated.
   *
   * @throws {StateError} If the provider that was asked for can't be used here, or the network was disposed.
   */
  async provider(): Promise<ChosenProvider> {
    const { kernels } = this.compute;
    const chosen = await chooseProvider(kernels, this.network);
    if (!this.#taken) {
      this.#taken = true;
      await PROVIDERS[chosen.name].takeMemory?.(this.arena.memory);
    }
    this.#requireUndisposed();
    return chosen;
  }

  /** What plans of this network need to know. */
  context({ name }: ChosenProvider): PlanContext {
    const { arena, network, workers, weights, ranks } = this;
    const { blas } = PROVIDERS[name];
    return { arena, network, workers, weights, ranks, blas };
  }

  /** Copies of `W[N]` without padding, `O × (I+1)` floats each, column-major. */
  readWeights(): Float32Array<ArrayBuffer>[] {
    return this.weights.map(({ w }) => this.arena.matrix(w).toPacked());
  }

  /** Writes what {@linkcode Engine.readWeights} returns; the optimizer starts anew. */
  writeWeights(values: readonly Float32Array[]): void {
    for (const [n, { w }] of this.weights.entries()) {
      this.arena.matrix(w).fromPacked(values[n]);
    }
    this.#staleLayers = this.weights.length;
    this.optimizer.restart();
  }

  /**
   * Waits for all earlier calls, then gives `use` memory and workers to itself until it is done. A training lets other
   * calls in between two batches.
   */
  exclusive<T>(use: () => Promise<T>): Promise<T> {
    return this.#turns.take(use);
  }

  /**
   * Runs a plan that writes no weights. Only within {@linkcode Engine.exclusive}.
   *
   * @throws {Error} If the network was disposed, or a worker fails.
   */
  async run(plan: Plan, run: Run): Promise<void> {
    const stages = await this.#run(plan, run, { writes: false });
    if (stages === undefined) return;
    this.#requireUndisposed();
    throw new WorkerStopped();
  }

  /**
   * Runs batches of a plan that writes weights. Only within {@linkcode Engine.exclusive}.
   *
   * @param signal Stops between two batches.
   * @returns How many batches were done: all, unless it was stopped or another call waits.
   *
   * @throws {Error} If the network was disposed, or a worker fails: then some batch may be done in part.
   */
  async train(plan: Plan, run: Run, signal?: AbortSignal): Promise<number> {
    try {
      const work = (end: AbortSignal | undefined) =>
        this.#run(plan, run, { writes: true, signal, end });
      // Ranks go on together, whoever waits in one of them.
      const stages = this.communicator === undefined
        ? await this.#turns.giveWay(signal, work)
        : await work(signal);
      const batches = stages === undefined
        ? run.to - run.from
        : stages / plan.stages.length;
      this.optimizer.steps += batches;
      return batches;
    } catch (error) {
      if (this.#started) {
        this.torn = true;
        this.optimizer.restart();
      }
      throw error;
    }
  }

  /** @throws {StateError} While workers write the weights. */
  requireReadable(action: string): void {
    if (!this.#training) return;
    throw new StateError(
      `Cannot ${action} as workers are changing the weights: do so in 'onEpoch' or 'onBatch', in a loop over 'fit()', or when the training is over`,
    );
  }

  /** @throws {StateError} While workers compute with the weights. */
  requireWritable(action: string): void {
    if (!this.#turns.taken) return;
    throw new StateError(
      `Cannot ${action} as workers are computing with them: await the call under way, or do so in 'onEpoch', 'onBatch' or a loop over 'fit()'`,
    );
  }

  /** Returns how many stages were done, if the run was stopped. */
  async #run(
    plan: Plan,
    run: Run,
    { writes, signal, end }: {
      readonly writes: boolean;
      /** Ends the start of the workers. */
      readonly signal?: AbortSignal | undefined;
      readonly end?: AbortSignal | undefined;
    },
  ): Promise<number | undefined> {
    this.#started = false;
    const pool = await this.#openPool(signal);
    if (pool === undefined) return 0;
    try {
      if (this.#staleLayers > plan.packedFrom) {
        await pool.run(this.#packing, { ...ONE_BATCH, samples: 1 });
        this.#staleLayers = 0;
      }
      this.#started = !pool.closed;
      // All of them, until the run has ended as it should: a column and its copy are not written at once.
      this.#staleLayers = this.weights.length;
      this.#training = writes;
      const stages = await withOthers(
        this,
        plan.collectives,
        () => pool.run(plan, run, end),
      );
      this.arena.checkGuards();
      this.#staleLayers = plan.packedFrom;
      return stages;
    } catch (error) {
      // What the pool says then is true, but it isn't the reason.
      if (error instanceof WorkerStopped || error instanceof StateError) {
        this.#requireUndisposed();
      }
      throw error;
    } finally {
      this.#training = false;
    }
  }

  #requireUndisposed(): void {
    if (!this.#disposed) return;
    throw new StateError("Cannot compute as the network was disposed");
  }

  /** The workers, started if necessary; `undefined` if the signal is aborted meanwhile. */
  async #openPool(signal?: AbortSignal): Promise<Pool | undefined> {
    const { name, setup } = await this.provider();
    if (this.#pool?.forced) {
      throw new StateError(
        "Cannot compute as a worker had to be ended in the middle of a run: make the network anew",
      );
    }
    if (this.#pool?.closed === false) return this.#pool;
    const pool = makePool({
      arena: this.arena,
      control: this.#control,
      workers: this.workers,
      provider: { name, setup },
    });
    await this.#pool?.dispose();
    this.#pool = pool;
    const stop = () => void pool.dispose();
    signal?.addEventListener("abort", stop);
    try {
      await pool.start();
    } catch (error) {
      if (!(error instanceof WorkerStopped)) throw error;
      this.#requireUndisposed();
      if (signal?.aborted) return undefined;
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    return pool;
  }

  /** Lets the workers forget a plan that won't be run again. */
  forget(plan: Plan): void {
    this.#pool?.forget(plan);
  }

  /** Ends the workers, within a second. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#pool?.dispose();
    this.arena.checkGuards();
  }
}
