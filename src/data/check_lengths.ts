import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { checkCsr, isCsr } from "./csr.ts";
import type { Samples, SparseSamples } from "./dataset.ts";

/**
 * Checks that the arrays of samples are as long as their numbers say.
 *
 * @throws {TypeError} If x or y is not a Float32Array, and x no compressed sparse rows.
 * @throws {RangeError} If a length doesn't fit.
 */
export function checkLengths(
  action: string,
  { x, y, count, inputs, outputs }: Samples | SparseSamples,
): void {
  for (const [name, value] of Object.entries({ count, inputs, outputs })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new WrongValueError(
      wrong(action, name, "a whole number of 1 or more", value),
    );
  }
  if (isCsr(x)) {
    const rows = checkCsr(action, x, inputs);
    if (rows !== count) {
      const name = "x.indptr.length";
      throw new WrongValueError(
        wrong(action, name, `${count + 1}`, rows + 1),
      );
    }
  } else {
    requireFloats(action, "x", x, count * inputs, "count · inputs");
  }
  requireFloats(action, "y", y, count * outputs, "count · outputs");
}

function requireFloats(
  action: string,
  name: string,
  values: unknown,
  length: number,
  product: string,
): void {
  if (!(values instanceof Float32Array)) {
    const wanted = "a Float32Array, as samplesFrom({ x, y }) makes it";
    throw new WrongTypeError(wrong(action, name, wanted, values));
  }
  if (values.length === length) return;
  throw new WrongValueError(
    wrong(action, `${name}.length`, `${length} (${product})`, values.length),
  );
}
