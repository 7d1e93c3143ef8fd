/** What the optimizer of a distributed training keeps: each rank has its slice while all train, and rank 0 all between trainings. */
import {
  type Communicator,
  exchangeFloats,
} from "../distributed/communicator.ts";
import type { Timing } from "../plan/timings.ts";
import type { Arena } from "../memory/arena.ts";
import { type Pieces, startsOf } from "../step/collectives.ts";
import {
  common,
  floatsOf,
  type MomentSlices,
  type Owned,
  ownedByFirst,
  placeIn,
} from "../step/moment_slices.ts";
import type { Range } from "../step/split.ts";

/** Floats that are sent and received at once: no more than that is there twice. */
const WINDOW = 2 ** 18;

/** First and second moments of what a rank owns, range after range. */
type Values = readonly [Float32Array, Float32Array];

interface Held {
  readonly owned: Owned;
  readonly values: Values;
}

/** What this rank sent or received of moments, in one direction. */
interface Moved {
  bytes: number;
  milliseconds: number;
}

/** The two moments of all weights, padding with them, kept by several ranks. */
export class SlicedMoments {
  readonly #communicator: Communicator;
  readonly #arena: Arena;
  readonly #floats: number;
  readonly #first: Owned;
  /** Zeros where there is nothing. */
  #held: Held | undefined;
  /** Whether what is held is a training's. */
  #isOpen = false;
  /** Since the training began: moments that rank 0 gave to all, and got from them. */
  readonly #moved: { readonly from: Moved; readonly to: Moved } = {
    from: { bytes: 0, milliseconds: 0 },
    to: { bytes: 0, milliseconds: 0 },
  };

  /** @param floats Of all weights. */
  constructor(communicator: Communicator, arena: Arena, floats: number) {
    this.#communicator = communicator;
    this.#arena = arena;
    this.#floats = floats;
    this.#first = ownedByFirst(floats, communicator.size);
  }

  /** Bytes that this rank keeps. */
  get bytes(): number {
    const [first, second] = this.#held?.values ?? [[], []];
    return Float32Array.BYTES_PER_ELEMENT * (first.length + second.length);
  }

  /** How long moments were on their way since the training began, and how many. */
  get timings(): Timing[] {
    return Object.entries(this.#moved)
      .filter(([, { milliseconds }]) => milliseconds > 0)
      .map(([way, { bytes, milliseconds }]) => ({
        part: "communication",
        name: `moments ${way} rank 0, ${Math.ceil(bytes / 1000)} kB`,
        layer: 0,
        milliseconds,
      }));
  }

  /** All are zero from now on. */
  clear(): void {
    if (this.#isOpen) this.#held!.values.forEach((each) => each.fill(0));
    else this.#held = undefined;
  }

  /** What all ranks have read, and the first one keeps: the first and the second moments of all weights. */
  write(fill: (values: Values) => void): void {
    this.#held = this.#empty();
    if (this.#communicator.rank === 0) fill(this.#held.values);
  }

  /**
   * Gives each rank its slice for a training, in buffers of zeros. All ranks have to call it.
   *
   * @param areKept Whether there is anything but zeros, as all ranks know.
   */
  async open(
    { owned, offsets }: MomentSlices,
    areKept: boolean,
  ): Promise<void> {
    const floats = floatsOf(owned[this.#communicator.rank]);
    const [first, second] = offsets.map((at) => this.#arena.floats(at, floats));
    const held = { owned, values: [first, second] as const };
    for (const moved of Object.values(this.#moved)) {
      moved.bytes = moved.milliseconds = 0;
    }
    if (areKept) await this.#move(held, this.#moved.from);
    this.#held = held;
    this.#isOpen = true;
  }

  /** Brings all to rank 0, where others needn't ask for them any more, and leaves nothing in the others. All ranks have to call it. */
  async gather(areKept: boolean): Promise<void> {
    if (!this.#isOpen) return;
    this.#held = areKept ? await this.#toFirst() : undefined;
    this.#isOpen = false;
  }

  /** The memory of the training is about to be given back: what is still apart is kept elsewhere. */
  close(): void {
    if (!this.#isOpen) return;
    const { owned, values: [first, second] } = this.#held!;
    this.#held = { owned, values: [first.slice(), second.slice()] };
    this.#isOpen = false;
  }

  /** All of them in rank 0, nothing in the others. While they are apart, all ranks have to call it. */
  async read(): Promise<Values | undefined> {
    const { values } = this.#held === undefined
      ? this.#empty()
      : this.#held.owned === this.#first
      ? this.#held
      : await this.#toFirst();
    return this.#communicator.rank === 0 ? values : undefined;
  }

  async #toFirst(): Promise<Held> {
    const held = this.#empty();
    await this.#move(held, this.#moved.to);
    return held;
  }

  /** Room for what is rank 0's between trainings. */
  #empty(): Held {
    const owned = this.#first;
    const floats = floatsOf(owned[this.#communicator.rank]);
    const values = [
      new Float32Array(floats),
      new Float32Array(floats),
    ] as const;
    return { owned, values };
  }

  /** Copies what is held to where it is to be, window after window. */
  async #move(to: Held, moved: Moved): Promise<void> {
    const from = this.#held ?? this.#empty();
    const before = performance.now();
    for (let start = 0; start < this.#floats; start += WINDOW) {
      const end = Math.min(start + WINDOW, this.#floats);
      moved.bytes += await this.#moveWithin([start, end], from, to);
    }
    moved.milliseconds += performance.now() - before;
  }

  /** @returns Bytes that this rank sent to others, or received from them, whichever are more. */
  async #moveWithin(window: Range, from: Held, to: Held): Promise<number> {
    const communicator = this.#communicator;
    const arena = this.#arena;
    const { rank } = communicator;
    const [had, has] = [from, to].map(({ owned }) => owned[rank]);
    const between = (own: readonly Range[], all: Owned) =>
      all.map((theirs) => common(common(own, [window]), theirs));
    const [sent, received] = [between(had, to.owned), between(has, from.owned)];
    const mark = arena.mark();
    try {
      const [send, receive] = [sent, received].map((ranges): Pieces => {
        const counts = Int32Array.from(ranges, floatsOf);
        // Never of nothing: Open MPI takes two buffers at one address for one.
        const offset = arena.allocate(4 * (floatsOf(ranges.flat()) + 1));
        return { offset, counts, places: startsOf(counts) };
      });
      for (const [at, values] of to.values.entries()) {
        each(sent.flat(), (range, place) => {
          const own = placeIn(had, range[0]);
          const part = from.values[at].subarray(own, own + floatsOf([range]));
          arena.floats(send.offset + 4 * place, part.length).set(part);
        });
        await exchangeFloats(communicator, arena.memory, send, receive);
        each(received.flat(), (range, place) => {
          const offset = receive.offset + 4 * place;
          const part = arena.floats(offset, floatsOf([range]));
          values.set(part, placeIn(has, range[0]));
        });
      }
      const bytes = [sent, received].map((ranges) =>
        4 * floatsOf(ranges.filter((_, other) => other !== rank).flat())
      );
      return to.values.length * Math.max(...bytes);
    } finally {
      arena.release(mark);
    }
  }
}

/** Ranges with where they are if they lie one after another. */
function each(
  ranges: readonly Range[],
  use: (range: Range, place: number) => void,
): void {
  let place = 0;
  for (const range of ranges) {
    use(range, place);
    place += floatsOf([range]);
  }
}
