/** What the optimizer keeps from one update of the weights to the next. */
import type { Communicator } from "../distributed/communicator.ts";
import type { Arena } from "../memory/arena.ts";
import { copyColumns } from "../memory/matrix.ts";
import type { Plan } from "../plan/plan.ts";
import type { WeightLayout } from "../step/layout.ts";
import { floatsBefore } from "../step/ranks.ts";
import type { OptimizerName } from "../units/optimizers.ts";
import { SlicedMoments } from "./sliced_moments.ts";

/**
 * The state of one network's optimizer: two arrays for each layer, shaped as the weights, in shared memory. Of several ranks
 * each has a slice of them while they train.
 */
export class OptimizerState {
  /** Updates of the weights since the optimizer began. */
  steps = 0;
  readonly #arena: Arena;
  readonly #weights: readonly WeightLayout[];
  /** Where several ranks train together. */
  readonly sliced: SlicedMoments | undefined;
  #optimizer: OptimizerName = "article";

  constructor(
    arena: Arena,
    weights: readonly WeightLayout[],
    communicator: Communicator | undefined,
  ) {
    this.#arena = arena;
    this.#weights = weights;
    if (communicator === undefined || communicator.size === 1) return;
    const { ld, columns } = weights.at(-1)!.w;
    const floats = this.#before(weights.length - 1) + ld * columns;
    this.sliced = new SlicedMoments(communicator, arena, floats);
  }

  /** Updates before the next one of an optimizer, which goes on with what is kept if it is the same one. */
  stepsOf(optimizer: OptimizerName): number {
    return optimizer === this.#optimizer ? this.steps : 0;
  }

  /** Goes on with what is kept, if the optimizer is the same one as before; else starts anew. */
  use(optimizer: OptimizerName): void {
    if (optimizer !== this.#optimizer) this.restart();
    this.#optimizer = optimizer;
  }

  restart(): void {
    this.steps = 0;
    this.sliced?.clear();
    for (const moment of this.#moments) {
      this.#arena.matrix(moment).values.fill(0);
    }
  }

  /**
   * Copies of the arrays; with several ranks, in the first one alone. All ranks have to ask for it during a training, and only
   * while no worker runs.
   */
  async read(): Promise<Float32Array<ArrayBuffer>[]> {
    if (this.sliced === undefined) {
      return this.#moments.map((each) => this.#arena.matrix(each).toPacked());
    }
    const whole = await this.sliced.read();
    return this.#weights.flatMap(({ w: { rows, columns, ld } }, n) =>
      whole?.map((values) => {
        const packed = new Float32Array(rows * columns);
        copyColumns(
          { values, ld, at: this.#before(n) },
          { values: packed, ld: rows, at: 0 },
          { rows, columns },
        );
        return packed;
      }) ?? []
    );
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
    this.sliced?.write((whole) => {
      for (const [n, { w: { rows, columns, ld } }] of this.#weights.entries()) {
        for (const [at, target] of whole.entries()) {
          copyColumns(
            { values: values[2 * n + at], ld: rows, at: 0 },
            { values: target, ld, at: this.#before(n) },
            { rows, columns },
          );
        }
      }
    });
    this.#optimizer = optimizer;
    this.steps = steps;
  }

  /** Before a training with a plan: gives each rank its slice. */
  async open({ moments }: Plan): Promise<void> {
    if (moments !== undefined) await this.sliced?.open(moments, this.steps > 0);
  }

  /** At its end, which all ranks come to: the first one gets all, so that it can go on or write a checkpoint alone. */
  async gather(): Promise<void> {
    await this.sliced?.gather(this.steps > 0);
  }

  /** The memory of a training is about to be given back. */
  close(): void {
    this.sliced?.close();
  }

  /** Floats of the weights of the layers before one. */
  #before(n: number): number {
    return floatsBefore(this.#weights.map(({ w }) => w), n);
  }

  get #moments() {
    return this.#weights.flatMap(({ moments = [] }) => moments);
  }
}
