/** How probabilities are calibrated: what is kept of it with a network, and its only validator. */
import { WrongValueError } from "../checks/errors.ts";
import {
  requireArray,
  requireFloats,
  requireKnownFields,
  requireLength,
  requireObject,
} from "../checks/json_checks.ts";
import {
  POSITIVE,
  requireChoice,
  requireNumber,
  wrong,
} from "../checks/validate.ts";
import type { OutputName } from "../units/outputs.ts";

/** Ways to calibrate: divide all logits by one number, map them linearly, or map probabilities by rising curves. */
export type CalibrationMethod = "temperature" | "platt" | "isotonic";

/** All names of methods. */
export const CALIBRATION_METHODS: readonly CalibrationMethod[] = [
  "temperature",
  "platt",
  "isotonic",
];

/**
 * How to calibrate the logits or probabilities of a network, as fitted by {@linkcode Mlp.calibrate}.
 *
 * @example
 * ```ts
 * import { type Calibration, Mlp } from "@lockstep/lockstep";
 *
 * const calibration: Calibration = { method: "temperature", temperature: 2 };
 * await using mlp = new Mlp({ layers: [2, 3], calibration });
 * console.log(mlp.calibration); // { method: "temperature", temperature: 2 }
 * ```
 */
export type Calibration =
  | {
    /** All logits are divided by one number, which keeps the order of the classes. */
    readonly method: "temperature";
    /** More than 1 for an overconfident network, less than 1 for an underconfident one; a float32. */
    readonly temperature: number;
  }
  | {
    /** Logits become `slope · z + intercept`. */
    readonly method: "platt";
    /** One for each output, all equal for a softmax; float32s. */
    readonly slope: readonly number[];
    /** One for each output; float32s. */
    readonly intercept: readonly number[];
  }
  | {
    /** Probabilities follow rising curves, with straight lines between their points. */
    readonly method: "isotonic";
    /**
     * One for each output; for a softmax of two classes a single one, for the second class. Probabilities of more classes
     * are normalized to a sum of 1.
     */
    readonly curves: readonly IsotonicCurve[];
  };

/**
 * A curve that never falls.
 *
 * @example
 * ```ts
 * import type { IsotonicCurve } from "@lockstep/lockstep";
 *
 * const curve: IsotonicCurve = { from: [0.2, 0.7], to: [0.1, 0.9] };
 * console.log(curve.to.length); // 2
 * ```
 */
export interface IsotonicCurve {
  /** Probabilities before calibration, in ascending order, all different. */
  readonly from: readonly number[];
  /** Calibrated probabilities, from 0 to 1, none less than the one before. */
  readonly to: readonly number[];
}

/** How many curves a network has. */
export function curvesOf(output: OutputName, outputs: number): number {
  return output === "softmax" && outputs === 2 ? 1 : outputs;
}

/**
 * Checks a parsed JSON value, and rounds factors to float32s, as files of every format have them.
 *
 * @param action What is done with it, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or a length doesn't fit the outputs.
 */
export function parseCalibration(
  value: unknown,
  output: OutputName,
  outputs: number,
  action: string,
): Calibration {
  const fields = requireObject(action, "calibration", value);
  const path = (field: string) => `calibration.${field}`;
  const method = requireChoice(
    action,
    path("method"),
    fields.method,
    CALIBRATION_METHODS,
  );
  if (output === "linear") {
    const wanted = "left out where the output is 'linear'";
    throw new WrongValueError(wrong(action, "calibration", wanted, value));
  }
  const known = (...names: string[]) =>
    requireKnownFields(action, "calibration", fields, ["method", ...names]);
  if (method === "temperature") {
    known("temperature");
    const { temperature } = fields;
    requireNumber(action, path("temperature"), temperature, POSITIVE);
    return { method, temperature: Math.fround(temperature as number) };
  }
  if (method === "platt") {
    known("slope", "intercept");
    const row = (field: "slope" | "intercept") => {
      const values = requireFloats(action, path(field), fields[field]);
      requireLength(
        action,
        path(field),
        values.length,
        outputs,
        "as many outputs",
      );
      return values.map(Math.fround);
    };
    return { method, slope: row("slope"), intercept: row("intercept") };
  }
  known("curves");
  const curves = requireArray(action, path("curves"), fields.curves);
  const wanted = curvesOf(output, outputs);
  requireLength(
    action,
    path("curves"),
    curves.length,
    wanted,
    `${outputs} outputs`,
  );
  return {
    method,
    curves: curves.map((curve, at) =>
      parseCurve(curve, path(`curves[${at}]`), action)
    ),
  };
}

function parseCurve(
  value: unknown,
  path: string,
  action: string,
): IsotonicCurve {
  const fields = requireObject(action, path, value);
  requireKnownFields(action, path, fields, ["from", "to"]);
  const from = requireFloats(action, `${path}.from`, fields.from);
  const to = requireFloats(action, `${path}.to`, fields.to);
  if (from.length === 0) {
    throw new WrongValueError(
      wrong(action, `${path}.from.length`, "1 or more", 0),
    );
  }
  requireLength(action, `${path}.to`, to.length, from.length, "as many points");
  for (const at of from.keys()) {
    if (at > 0 && !(from[at] > from[at - 1])) {
      const wanted = `more than ${from[at - 1]}`;
      throw new WrongValueError(
        wrong(action, `${path}.from[${at}]`, wanted, from[at]),
      );
    }
    const least = at === 0 ? 0 : to[at - 1];
    if (to[at] >= least && to[at] <= 1) continue;
    throw new WrongValueError(
      wrong(action, `${path}.to[${at}]`, `from ${least} to 1`, to[at]),
    );
  }
  return { from, to };
}
