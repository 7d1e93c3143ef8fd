import {
  type Calibration,
  parseCalibration,
} from "../calibration/calibration.ts";
import {
  parseInterval,
  parseThresholds,
  type PredictionInterval,
  requireKeptOf,
} from "../calibration/kept.ts";
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import {
  parsePreprocessing,
  parseTargetScaling,
  type Preprocessing,
  type TargetScaling,
} from "../data/preprocessing.ts";
import { widthOf } from "../data/column_kinds.ts";
import { ACTIVATION_NAMES, type ActivationName } from "../units/activations.ts";
import { LOSS_NAMES, type LossName, requireLossOf } from "../units/losses.ts";
import { OUTPUT_NAMES, type OutputName } from "../units/outputs.ts";
import { requireOutputOf, type Task, taskOf, TASKS } from "../units/tasks.ts";
import { PRESET_NAMES, type PresetName } from "../units/presets.ts";
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
import { MAXIMUM_DEPTH, parseJson } from "../io/parse_json.ts";
import { requireReadable } from "../io/write_atomically.ts";

export { ACTIVATION_NAMES, LOSS_NAMES, OUTPUT_NAMES };
export type { ActivationName, LossName, OutputName };

/** The largest seed. */
const MAXIMUM_SEED = 0xffff_ffff;

/** Most networks of an ensemble. */
export const MAXIMUM_MEMBERS = 1000;

/** A description may be nested as deep as that: as JSON, it is part of an object. */
const DESCRIPTION_DEPTH = MAXIMUM_DEPTH - 1;

/**
 * What a network is, and what its inputs and outputs mean: all but its weights. Any of it can be kept as JSON.
 *
 * @example
 * ```ts
 * import { Mlp, type ModelDescription } from "@lockstep/lockstep";
 *
 * await using mlp = new Mlp({ layers: [4, 8, 3], output: "softmax" });
 * const description: ModelDescription = mlp.toModel().description;
 * console.log(description.layers, description.loss); // [4, 8, 3], "crossEntropy"
 * ```
 */
export interface ModelDescription {
  /** Nodes of each layer, from the inputs to the outputs: two layers at least, one node each at least. */
  readonly layers: readonly number[];
  /** Of each hidden layer, `layers.length - 2` of them. */
  readonly activations: readonly ActivationName[];
  /** What the outputs tell. Default: what goes with the output, see `task` of {@linkcode MlpOptions} */
  readonly task?: Task;
  /** Activation of the output layer. */
  readonly output: OutputName;
  /** Loss of a sample. */
  readonly loss: LossName;
  /** Seed of the initial weights and of the order of the samples, from 0 to 2³² - 1. */
  readonly seed: number;
  /** Whose defaults its trainings have. Default: `"standard"` */
  readonly preset?: PresetName;
  /** Name of each output, for classifiers. */
  readonly classNames?: readonly string[];
  /** Names of the columns of a table that are learned: one of classes, else one for each output. */
  readonly targetNames?: readonly string[];
  /** How raw values become inputs. */
  readonly preprocessing?: Preprocessing;
  /** How outputs become raw targets. */
  readonly targets?: TargetScaling;
  /** Of an ensemble: of how many networks it is the mean, 2 or more. */
  readonly members?: number;
  /** How probabilities are calibrated. */
  readonly calibration?: Calibration;
  /** From which probability on a label applies, one of each; or the second of two classes, one. Default: 0.5 */
  readonly thresholds?: readonly number[];
  /** How far numbers are off. */
  readonly interval?: PredictionInterval;
  /** The settings that made the model, for people; any JSON value. */
  readonly training?: Readonly<Record<string, unknown>>;
}

/**
 * A model as it is kept in a file.
 *
 * @example
 * ```ts
 * import { Mlp, type Model } from "@lockstep/lockstep";
 *
 * await using mlp = new Mlp({ layers: [2, 3, 1] });
 * const model: Model = mlp.toModel();
 * console.log(model.weights.map(({ length }) => length)); // [9, 4]
 * await using copy = Mlp.fromModel(model);
 * console.log(await copy.weightsSha256() === await mlp.weightsSha256()); // true
 * ```
 */
export interface Model {
  /** What it is. */
  readonly description: ModelDescription;
  /**
   * One array for each layer but the last: `outputs × (inputs + 1)` values, column-major, so that the biases come
   * first, then the weights of the first input, and so on. Of an ensemble, one member after another.
   */
  readonly weights: readonly Float32Array[];
}

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
 * Most layers of a network. Deeper ones without connections that skip layers aren't trained, and what a stage of weights
 * takes grows with their square: 10,000 of one node took 2 s for each batch, and a config of 200 KB ran for hours.
 */
export const MAXIMUM_LAYERS = 1000;

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
