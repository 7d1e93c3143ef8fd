/** Checks of descriptions of models, from files and from callers. */
import { parseCalibration } from "../calibration/calibration.ts";
import {
  parseInterval,
  parseThresholds,
  requireKeptOf,
} from "../calibration/kept.ts";
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import {
  parsePreprocessing,
  parseTargetScaling,
} from "../data/preprocessing.ts";
import { widthOf } from "../data/column_kinds.ts";
import { ACTIVATION_NAMES } from "../units/activations.ts";
import { LOSS_NAMES, requireLossOf } from "../units/losses.ts";
import { OUTPUT_NAMES } from "../units/outputs.ts";
import { requireOutputOf, taskOf, TASKS } from "../units/tasks.ts";
import { PRESET_NAMES } from "../units/presets.ts";
import {
  requireChoice,
  requireDifferent,
  requireInteger,
  wrong,
} from "../checks/validate.ts";
import {
  requireArray,
  requireKnownFields,
  requireLength,
  requireObject,
  requireStrings,
} from "../checks/json_checks.ts";
import type { ModelDescription } from "./model.ts";

/** The largest seed. */
const MAXIMUM_SEED = 0xffff_ffff;

/** Most networks of an ensemble. */
export const MAXIMUM_MEMBERS = 1000;

/**
 * Most layers of a network. Deeper ones without connections that skip layers aren't trained, and what a stage of weights
 * takes grows with their square: 10,000 of one node took 2 s for each batch, and a config of 200 KB ran for hours.
 */
const MAXIMUM_LAYERS = 1000;

const FIELDS: readonly (keyof ModelDescription)[] = [
  "layers",
  "activations",
  "task",
  "output",
  "loss",
  "seed",
  "preset",
  "classNames",
  "targetNames",
  "preprocessing",
  "targets",
  "members",
  "calibration",
  "thresholds",
  "interval",
  "training",
];

/**
 * Checks what JSON.parse() returned: types, ranges, names, and lengths of lists against each other.
 *
 * @param name Of the file, for errors.
 * @returns A copy with the known fields alone, without those that are `undefined`.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, a length doesn't fit, or there is an unknown field.
 */
export function checkDescription(
  value: unknown,
  name: string,
): ModelDescription {
  const action = `read '${name}'`;
  const fields = requireObject(action, "description", value);
  requireKnownFields(action, "description", fields, FIELDS);
  return requireDescription(action, fields);
}

/**
 * Checks the fields of a description, be they from a file or the options of a caller: types, ranges, names, and lengths of lists
 * against each other.
 *
 * @param activationsName What the field `activations` is called in errors.
 * @returns A copy with the known fields alone, without those that are `undefined`; lists are frozen.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or a length doesn't fit.
 */
export function requireDescription(
  action: string,
  fields: Readonly<Record<string, unknown>>,
  activationsName = "activations",
): ModelDescription {
  const layers = requireLayers(action, fields.layers);
  const [inputs, outputs] = [layers[0], layers.at(-1)!];
  const activations = requireArray(action, activationsName, fields.activations);
  requireLength(
    action,
    activationsName,
    activations.length,
    layers.length - 2,
    "as many hidden layers",
  );
  const output = requireChoice(action, "output", fields.output, OUTPUT_NAMES);
  const { calibration, thresholds, interval } = fields;
  return {
    layers,
    activations: Object.freeze(
      activations.map((item, n) =>
        requireChoice(
          action,
          `${activationsName}[${n}]`,
          item,
          ACTIVATION_NAMES,
        )
      ),
    ),
    ...(fields.task !== undefined && {
      task: requireChoice(action, "task", fields.task, TASKS),
    }),
    output,
    loss: requireChoice(action, "loss", fields.loss, LOSS_NAMES),
    seed: requireInteger(action, "seed", fields.seed, 0, MAXIMUM_SEED),
    ...(fields.preset !== undefined && {
      preset: requireChoice(action, "preset", fields.preset, PRESET_NAMES),
    }),
    ...namesOf(action, "classNames", fields.classNames, [outputs]),
    ...namesOf(action, "targetNames", fields.targetNames, [
      outputs,
      ...(fields.classNames === undefined ? [] : [1]),
    ]),
    ...preprocessingOf(action, fields.preprocessing, inputs),
    ...targetsOf(action, fields.targets, outputs),
    ...(fields.members !== undefined && {
      members: requireInteger(
        action,
        "members",
        fields.members,
        2,
        MAXIMUM_MEMBERS,
      ),
    }),
    ...(calibration !== undefined && {
      calibration: parseCalibration(calibration, output, outputs, action),
    }),
    ...(thresholds !== undefined && {
      thresholds: parseThresholds(thresholds, outputs, action),
    }),
    ...(interval !== undefined && {
      interval: parseInterval(interval, outputs, action),
    }),
    ...(fields.training !== undefined &&
      { training: requireObject(action, "training", fields.training) }),
  };
}

/**
 * Makes sure that a network can be made of a description: that task, output, loss, layers and scaled targets go together.
 *
 * @throws {RangeError} If not.
 */
export function requireUsable(
  action: string,
  description: ModelDescription,
): void {
  const { layers, output, loss, targets, preset = "standard" } = description;
  const parts = { layers, preset, scaled: targets !== undefined };
  const { task = taskOf(output, parts) } = description;
  requireOutputOf(action, output, task, parts);
  requireKeptOf(action, description, task, layers.at(-1)!);
  requireLossOf(action, output, loss);
}

/**
 * Checks the nodes of each layer.
 *
 * @throws {TypeError} If they are no numbers.
 * @throws {RangeError} If there are too few or too many layers, or one has no node.
 */
export function requireLayers(
  action: string,
  value: unknown,
): readonly number[] {
  if (!Array.isArray(value)) {
    const wanted = `an array of 2 to ${MAXIMUM_LAYERS} whole numbers`;
    throw new WrongTypeError(wrong(action, "layers", wanted, value));
  }
  if (value.length < 2 || value.length > MAXIMUM_LAYERS) {
    const wanted = `from 2 to ${MAXIMUM_LAYERS}`;
    throw new WrongValueError(
      wrong(action, "layers.length", wanted, value.length),
    );
  }
  return Object.freeze(
    value.map((nodes, n) =>
      requireInteger(action, `layers[${n}]`, nodes, 1, Infinity)
    ),
  );
}

/** Names that are all different, as many as they may be. */
function namesOf(
  action: string,
  field: "classNames" | "targetNames",
  value: unknown,
  lengths: readonly number[],
) {
  if (value === undefined) return {};
  const names = requireStrings(action, field, value);
  if (!lengths.includes(names.length)) {
    const [outputs] = lengths;
    requireLength(action, field, names.length, outputs, "as many outputs");
  }
  requireDifferent(action, field, names);
  return { [field]: Object.freeze(names) };
}

function preprocessingOf(action: string, value: unknown, inputs: number) {
  if (value === undefined) return {};
  const preprocessing = parsePreprocessing(value, action);
  const { columns, scale } = preprocessing;
  const found = columns === undefined ? inputs : widthOf(columns);
  if (found !== inputs) {
    throw new WrongValueError(
      wrong(action, "inputs of preprocessing.columns", `${inputs}`, found),
    );
  }
  if (scale !== undefined) {
    const path = "preprocessing.scale";
    requireLength(action, path, scale.length, inputs, "as many inputs");
  }
  return { preprocessing };
}

function targetsOf(action: string, value: unknown, outputs: number) {
  if (value === undefined) return {};
  const targets = parseTargetScaling(value, action);
  const { length } = targets.unit;
  requireLength(action, "targets.unit", length, outputs, "as many outputs");
  return { targets };
}
