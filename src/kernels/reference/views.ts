/** Numbers at byte offsets of a shared memory that may grow. */
export class Views {
  readonly #memory: WebAssembly.Memory;
  #buffer?: ArrayBufferLike;
  #floats: Float32Array = new Float32Array();
  #integers: Int32Array = new Int32Array();

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** All of the memory as float32: the float at byte `offset` is `floats[offset / 4]`. */
  get floats(): Float32Array {
    this.#refresh();
    return this.#floats;
  }

  /** All of the memory as int32. */
  get integers(): Int32Array {
    this.#refresh();
    return this.#integers;
  }

  #refresh(): void {
    // A memory that has grown has another buffer, and the old views end too early.
    const buffer: ArrayBufferLike = this.#memory.buffer;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#floats = new Float32Array(buffer);
    this.#integers = new Int32Array(buffer);
  }
}
