import { StateError } from "../errors.ts";
import { Arena } from "../memory/arena.ts";
import {
  layOutWeights,
  networkBytes,
  type WeightLayout,
} from "../step/layout.ts";
import type { Network, OptimizerName } from "../step/network.ts";
import type { Plan, PlanContext, Run } from "../step/plan.ts";
import { packingPlan } from "../step/inference_plan.ts";
import { CONTROL_BYTES } from "../pool/control.ts";
import type { KernelSetName } from "../pool/messages.ts";
import { WorkerPool } from "../pool/worker_pool.ts";
import type { BlasSearch } from "../kernels/blas.ts";
import { searchBlas } from "./choose_kernels.ts";

/** What a run needs to know that trains nothing. */
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
 * A network in shared memory and the workers that compute with it. Whoever wants both asks for
 * {@linkcode Engine.exclusive} use, so that calls which overlap are done one after another.
 */
export class Engine {
  readonly arena: Arena = new Arena();
  readonly network: Network;
  readonly workers: number;
  readonly weights: readonly WeightLayout[];
  readonly kernels: KernelSetName;
  readonly #control: number;
  readonly #packing: Plan;
  /** Updates of the weights since the optimizer began. */
  steps = 0;
  #optimizer: OptimizerName = "article";
  /** How many of the first layers have packed copies of weights that aren't up to date. */
  #staleLayers: number;
  #pool: WorkerPool | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;

  /** @throws {RangeError} If the network doesn't fit into memory. */
  constructor(network: Network, workers: number, kernels: KernelSetName) {
    this.network = network;
    this.workers = workers;
    this.kernels = kernels;
    this.arena.reserve(
      networkBytes(network.layers),
      `weights of layers ${network.layers.join("-")}`,
    );
    this.#control = this.arena.allocate(CONTROL_BYTES);
    this.weights = layOutWeights(this.arena, network.layers);
    this.#packing = packingPlan(this.context(false));
    this.#staleLayers = this.weights.length;
  }

  /** What plans of this network need to know. */
  context(blas: boolean): PlanContext {
    const { arena, network, workers, weights } = this;
    return { arena, network, workers, weights, blas };
  }

  /**
   * Finds the BLAS of the machine, if the kernel set may use one.
   *
   * @throws {Error} If there is none, and it was asked for.
   */
  async blas(): Promise<BlasSearch> {
    return await searchBlas(this.kernels);
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
    this.#restartOptimizer();
  }

  /** Goes on with what the optimizer keeps, if it is the same one as before; else starts anew. */
  useOptimizer(optimizer: OptimizerName): void {
    if (optimizer !== this.#optimizer) this.#restartOptimizer();
    this.#optimizer = optimizer;
  }

  #restartOptimizer(): void {
    this.steps = 0;
    for (const moment of this.weights.flatMap(({ moments }) => moments)) {
      this.arena.matrix(moment).values.fill(0);
    }
  }

  /** Copies of what the optimizer keeps, two arrays for each layer, shaped as the weights. */
  readMoments(): Float32Array<ArrayBuffer>[] {
    return this.weights.flatMap(({ moments }) =>
      moments.map((moment) => this.arena.matrix(moment).toPacked())
    );
  }

  /** Writes what {@linkcode Engine.readMoments} returns, after the weights. */
  writeMoments(
    optimizer: OptimizerName,
    steps: number,
    values: readonly Float32Array[],
  ): void {
    const moments = this.weights.flatMap(({ moments }) => moments);
    for (const [at, moment] of moments.entries()) {
      this.arena.matrix(moment).fromPacked(values[at]);
    }
    this.#optimizer = optimizer;
    this.steps = steps;
  }

  /** Waits for everyone who came before, then has memory and workers to itself until `use` is done. */
  exclusive<T>(use: () => Promise<T>): Promise<T> {
    const result = this.#last.then(use);
    this.#last = result.catch(() => {});
    return result;
  }

  /**
   * Runs a plan. Only within {@linkcode Engine.exclusive}.
   *
   * @throws {Error} If the network was disposed, or a worker fails.
   */
  async run(plan: Plan, run: Run): Promise<void> {
    if (this.#disposed) {
      throw new StateError("Cannot compute as the network was disposed");
    }
    if (this.#pool === undefined || this.#pool.closed) {
      const { path } = await this.blas();
      this.#pool = await WorkerPool.start({
        arena: this.arena,
        control: this.#control,
        workers: this.workers,
        kernels: this.kernels,
        ...(path === undefined ? {} : { blas: path }),
      });
    }
    if (this.#staleLayers > plan.packedFrom) {
      await this.#pool.run(this.#packing, {
        ...ONE_BATCH,
        samples: 1,
      });
      this.#staleLayers = 0;
    }
    this.#staleLayers = Math.max(this.#staleLayers, plan.packedFrom);
    await this.#pool.run(plan, run);
  }

  /** Lets the workers forget a plan that won't be run again. */
  forget(plan: Plan): void {
    this.#pool?.forget(plan);
  }

  /** Ends the workers. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    // First what runs now, so that it ends early; then a pool that was about to start.
    await this.#pool?.dispose();
    await this.#last;
    await this.#pool?.dispose();
  }
}
