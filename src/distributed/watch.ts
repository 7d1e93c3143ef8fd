/**
 * How ranks notice that one of them is gone, even where nobody ends them: each tells the next one, twice a second, that it lives
 * and how much it has done with the others. In a ring, as all to all would be many messages with many ranks.
 */

/** Milliseconds from one sign of life to the next. */
const BEAT_MILLISECONDS = 500;

/** Signs that fail to come before a rank is given up: 4 s. They are counted, so that a process that was halted isn't too hasty. */
const MOST_SILENT = 8;

/** Signs after which ranks that wait for each other in vain are given up: one that left early ends before, with its own error. */
const MOST_APART = 4;

/** What a rank does: it works, waits for all to leave, or has left. */
const [WORKS, LEAVES, IS_GONE] = [0, 1, 2];

/** What a watch needs of MPI. */
export interface Signs {
  /** Sends numbers to the next rank, if the last ones have left; says whether. */
  send(numbers: readonly number[]): boolean;
  /** The newest numbers of the rank before, if some have come. */
  receive(): readonly number[] | undefined;
}

/** What became of the rank before this one. */
export type Verdict = "fine" | "silent" | "left early" | "elsewhere";

/** Collectives that a rank has begun: those of the training, and those between its batches. */
type Begun = [training: number, between: number];

/** What one rank knows of the one before it. */
export class Watch {
  /** What was begun here. */
  readonly begun: Begun = [0, 0];
  readonly #signs: Signs;
  #phase = WORKS;
  /** What the next rank was told last. */
  #told = WORKS;
  #next = 0;
  #silent = 0;
  #apart = 0;
  #theirs: readonly number[] = [0, 0, WORKS];

  constructor(signs: Signs) {
    this.#signs = signs;
  }

  /** Says that this rank wants to leave. */
  leave(): void {
    this.#phase = LEAVES;
    this.#next = 0;
  }

  /** Says that this rank has left. */
  go(): void {
    this.#phase = IS_GONE;
    this.#next = 0;
  }

  /** Whether the rank before has left, and the next one was told that this one has. */
  get isOver(): boolean {
    return this.#theirs[2] === IS_GONE && this.#told === IS_GONE;
  }

  /** Whether this rank leaves while another has begun something that all do together. */
  get isEarly(): boolean {
    return this.#phase === LEAVES && Math.max(...this.#ahead) > 0;
  }

  /** Gives a sign, if it is time, and looks for one: at any time, when this rank is about to leave. */
  look(): Verdict {
    const now = performance.now();
    const isTime = now >= this.#next;
    if (!isTime && this.#phase === WORKS) return "fine";
    const theirs = this.#signs.receive();
    this.#theirs = theirs ?? this.#theirs;
    if (theirs !== undefined) this.#silent = 0;
    if (!isTime) return "fine";
    this.#next = now + BEAT_MILLISECONDS;
    const sent = this.#signs.send([...this.begun, this.#phase]);
    if (sent) this.#told = this.#phase;
    if (this.#theirs[2] === IS_GONE) return "fine";
    if (++this.#silent > MOST_SILENT) return "silent";
    const [training, between] = this.#ahead;
    const left = this.#theirs[2] === LEAVES && Math.min(training, between) < 0;
    this.#apart = left || training * between < 0 ? this.#apart + 1 : 0;
    if (this.#apart < MOST_APART) return "fine";
    return left ? "left early" : "elsewhere";
  }

  /** How much more the rank before has begun. */
  get #ahead(): Begun {
    const [training, between] = this.#theirs;
    return [training - this.begun[0], between - this.begun[1]];
  }
}
