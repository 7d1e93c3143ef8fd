import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import {
  requireArray,
  requireFloats,
  requireKnownFields,
  requireLength,
  requireObject,
  requireString,
  requireStrings,
} from "../checks/json_checks.ts";
import { requireChoice, requireDifferent, wrong } from "../checks/validate.ts";

/**
 * One raw column of a table. A number becomes one input, less the `origin` if there is one: in float64, for numbers such as
 * Unix times whose differences a float32 doesn't hold. A category becomes one input for each of its values (one-hot).
 *
 * @example
 * ```ts
 * import { type Column, encodeRows, parseCsv } from "@lockstep/lockstep";
 *
 * const columns: Column[] = [
 *   { name: "size", kind: "number" },
 *   { name: "color", kind: "category", values: ["blue", "red"] },
 * ];
 * const table = await parseCsv("color,size\nred,7\n");
 * console.log(await encodeRows(table, columns)); // Float32Array [7, 0, 1]
 * ```
 */
export type Column =
  | { readonly name: string; readonly kind: "number"; readonly origin?: number }
  | {
    readonly name: string;
    readonly kind: "category";
    readonly values: readonly string[];
  };

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
 * const targets: TargetScaling = { names: ["price"], offset: [150], scale: [40] };
 * await using mlp = new Mlp({ layers: [2, 1], output: "linear", targets });
 * console.log(mlp.targets?.names); // ["price"]
 * ```
 */
export interface TargetScaling {
  /** Names of the targets. */
  readonly names?: readonly string[];
  /** One value for each target. */
  readonly offset: readonly number[];
  /** As long as `offset`, and none is 0. */
  readonly scale: readonly number[];
}

function parseColumn(value: unknown, path: string, action: string): Column {
  const fields = requireObject(action, path, value);
  const name = requireString(action, `${path}.name`, fields.name);
  const kind = requireChoice(action, `${path}.kind`, fields.kind, [
    "number",
    "category",
  ]);
  if (kind === "category") {
    requireKnownFields(action, path, fields, ["name", "kind", "values"]);
    const values = requireStrings(action, `${path}.values`, fields.values);
    requireDifferent(action, `${path}.values`, values);
    return { name, kind, values };
  }
  // An older program must not leave out what it doesn't know.
  requireKnownFields(action, path, fields, ["name", "kind", "origin"]);
  const { origin } = fields;
  if (origin === undefined) return { name, kind };
  if (Number.isFinite(origin)) return { name, kind, origin: origin as number };
  const message = wrong(action, `${path}.origin`, "a finite number", origin);
  throw typeof origin === "number"
    ? new WrongValueError(message)
    : new WrongTypeError(message);
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
  requireKnownFields(action, "targets", fields, ["names", "offset", "scale"]);
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
  if (fields.names === undefined) return { offset, scale };
  const names = requireStrings(action, "targets.names", fields.names);
  requireLength(action, "targets.names", names.length, offset.length, targets);
  requireDifferent(action, "targets.names", names);
  return { names, offset, scale };
}
