import { SystemError, WrongValueError } from "../checks/errors.ts";
import { PANEL, roundUp } from "../kernels/kernels.ts";
import { Matrix, type MatrixLayout } from "./matrix.ts";

/** Bytes of a cache line. No two allocations share one, so that workers don't slow each other down by writing to it. */
export const ALIGNMENT = 64;

/** Bytes of a WebAssembly page. */
const PAGE_BYTES = 65_536;

/** 4 GiB, all that 32-bit WebAssembly can address. Only addresses are reserved; memory is taken as the arena grows. */
const MAXIMUM_PAGES = 65_536;

/** The first byte of the arena: the kernels have constants before it. */
const FIRST_BYTE = 1_024;

/**
 * Makes a memory that threads can share. A page in a browser may do so only if it is cross-origin isolated, which is
 * checked: Chromium makes the memory anyway, but never passes it to a worker.
 */
function sharedMemory(): WebAssembly.Memory {
  const { crossOriginIsolated, SharedArrayBuffer } = globalThis as {
    crossOriginIsolated?: boolean;
    SharedArrayBuffer?: unknown;
  };
  if (crossOriginIsolated === false || SharedArrayBuffer === undefined) {
    throw new SystemError(
      "Cannot share memory with workers as this page is not cross-origin isolated: serve it with the headers 'Cross-Origin-Opener-Policy: same-origin' and 'Cross-Origin-Embedder-Policy: require-corp'",
    );
  }
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
 * One shared memory for everything that the workers see, allocated front to back like a stack:
 * {@linkcode Arena.release} frees all that was allocated since {@linkcode Arena.mark}.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  #next = FIRST_BYTE;
  /** Bytes from here on were never allocated, and are zero. */
  #untouched = FIRST_BYTE;

  /** @throws {SystemError} If memory can't be shared between threads. */
  constructor() {
    this.memory = sharedMemory();
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.#next;
  }

  /**
   * Makes sure that `bytes` more can be allocated: a failure then comes before any work, and names all that is needed.
   *
   * @param purpose What needs them, for errors.
   *
   * @throws {RangeError} If the machine has no more memory, or it would be more than 4 GiB.
   */
  reserve(bytes: number, purpose: string): void {
    const need = this.#next + bytes;
    const have = this.memory.buffer.byteLength;
    if (need <= have) return;
    const refuse = (limit: string, cause?: unknown) => {
      throw new WrongValueError(
        `Cannot allocate memory as ${purpose} need ${bytes} bytes: ${limit}`,
        { cause },
      );
    };
    if (need > MAXIMUM_PAGES * PAGE_BYTES) {
      refuse(
        `${MAXIMUM_PAGES * PAGE_BYTES - this.#next} bytes can be addressed`,
      );
    }
    try {
      this.memory.grow(Math.ceil((need - have) / PAGE_BYTES));
    } catch (cause) {
      refuse("the system has no more", cause);
    }
  }

  /**
   * Allocates `bytes` of zeros and returns their byte offset, a multiple of {@linkcode ALIGNMENT}.
   *
   * @param filled Bytes at the front that the caller overwrites, so that they needn't be cleared: to clear 31 MB took 7 of
   * the 27 ms of a prediction.
   */
  allocate(bytes: number, filled = 0): number {
    const offset = roundUp(this.#next, ALIGNMENT);
    const end = offset + bytes;
    this.reserve(end - this.#next, "the buffers");
    const dirty = Math.min(this.#untouched, end);
    const first = offset + filled;
    if (first < dirty) {
      new Uint8Array(this.memory.buffer, first, dirty - first).fill(0);
    }
    this.#next = end;
    this.#untouched = Math.max(this.#untouched, end);
    return offset;
  }

  /**
   * Allocates a matrix of zeros whose leading dimension is `rows` rounded up to whole panels.
   *
   * @param filled Columns at the front that the caller overwrites, so that they needn't be cleared; their padding is.
   */
  allocateMatrix(rows: number, columns: number, filled = 0): MatrixLayout {
    const ld = roundUp(rows, PANEL);
    const bytes = ld === rows ? 4 * ld * filled : 0;
    return {
      rows,
      columns,
      ld,
      offset: this.allocate(4 * ld * columns, bytes),
    };
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
    return this.#next;
  }

  /** Frees everything that was allocated since `mark` was taken. */
  release(mark: number): void {
    this.#next = mark;
  }

  get #buffer(): SharedArrayBuffer {
    return this.memory.buffer as unknown as SharedArrayBuffer;
  }
}

/** Bytes that {@linkcode Arena.allocateMatrix} takes, alignment included. */
export function matrixBytes(rows: number, columns: number): number {
  return 4 * roundUp(rows, PANEL) * columns + ALIGNMENT;
}
