import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { CsrMatrix } from "./dataset.ts";

/** Whether a value looks like compressed sparse rows, right or wrong. */
export function isCsr(value: unknown): value is CsrMatrix {
  return typeof value === "object" && value !== null && "indptr" in value;
}

/**
 * Checks the structure of compressed sparse rows, and returns how many there are.
 *
 * @throws {TypeError} If a part is not the typed array that it should be.
 * @throws {RangeError} If the parts don't fit each other, or a column is not below `inputs` or not ascending in its row.
 */
export function checkCsr(
  action: string,
  { data, indices, indptr }: CsrMatrix,
  inputs: number,
): number {
  requireTyped(action, "x.data", data, [Float32Array]);
  requireTyped(action, "x.indices", indices, [
    Int32Array,
    Uint32Array,
    Uint16Array,
  ]);
  requireTyped(action, "x.indptr", indptr, [Int32Array, Uint32Array]);
  const refuse = (name: string, wanted: string, value: unknown) => {
    throw new WrongValueError(wrong(action, name, wanted, value));
  };
  if (indices.length !== data.length) {
    refuse("x.indices.length", `${data.length} as of x.data`, indices.length);
  }
  const rows = indptr.length - 1;
  if (rows < 1) refuse("x.indptr.length", "2 or more", indptr.length);
  if (indptr[0] !== 0) refuse("x.indptr[0]", "0", indptr[0]);
  if (indptr[rows] !== data.length) {
    refuse(
      `x.indptr[${rows}]`,
      `${data.length} as x.data.length`,
      indptr[rows],
    );
  }
  for (let row = 0; row < rows; row++) {
    const [from, to] = [indptr[row], indptr[row + 1]];
    if (to < from || to > data.length) {
      const range = `from ${from} to ${data.length}, ascending`;
      refuse(`x.indptr[${row + 1}]`, range, to);
    }
    let before = -1;
    for (let at = from; at < to; at++) {
      const column = indices[at];
      if (column < 0 || column >= inputs) {
        const range = `from 0 to ${inputs - 1} in row ${row}`;
        refuse(`x.indices[${at}]`, range, column);
      }
      if (column <= before) {
        const wanted =
          `above ${before}, the one before it in row ${row} (SciPy: sort_indices(), sum_duplicates())`;
        refuse(`x.indices[${at}]`, wanted, column);
      }
      before = column;
    }
  }
  return rows;
}

function requireTyped(
  action: string,
  name: string,
  value: unknown,
  kinds: readonly (new () => ArrayBufferView)[],
): void {
  if (kinds.some((kind) => value instanceof kind)) return;
  const wanted = kinds.map(({ name }) => name).join(" or ");
  throw new WrongTypeError(wrong(action, name, wanted, value));
}
