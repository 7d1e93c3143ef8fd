/** Checks that weights fit a description, and that both can be written. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireLength } from "../checks/json_checks.ts";
import { wrong } from "../checks/validate.ts";
import { MAXIMUM_DEPTH, parseJson } from "../io/parse_json.ts";
import { requireReadable } from "../io/write_atomically.ts";
import { checkDescription } from "./check_description.ts";
import type { Model, ModelDescription } from "./model.ts";

/** A description may be nested as deep as that: as JSON, it is part of an object. */
const DESCRIPTION_DEPTH = MAXIMUM_DEPTH - 1;

/**
 * Checks that weights fit a description.
 *
 * @param name Of the file, for errors.
 *
 * @throws {RangeError} If there are more or fewer arrays or values than the layers need, or a value isn't finite.
 */
export function checkWeights(
  { layers, members = 1 }: ModelDescription,
  weights: readonly Float32Array[],
  name: string,
): void {
  const action = `read '${name}'`;
  const each = layers.length - 1;
  const of = members === 1 ? "" : `${members} members of `;
  const reason = `${of}${layers.length} layers`;
  requireLength(action, "weights", weights.length, members * each, reason);
  for (const [n, values] of weights.entries()) {
    const [inputs, outputs] = [layers[n % each], layers[n % each + 1]];
    requireLength(
      action,
      `weights[${n}]`,
      values.length,
      outputs * (inputs + 1),
      `${inputs} inputs and ${outputs} outputs`,
    );
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      throw new WrongValueError(
        wrong(action, `weights[${n}][${at}]`, "a finite number", values[at]),
      );
    }
  }
}

/**
 * Checks that what is to be written can be read again.
 *
 * @param name Of the file, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type, or can't be kept as JSON.
 * @throws {RangeError} If a value is out of its range, or a length doesn't fit.
 */
export function checkWritable(
  { description, weights }: Model,
  name: string,
): void {
  requireReadable(name, () => {
    const text = jsonOf(description);
    const value = parseJson(text, name, "its description", DESCRIPTION_DEPTH);
    checkWeights(checkDescription(value, name), weights, name);
  });
}

/**
 * @throws {TypeError} If a part has no form in JSON, such as a BigInt or an object within itself.
 * @throws {RangeError} If it is nested too deep.
 */
function jsonOf(description: ModelDescription): string {
  try {
    return JSON.stringify(description);
  } catch (cause) {
    // The stack was not enough.
    if (cause instanceof RangeError) {
      throw new WrongValueError(
        `its description must be nested at most ${DESCRIPTION_DEPTH} deep`,
        { cause },
      );
    }
    throw new WrongTypeError((cause as Error).message, { cause });
  }
}
