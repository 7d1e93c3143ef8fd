/**
 * A debug mode for tests: a pattern between all buffers, which shows if something wrote beside a buffer. Machine code has
 * no
 * bounds checks, and WebAssembly knows but those of the whole memory.
 */
import { StateError } from "../checks/errors.ts";

/** Lets bytes of a memory be read and written, or neither. */
export type Protect = (
  memory: WebAssembly.Memory,
  offset: number,
  bytes: number,
  access: boolean,
) => void;

/** What arenas that are made from now on have around their buffers. */
export const GUARDS: {
  /** Bytes behind each buffer, a multiple of 64; 0 for none. Buffers end at a multiple of as many. */
  bytes: number;
  /** Locks them, if they are whole pages. */
  protect?: Protect | undefined;
} = { bytes: 0 };

/** The pattern of bytes that must not be written. */
const PATTERN = 0xa5;

/** A buffer, with the bytes around it: `[before, from)` and `[to, locked)` hold the pattern, `[locked, end)` nobody may touch. */
interface Guarded {
  readonly before: number;
  readonly from: number;
  readonly to: number;
  readonly locked: number;
  readonly end: number;
  /** Who allocated it. */
  readonly owner: string;
}

/** The guards of an arena. */
export class Guards {
  readonly #memory: WebAssembly.Memory;
  readonly #protect = GUARDS.protect;
  #buffers: Guarded[] = [];

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** Puts guards around a buffer. */
  add(place: Omit<Guarded, "owner">): void {
    const { before, from, to, locked, end } = place;
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes.fill(PATTERN, before, from);
    bytes.fill(PATTERN, to, end);
    this.#protect?.(this.#memory, locked, end - locked, false);
    this.#buffers.push({ ...place, owner: ownerOf(new Error().stack ?? "") });
  }

  /** Locks again what was unlocked when the memory grew. */
  lock(): void {
    for (const { locked, end } of this.#buffers) {
      this.#protect?.(this.#memory, locked, end - locked, false);
    }
  }

  /** Takes away those from `mark` on, after a look at all. */
  release(mark: number): void {
    const all = this.#buffers;
    this.#buffers = all.filter(({ before }) => before < mark);
    for (const { before, locked, end } of all) {
      if (before < mark) continue;
      this.#protect?.(this.#memory, locked, end - locked, true);
    }
    this.#check(all);
  }

  /** @throws {StateError} If somebody has written beside a buffer. */
  check(): void {
    this.#check(this.#buffers);
  }

  #check(buffers: readonly Guarded[]): void {
    const bytes = new Uint8Array(this.#memory.buffer);
    for (const { before, from, to, locked, end, owner } of buffers) {
      const last = this.#protect === undefined ? end : locked;
      for (const [first, limit] of [[before, from], [to, last]]) {
        const at = bytes.subarray(first, limit).findIndex((byte) =>
          byte !== PATTERN
        );
        if (at < 0) continue;
        const place = first + at;
        const where = place < from
          ? `${from - place} bytes before`
          : `${place - to} bytes behind`;
        throw new StateError(
          `Cannot go on as something was written ${where} the buffer of ${
            to - from
          } bytes at ${from} that was allocated ${owner}`,
        );
      }
    }
  }
}

/** The line of a stack that tells who has allocated a buffer: the first function outside of this folder that has a name. */
function ownerOf(stack: string): string {
  const lines = stack.split("\n").slice(1).filter((line) =>
    !line.includes("/src/memory/")
  );
  const named = lines.find((line) => /at \S+ \((?!<anonymous>)/.test(line));
  const line = named ?? lines[0] ?? "somewhere";
  return line.trim().replace(/[^\s(]*\//, "");
}
