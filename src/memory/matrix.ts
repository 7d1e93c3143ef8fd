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
    const { values, ld, rows, columns } = this;
    copyColumns({ values, ld, at: 0 }, { values: packed, ld: rows, at: 0 }, {
      rows,
      columns,
    });
    return packed;
  }

  /**
   * Copies whole columns from an array without padding, column-major; the padding stays as it is.
   *
   * @param column The column that the first one is copied to.
   * @param from Where in `packed` the first one starts.
   * @param columns How many are copied.
   */
  fromPacked(
    packed: Float32Array,
    column = 0,
    from = 0,
    columns: number = packed.length / this.rows,
  ): void {
    const { values, ld, rows } = this;
    copyColumns(
      { values: packed, ld: rows, at: from },
      { values, ld, at: column * ld },
      { rows, columns },
    );
  }
}

/** Columns in an array: the first starts at `at`, each further one `ld` after the one before. */
interface Columns {
  readonly values: Float32Array;
  readonly ld: number;
  readonly at: number;
}

/** For fewer rows, a loop is faster than `subarray` and `set`. */
const SHORT_ROWS = 32;

/** Copies rows of columns, not their padding. */
export function copyColumns(
  source: Columns,
  target: Columns,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): void {
  // Without padding, the columns are one piece of memory, and copied at once.
  const together = source.ld === rows && target.ld === rows;
  const [length, count] = together ? [rows * columns, 1] : [rows, columns];
  const [input, output] = [source.values, target.values];
  for (let column = 0; column < count; column++) {
    const from = source.at + column * source.ld;
    const to = target.at + column * target.ld;
    if (length >= SHORT_ROWS) {
      output.set(input.subarray(from, from + length), to);
    } else {for (let row = 0; row < length; row++) {
        output[to + row] = input[from + row];
      }}
  }
}
