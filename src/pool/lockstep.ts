import {
  ABORT,
  abortRun,
  claimedSlot,
  COMPLETED,
  ENDING,
  STAGES_DONE,
  STOP,
  STOPPED_AT,
} from "./control.ts";

/**
 * How often a worker polls for the end of a stage before it sleeps, if every worker has a core of its own: about 250 µs.
 * Waking takes 50 µs and more on a virtual machine: with 1,000 polls, workers waited 42 % of an epoch (batch 500, 4
 * workers), with 16,000 it was 22 %, with 64,000 no less.
 */
export const SPINS_WITH_OWN_CORE = 16_000;

/**
 * With more workers than cores a spinning worker takes the core from one that has work: about 5 µs. An epoch by 8 workers
 * on 4 cores took 0.315 s with none, 0.289 s with 300, 0.295 s with 2,000.
 */
export const SPINS_WITH_SHARED_CORE = 300;

/** Thrown in a worker that leaves a run because another one failed, or because the caller stopped it. */
export class RunAborted extends Error {
  constructor() {
    super("The run was aborted");
    this.name = "RunAborted";
  }
}

/**
 * Keeps the workers in step: hands out the units of a stage, and lets no worker go on before all units are done. Workers
 * wait for units, not for each other, so a worker that didn't get a core in time delays nobody.
 *
 * The units of a stage are in as many ranges as there are workers. A worker begins with its own, which is the same in every
 * batch, so that its core's cache still has what it wrote there; then it takes from the others' what they haven't come to.
 * Known as [affinity scheduling](https://doi.org/10.1109/71.273046). Pieces are large first and small at the end, so that
 * all workers finish together although one is slower. Who computes an element doesn't change its bits.
 *
 * All counters go on from stage to stage, so that a worker that comes late finds all units of its stage taken.
 */
export class Lockstep {
  readonly #control: Int32Array<SharedArrayBuffer>;
  #workers: number;
  readonly #ith: number;
  readonly #spins: number;
  #stage = 0;
  /** Units of all stages before this one, and with this one. */
  #before = 0;
  #end = 0;
  /** For each range: its units of all stages before this one, and with this one. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** How many ranges of the stage were found empty, beginning with the worker's own. */
  #emptied = 0;
  /** The latest piece: units `[from, to)` of the stage. */
  from = 0;
  to = 0;

  /** @param ith The worker's own number among `workers`. */
  constructor(
    control: Int32Array<SharedArrayBuffer>,
    workers: number,
    ith: number,
    spins: number,
  ) {
    this.#control = control;
    this.#workers = workers;
    this.#ith = ith;
    this.#spins = spins;
    this.#starts = new Int32Array(workers);
    this.#ends = new Int32Array(workers);
  }

  /** Begins a run by the first `workers` of all. */
  start(workers: number): void {
    this.#workers = workers;
    this.#stage = 0;
    this.#before = this.#end = 0;
    this.#starts.fill(0);
    this.#ends.fill(0);
  }

  /** Enters the next stage, which has at least one unit. */
  enter(units: number): void {
    this.#before = this.#end;
    this.#end += units;
    this.#emptied = 0;
    const [workers, starts, ends] = [this.#workers, this.#starts, this.#ends];
    for (let range = 0; range < workers; range++) {
      starts[range] = ends[range];
      ends[range] += firstOf(range + 1, units, workers) -
        firstOf(range, units, workers);
    }
  }

  /**
   * Claims the next `least` to `most` units of the stage; `false` once all are taken.
   *
   * @param mayStop Whether the run may stop in this stage, because it writes no weights.
   *
   * @throws {RunAborted} If the run is to end.
   */
  claim(least: number, most: number, mayStop: boolean): boolean {
    for (; this.#emptied < this.#workers; this.#emptied++) {
      const range = (this.#ith + this.#emptied) % this.#workers;
      if (this.#claimIn(range, least, most, mayStop)) return true;
    }
    return false;
  }

  #claimIn(
    range: number,
    least: number,
    most: number,
    mayStop: boolean,
  ): boolean {
    const control = this.#control;
    const slot = claimedSlot(range);
    const end = this.#ends[range];
    let taken = Atomics.load(control, slot);
    while (taken < end) {
      const ending = Atomics.load(control, ENDING);
      if (ending === ABORT) throw new RunAborted();
      if (ending === STOP && mayStop) {
        // Who takes all that is left, and doesn't do it, keeps everybody from the next stage, which writes weights.
        const found = Atomics.compareExchange(control, slot, taken, end);
        if (found === taken) {
          Atomics.store(control, STOPPED_AT, this.#stage);
          abortRun(control);
          throw new RunAborted();
        }
        taken = found;
        continue;
      }
      const half = Math.ceil((end - taken) / 2);
      const size = Math.max(least, Math.min(most, half));
      const next = Math.min(taken + size, end);
      const found = Atomics.compareExchange(control, slot, taken, next);
      if (found === taken) {
        const first = firstOf(range, this.#end - this.#before, this.#workers) -
          this.#starts[range];
        this.from = first + taken;
        this.to = first + next;
        return true;
      }
      taken = found;
    }
    return false;
  }

  /**
   * Marks the piece as done. Returns whether it was the last one of its stage; if so, call {@linkcode Lockstep.advance}.
   */
  complete(): boolean {
    const size = this.to - this.from;
    const before = Atomics.add(this.#control, COMPLETED, size);
    return before + size === this.#end;
  }

  /** Lets all workers go on to the next stage. */
  advance(): void {
    const [control, stage] = [this.#control, this.#stage];
    // Not over an abort, which has set it to more than any stage.
    Atomics.compareExchange(control, STAGES_DONE, stage, stage + 1);
    Atomics.notify(control, STAGES_DONE);
  }

  /**
   * Leaves the stage once all its units are done, after at most `spins` looks asleep.
   *
   * @throws {RunAborted} If the run was aborted.
   */
  leave(): void {
    const control = this.#control;
    const stage = this.#stage++;
    let spins = this.#spins;
    while (Atomics.load(control, STAGES_DONE) === stage) {
      if (spins-- > 0) continue;
      Atomics.wait(control, STAGES_DONE, stage);
    }
    if (Atomics.load(control, ENDING) === ABORT) throw new RunAborted();
  }
}

/** The first unit of a range: ranges differ by one unit at most. */
function firstOf(range: number, units: number, ranges: number): number {
  return Math.floor(range * units / ranges);
}
