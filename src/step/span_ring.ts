/** What is kept of an op: numbers, as they lie in shared memory. */
export interface RawSpan {
  /** Milliseconds since the epoch of Unix, by a clock that never goes back. */
  readonly begin: number;
  readonly end: number;
  /** Row of the plan's slots, or one of the two after them. */
  readonly slot: number;
  /** The number of the update, from 1. */
  readonly step: number;
}

const FIELDS = 4;

/** Bytes of a ring with room for so many spans. */
export function spanRingBytes(room: number): number {
  return Float64Array.BYTES_PER_ELEMENT * (1 + FIELDS * room);
}

/** The newest spans of one worker, which alone writes them: the count of all, then the spans, each over the oldest. */
export class SpanRing {
  readonly #values: Float64Array;
  readonly #room: number;

  /** @param values As many as {@linkcode spanRingBytes} says. */
  constructor(values: Float64Array) {
    this.#values = values;
    this.#room = (values.length - 1) / FIELDS;
  }

  add(begin: number, end: number, slot: number, step: number): void {
    const values = this.#values;
    const at = 1 + FIELDS * (values[0] % this.#room);
    values[at] = begin;
    values[at + 1] = end;
    values[at + 2] = slot;
    values[at + 3] = step;
    values[0]++;
  }

  /** Forgets all spans. */
  clear(): void {
    this.#values[0] = 0;
  }

  /** The spans from the oldest that is kept to the newest. Only while the worker doesn't run. */
  read(): RawSpan[] {
    const values = this.#values;
    const count = values[0];
    const kept = Math.min(count, this.#room);
    return Array.from({ length: kept }, (_, n) => {
      const at = 1 + FIELDS * ((count - kept + n) % this.#room);
      const [begin, end, slot, step] = values.subarray(at, at + FIELDS);
      return { begin, end, slot, step };
    });
  }
}
