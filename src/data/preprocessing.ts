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
import { parseFacts, type TableFacts } from "./table_facts.ts";

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
  /** What else is known of the table; only with columns. */
  readonly table?: TableFacts;
  /** One value for each network input, float32 exact; left out together where inputs are not scaled. */
  readonly offset?: readonly number[];
  /** As long as `offset`. */
  readonly scale?: readonly number[];
}

/**
 * How the outputs of a network become raw targets, for regression on scaled targets: `y · unit + center`. Other names
 * than those of inputs, so that the one is not given for the other.
 *
 * @example
 * ```ts
 * import { Mlp, type TargetScaling } from "@lockstep/lockstep";
 *
 * const targets: TargetScaling = { center: [150], unit: [40] };
 * await using mlp = new Mlp({ layers: [2, 1], output: "linear", targets });
 * console.log(mlp.targets?.unit); // [40]
 * ```
 */
export interface TargetScaling {
  /** The raw target of an output of 0, one for each target: where they are standardized, the mean. */
  readonly center: readonly number[];
  /** What an output of 1 adds to it, none 0: where they are standardized, the deviation. As long as `center`. */
  readonly unit: readonly number[];
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
  if (fields.center !== undefined) {
    const wanted = "{ offset, scale }, as fitScaling() makes it";
    throw new WrongValueError(wrong(action, "preprocessing", wanted, value));
  }
  const known = ["columns", "table", "offset", "scale"];
  requireKnownFields(action, "preprocessing", fields, known);
  const columns = fields.columns === undefined ? {} : {
    columns: parseColumns(fields.columns, action),
    ...(fields.table === undefined ? {} : {
      table: parseFacts(fields.table, "preprocessing.table", action),
    }),
  };
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
  if (fields.center === undefined && fields.offset !== undefined) {
    const wanted = "{ center, unit }, as fitTargetScaling() makes it";
    throw new WrongValueError(wrong(action, "targets", wanted, value));
  }
  requireKnownFields(action, "targets", fields, ["center", "unit"]);
  const center = requireFloats(action, "targets.center", fields.center);
  const unit = requireFloats(action, "targets.unit", fields.unit);
  const zero = unit.indexOf(0);
  if (zero >= 0) {
    throw new WrongValueError(
      wrong(action, `targets.unit[${zero}]`, "other than 0", 0),
    );
  }
  const targets = "as many centers";
  requireLength(action, "targets.unit", unit.length, center.length, targets);
  return { center, unit };
}
