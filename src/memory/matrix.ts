/** Where a matrix lies in shared memory: plain numbers, so that both sides of a `postMessage` build the same view. */
export interface MatrixLayout {
  /** Rows that hold values: the nodes of a layer, or the outputs of a weight matrix. */
  readonly rows: number;
  /** Columns: samples, or the bias and the inputs of a weight matrix. */
  readonly columns: number;
  /** Leading dimension: floats from one column to the next, at least `rows`. */
  readonly ld: number;
  /** Byte offset of element (0, 0) in the memory. */
  readonly offset: number;
}

/**
 * A Float32 matrix in shared memory, column-major: element (row, column) is `values[column * ld + row]`.
 * Rows from `rows` up to `ld` are padding and hold zero.
 */
export class Matrix implements MatrixLayout {
  readonly rows: number;
  readonly columns: number;
  readonly ld: number;
  readonly offset: number;
  /** All floats of the matrix, padding included: `ld × columns`. */
  readonly values: Float32Array<SharedArrayBuffer>;

  constructor(memory: WebAssembly.Memory, layout: MatrixLayout) {
    this.rows = layout.rows;
    this.columns = layout.columns;
    this.ld = layout.ld;
    this.offset = layout.offset;
    this.values = new Float32Array(
      memory.buffer as unknown as SharedArrayBuffer,
      layout.offset,
      layout.ld * layout.columns,
    );
  }

  /** Copies the matrix without its padding, `rows × columns` floats, column-major. */
  toPacked(): Float32Array<ArrayBuffer> {
    const packed = new Float32Array(this.rows * this.columns);
    for (let column = 0; column < this.columns; column++) {
      const start = column * this.ld;
      packed.set(
        this.values.subarray(start, start + this.rows),
        column * this.rows,
      );
    }
    return packed;
  }

  /** Writes `rows × columns` floats, column-major, and leaves the padding alone. */
  fromPacked(packed: Float32Array): void {
    for (let column = 0; column < this.columns; column++) {
      const start = column * this.rows;
      this.values.set(
        packed.subarray(start, start + this.rows),
        column * this.ld,
      );
    }
  }
}
