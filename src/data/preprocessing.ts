import { WrongValueError } from "../checks/errors.ts";
import {
  requireArray,
  requireFloats,
  requireKnownFields,
  requireLength,
  requireObject,
} from "../checks/json_checks.ts";
import { requireDifferent, wrong } from "../checks/validate.ts";
import { type Column, parseColumn } from "./column_kinds.ts";

/**
 * How raw values become the inputs of a network: columns to inputs, then `(x - offset) · scale` for each input.
 *
 * @example
 * ```ts
 * import { Mlp, type Preprocessing } from "@lockstep/lockstep";
 *
 * const preprocessing: Preprocessing = { offset: [20, 0.5], scale: [0.1, 2] };
 * await using mlp = new Mlp({ layers: [2, 1], preprocessing });
 * console.log(mlp.preprocessing?.offset); // [20, 0.5]
 * ```
 */
export interface Preprocessing {
  /** The raw columns, in order; left out where samples come as plain numbers. */
  readonly columns?: readonly Column[];
  /** One value for each network input, float32 exact; left out together where inputs are not scaled. */
  readonly offset?: readonly number[];
  /** As long as `offset`. */
  readonly scale?: readonly number[];
}

/**
 * How the outputs of a network become raw targets, for regression on scaled targets: `y · scale + offset`.
 *
 * @example
 * ```ts
 * import { Mlp, type TargetScaling } from "@lockstep/lockstep";
 *
 * const targets: TargetScaling = { offset: [150], scale: [40] };
 * await using mlp = new Mlp({ layers: [2, 1], output: "linear", targets });
 * console.log(mlp.targets?.scale); // [40]
 * ```
 */
export interface TargetScaling {
  /** One value for each target. */
  readonly offset: readonly number[];
  /** As long as `offset`, and none is 0. */
  readonly scale: readonly number[];
}

function parseColumns(value: unknown, action: string): Column[] {
  const path = "preprocessing.columns";
  const columns = requireArray(action, path, value).map((column, at) =>
    parseColumn(column, `${path}[${at}]`, action)
  );
  requireDifferent(action, path, columns.map(({ name }) => name));
  return columns;
}

/**
 * Checks a parsed JSON value.
 *
 * @param action What is done with it, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or lengths differ.
 */
export function parsePreprocessing(
  value: unknown,
  action: string,
): Preprocessing {
  const fields = requireObject(action, "preprocessing", value);
  const known = ["columns", "offset", "scale"];
  requireKnownFields(action, "preprocessing", fields, known);
  const columns = fields.columns === undefined
    ? {}
    : { columns: parseColumns(fields.columns, action) };
  if (fields.offset === undefined && fields.scale === undefined) return columns;
  const float32s = (field: "offset" | "scale") => {
    const values = requireFloats(
      action,
      `preprocessing.${field}`,
      fields[field],
    );
    const at = values.findIndex((value) => Math.fround(value) !== value);
    if (at < 0) return values;
    throw new WrongValueError(
      wrong(
        action,
        `preprocessing.${field}[${at}]`,
        "a float32",
        values[at],
      ),
    );
  };
  const offset = float32s("offset");
  const scale = float32s("scale");
  requireLength(
    action,
    "preprocessing.scale",
    scale.length,
    offset.length,
    "as many offsets",
  );
  return { ...columns, offset, scale };
}

/**
 * Checks a parsed JSON value.
 *
 * @param action What is done with it, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or lengths differ.
 */
export function parseTargetScaling(
  value: unknown,
  action: string,
): TargetScaling {
  const fields = requireObject(action, "targets", value);
  requireKnownFields(action, "targets", fields, ["offset", "scale"]);
  const offset = requireFloats(action, "targets.offset", fields.offset);
  const scale = requireFloats(action, "targets.scale", fields.scale);
  const zero = scale.indexOf(0);
  if (zero >= 0) {
    throw new WrongValueError(
      wrong(action, `targets.scale[${zero}]`, "other than 0", 0),
    );
  }
  const targets = "as many offsets";
  requireLength(action, "targets.scale", scale.length, offset.length, targets);
  return { offset, scale };
}
