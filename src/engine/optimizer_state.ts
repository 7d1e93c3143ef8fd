/** What the optimizer keeps from one update of the weights to the next. */
import {
  type Communicator,
  gatherFloats,
} from "../distributed/communicator.ts";
import type { Arena } from "../memory/arena.ts";
import type { Pieces } from "../step/collectives.ts";
import type { WeightLayout } from "../step/layout.ts";
import type { OptimizerName } from "../units/optimizers.ts";

/** The state of one network's optimizer: two arrays for each layer, shaped as the weights, in shared memory. */
export class OptimizerState {
  /** Updates of the weights since the optimizer began. */
  steps = 0;
  readonly #arena: Arena;
  readonly #weights: readonly WeightLayout[];
  readonly #communicator: Communicator | undefined;
  #optimizer: OptimizerName = "article";
  /** What brings the arrays of all ranks together, while each is up to date in its slice alone. */
  #apart: readonly Pieces[] = [];

  constructor(
    arena: Arena,
    weights: readonly WeightLayout[],
    communicator: Communicator | undefined,
  ) {
    this.#arena = arena;
    this.#weights = weights;
    this.#communicator = communicator;
  }

  /** Goes on with what is kept, if the optimizer is the same one as before; else starts anew. */
  use(optimizer: OptimizerName): void {
    if (optimizer !== this.#optimizer) this.restart();
    this.#optimizer = optimizer;
  }

  restart(): void {
    this.steps = 0;
    this.#apart = [];
    for (const moment of this.#moments) {
      this.#arena.matrix(moment).values.fill(0);
    }
  }

  /** Copies of the arrays. */
  read(): Float32Array<ArrayBuffer>[] {
    return this.#moments.map((moment) => this.#arena.matrix(moment).toPacked());
  }

  /** Writes what {@linkcode OptimizerState.read} returns, after the weights. */
  write(
    optimizer: OptimizerName,
    steps: number,
    values: readonly Float32Array[],
  ): void {
    for (const [at, moment] of this.#moments.entries()) {
      this.#arena.matrix(moment).fromPacked(values[at]);
    }
    this.#optimizer = optimizer;
    this.steps = steps;
    this.#apart = [];
  }

  /** Counts updates, after which each rank knows the arrays of its slice. */
  add(steps: number, moments: readonly Pieces[]): void {
    this.steps += steps;
    this.#apart = moments;
  }

  /** Brings the arrays to all ranks, each of which has to ask for it. Only while no worker runs. */
  async gather(): Promise<void> {
    if (this.#communicator === undefined || this.#apart.length === 0) return;
    await gatherFloats(this.#communicator, this.#arena.memory, this.#apart);
    this.#apart = [];
  }

  get #moments() {
    return this.#weights.flatMap(({ moments }) => moments);
  }
}
