import { SystemError, WrongValueError } from "../checks/errors.ts";
import { leadingDimension, roundUp } from "../kernels/kernels.ts";
import { GUARDS, Guards } from "./guards.ts";
import { Matrix, type MatrixLayout } from "./matrix.ts";

/** Bytes of a cache line. No two allocations share one, so that workers don't slow each other down by writing to it. */
export const ALIGNMENT = 64;

/** Bytes of a WebAssembly page. */
const PAGE_BYTES = 65_536;

/** 4 GiB, all that 32-bit WebAssembly can address. Only addresses are reserved; memory is taken as the arena grows. */
const MAXIMUM_PAGES = 65_536;

/** The first byte of the arena: the kernels have constants before it. */
const FIRST_BYTE = 1_024;

/** Makes a memory that threads can share. */
function sharedMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({
      initial: 1,
      maximum: MAXIMUM_PAGES,
      shared: true,
    });
  } catch (cause) {
    throw new SystemError(
      "Cannot share memory with workers as the runtime refuses: it has no shared WebAssembly memory, or too few free addresses",
      { cause },
    );
  }
}

/**
 * Hands out places in a memory, front to back. By itself it only counts, without any memory: to know how much something takes,
 * it is laid out here first.
 */
export class Allocator {
  /** Where free bytes begin. */
  protected next: number;
  /** Bytes behind each buffer that nobody may write. */
  protected readonly guardBytes: number;

  constructor(next: number, guardBytes = 0) {
    this.next = next;
    this.guardBytes = guardBytes;
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.next;
  }

  /**
   * Allocates `bytes` of zeros and returns their byte offset, a multiple of {@linkcode ALIGNMENT}.
   *
   * @param filled Bytes at the front that the caller fills, which needn't be zero: to clear 31 MB for a prediction took
   * 7 of 27 ms.
   */
  allocate(bytes: number, filled = 0): number {
    if (this.guardBytes > 0 && bytes > 0) return this.#allocateGuarded(bytes);
    const offset = roundUp(this.next, ALIGNMENT);
    this.claim(offset + filled, offset + bytes);
    this.next = offset + bytes;
    return offset;
  }

  /** The same, with guards: what is behind the buffer begins at a multiple of their size. */
  #allocateGuarded(bytes: number): number {
    const before = this.next;
    const room = roundUp(bytes, ALIGNMENT);
    const locked = roundUp(
      roundUp(before, ALIGNMENT) + room,
      this.guardBytes,
    );
    const from = locked - room;
    const end = this.next = locked + this.guardBytes;
    this.claim(from, end);
    this.guard({ before, from, to: from + bytes, locked, end });
    return from;
  }

  /**
   * Allocates a matrix of zeros whose leading dimension is {@linkcode leadingDimension}.
   *
   * @param filled Columns at the front that the caller fills: they may hold anything but in the padding.
   * @param padded Whether it fills their padding as well.
   */
  allocateMatrix(
    rows: number,
    columns: number,
    filled = 0,
    padded = false,
  ): MatrixLayout {
    const ld = leadingDimension(rows);
    const bytes = padded || ld === rows ? 4 * ld * filled : 0;
    return {
      rows,
      columns,
      ld,
      offset: this.allocate(4 * ld * columns, bytes),
    };
  }

  /** Makes sure that there is memory up to `end`, with zeros from `first` on. */
  protected claim(_first: number, _end: number): void {}

  /** Puts guards around a buffer. */
  protected guard(_place: Parameters<Guards["add"]>[0]): void {}
}

/**
 * One shared memory for everything that the workers see. What was allocated last is released first: {@linkcode Arena.mark}
 * before, {@linkcode Arena.release} after.
 */
export class Arena extends Allocator {
  readonly memory: WebAssembly.Memory;
  /** Bytes from here on were never handed out, and are zero. */
  #untouched = FIRST_BYTE;
  #guards: Guards | undefined;

  /** @throws {SystemError} If memory can't be shared between threads. */
  constructor() {
    super(FIRST_BYTE, GUARDS.bytes);
    this.memory = sharedMemory();
    if (GUARDS.bytes > 0) this.#guards = new Guards(this.memory);
  }

  /**
   * Allocates all that a function does, or nothing: it counts first, so that a failure comes before any work and names the
   * whole need.
   *
   * @param layOut Called twice. The first time nothing is there, and only the sizes count.
   *
   * @throws {RangeError} If the machine or the 4 GiB of the memory don't have that much.
   */
  layOut<T>(purpose: string, layOut: (allocator: Allocator) => T): T {
    const counter = new Allocator(this.next, this.guardBytes);
    layOut(counter);
    this.#reserve(counter.bytes, purpose);
    return layOut(this);
  }

  protected override claim(first: number, end: number): void {
    this.#reserve(end, "the buffers");
    const dirty = Math.min(this.#untouched, end);
    if (first < dirty) {
      new Uint8Array(this.memory.buffer, first, dirty - first).fill(0);
    }
    this.#untouched = Math.max(this.#untouched, end);
  }

  /** Grows the memory up to `end`. */
  #reserve(end: number, purpose: string): void {
    const have = this.memory.buffer.byteLength;
    if (end <= have) return;
    const refuse = (limit: string, cause?: unknown) => {
      throw new WrongValueError(
        `Cannot allocate memory as ${purpose} need ${
          end - this.next
        } bytes: ${limit}`,
        { cause },
      );
    };
    if (end > MAXIMUM_PAGES * PAGE_BYTES) {
      refuse(
        `${MAXIMUM_PAGES * PAGE_BYTES - this.next} bytes can be addressed`,
      );
    }
    try {
      this.memory.grow(Math.ceil((end - have) / PAGE_BYTES));
    } catch (cause) {
      refuse("the system has no more", cause);
    }
    this.#guards?.lock();
  }

  /** A view of a matrix. Views made before the arena grew stay valid. */
  matrix(layout: MatrixLayout): Matrix {
    return new Matrix(this.memory, layout);
  }

  /** A Float32 view of `length` values at a byte offset. */
  floats(offset: number, length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.#buffer, offset, length);
  }

  /** A Float64 view of `length` values at a byte offset. */
  doubles(offset: number, length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.#buffer, offset, length);
  }

  /** An Int32 view of `length` values at a byte offset. */
  integers(offset: number, length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.#buffer, offset, length);
  }

  /** What {@linkcode Arena.release} takes to free all that is allocated from now on. */
  mark(): number {
    return this.next;
  }

  /** Frees everything that was allocated since `mark` was taken. */
  release(mark: number): void {
    this.next = mark;
    this.#guards?.release(mark);
  }

  protected override guard(place: Parameters<Guards["add"]>[0]): void {
    this.#guards?.add(place);
  }

  /** @throws {StateError} If somebody has written beside a buffer; told only where {@linkcode GUARDS} are on. */
  checkGuards(): void {
    this.#guards?.check();
  }

  get #buffer(): SharedArrayBuffer {
    return this.memory.buffer as unknown as SharedArrayBuffer;
  }
}
