import { ARRIVED, CLAIMED, GENERATION, isAborted } from "./control.ts";

/**
 * How often a worker looks at the barrier before it goes to sleep, where every worker has a core of its own.
 */
export const SPINS_WITH_OWN_CORE = 16_000;

/** With more workers than cores a spinning worker takes the core from one that has work: sleep at once. */
export const SPINS_WITH_SHARED_CORE = 0;

/** Thrown in a worker that leaves a run because another one failed, or because the caller stopped it. */
export class RunAborted extends Error {
  constructor() {
    super("The run was aborted");
    this.name = "RunAborted";
  }
}

/** Lets every worker of a pool wait until all have arrived. */
export class Barrier {
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #workers: number;
  readonly #spins: number;

  constructor(
    control: Int32Array<SharedArrayBuffer>,
    workers: number,
    spins: number,
  ) {
    this.#control = control;
    this.#workers = workers;
    this.#spins = spins;
  }

  /**
   * Returns once every worker has called it, after at most `spins` looks asleep.
   *
   * @throws {RunAborted} If the run was aborted.
   */
  wait(): void {
    const control = this.#control;
    const generation = Atomics.load(control, GENERATION);
    // After the load of the generation: an abort from here on changes it, and is seen below.
    if (isAborted(control)) throw new RunAborted();
    if (Atomics.add(control, ARRIVED, 1) === this.#workers - 1) {
      Atomics.store(control, ARRIVED, 0);
      Atomics.store(control, CLAIMED, 0);
      Atomics.add(control, GENERATION, 1);
      Atomics.notify(control, GENERATION);
      return;
    }
    for (let spin = 0; spin < this.#spins; spin++) {
      if (Atomics.load(control, GENERATION) !== generation) break;
    }
    while (Atomics.load(control, GENERATION) === generation) {
      Atomics.wait(control, GENERATION, generation);
    }
    if (isAborted(control)) throw new RunAborted();
  }
}
