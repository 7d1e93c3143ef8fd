/** The settings of a network: its options, checked, with the defaults filled in. */
import { cores } from "../runtime/machine.ts";
import { ISOLATION, sharesMemory } from "../runtime/shared.ts";
import {
  SystemError,
  WrongTypeError,
  WrongValueError,
} from "../checks/errors.ts";
import { Communicator } from "../distributed/communicator.ts";
import type { ModelDescription } from "../models/model.ts";
import {
  requireDescription,
  requireLayers,
  requireUsable,
} from "../models/check_description.ts";
import type { TableEncoder } from "../data/table_encoder.ts";
import { encoderOf, withEncoder } from "./encoder_options.ts";
import { ACTIVATION_NAMES, type ActivationName } from "../units/activations.ts";
import {
  INITIALIZER_NAMES,
  type InitializerName,
  initializersOf,
} from "../units/initializers.ts";
import { lossesOf } from "../units/losses.ts";
import { OUTPUT_NAMES } from "../units/outputs.ts";
import { outputOf, type Task, taskOf, TASKS } from "../units/tasks.ts";
import type { KernelSetName, SkipZeros } from "../providers/names.ts";
import { KERNEL_SETS, SKIP_ZEROS } from "../providers/providers.ts";
import { PRESET_NAMES, type PresetName, PRESETS } from "../units/presets.ts";
import { requireOptions } from "../checks/options.ts";
import { MAXIMUM_WORKERS } from "../pool/control.ts";
import { requireChoice, requireInteger, wrong } from "../checks/validate.ts";
import { MLP_HINTS, MLP_NAMES, type MlpOptions } from "./mlp_options.ts";

/** The options of a network, all of them known and right. */
export interface MlpSettings extends Omit<ModelDescription, "training"> {
  readonly preset: PresetName;
  readonly task: Task;
  /** Of each layer of weights. */
  readonly initializers: readonly InitializerName[];
  readonly workers: number;
  /** Whether small batches may be left to fewer of them, as no number was given. */
  readonly fewerWorkers: boolean;
  readonly kernels: KernelSetName;
  readonly skipZeros: SkipZeros;
  readonly encoder: TableEncoder | undefined;
  readonly distributed: Communicator | undefined;
}

const ACTION = "make a network";

/**
 * Fills in the defaults and checks everything but weights.
 *
 * @throws {TypeError} If an option is of the wrong type.
 * @throws {RangeError} If an option is out of its range.
 */
export function mlpSettings(asked: MlpOptions): MlpSettings {
  requireOptions(ACTION, asked, MLP_NAMES, MLP_HINTS);
  const options = withEncoder(asked);
  const {
    workers = Math.min(coresFor(options.distributed), MAXIMUM_WORKERS),
    kernels = "auto",
    skipZeros = "auto",
    seed = 1,
    members = 1,
  } = options;
  const layers = requireLayers(ACTION, options.layers);
  const preset = requireChoice(
    ACTION,
    "preset",
    given(options.preset, "standard"),
    PRESET_NAMES,
  );
  const defaults = PRESETS[preset];
  const parts = { layers, preset, scaled: options.targets !== undefined };
  // Their defaults depend on each other, so that they have to be right first.
  const wanted = options.output === undefined
    ? undefined
    : requireChoice(ACTION, "output", options.output, OUTPUT_NAMES);
  const task = requireChoice(
    ACTION,
    "task",
    given(options.task, taskOf(wanted, parts)),
    TASKS,
  );
  const output = wanted ?? outputOf(task, parts);
  const description = requireDescription(ACTION, {
    ...{ layers, preset, task, output, seed },
    activations: activationsOf(
      given(options.activation, defaults.activation),
      options.activation !== undefined,
      layers.length - 2,
    ),
    loss: given(options.loss, lossesOf(output)[0]),
    classNames: options.classNames,
    targetNames: options.targetNames,
    preprocessing: rounded(options.preprocessing),
    targets: rounded(options.targets),
    members: members === 1 ? undefined : members,
    calibration: options.calibration,
    thresholds: options.thresholds,
    interval: options.interval,
  }, "activation");
  requireUsable(ACTION, description);
  if (members !== 1 && options.weights === undefined) {
    throw new WrongValueError(
      `Cannot ${ACTION} as 'weights' must be given with 'members': trainEnsemble() trains them`,
    );
  }
  if (options.weights !== undefined && options.initializer !== undefined) {
    const wanted = "left out as 'weights' are given";
    throw new WrongValueError(
      wrong(ACTION, "initializer", wanted, options.initializer),
    );
  }
  return {
    ...description,
    ...{ preset, task, members },
    initializers: requireInitializers(
      given(options.initializer, defaults.initializer),
      description.activations,
    ),
    workers: requireWorkers(workers),
    fewerWorkers: options.workers === undefined,
    kernels: requireChoice(ACTION, "kernels", kernels, KERNEL_SETS),
    skipZeros: requireChoice(ACTION, "skipZeros", skipZeros, SKIP_ZEROS),
    distributed: requireCommunicator(options.distributed),
    encoder: encoderOf({ ...options, ...description }),
  };
}

/** @throws {SystemError} If several are wanted, and can't share memory. */
function requireWorkers(workers: number): number {
  requireInteger(ACTION, "workers", workers, 1, MAXIMUM_WORKERS);
  if (workers === 1 || sharesMemory()) return workers;
  throw new SystemError(
    `Cannot ${ACTION} as 'workers' must be 1 in a page that is not cross-origin isolated: current value is ${workers}; ${ISOLATION}`,
  );
}

/** This process's part of the machine's cores; 1 where workers can't share memory. */
export function coresFor(distributed: Communicator | undefined): number {
  if (!sharesMemory()) return 1;
  const { sizeOnMachine = 1 } = distributed ?? {};
  return Math.max(1, Math.floor(cores() / sizeOnMachine));
}

function requireCommunicator(value: unknown): Communicator | undefined {
  if (value === undefined || value instanceof Communicator) return value;
  const wanted = "what 'await mpi()' gives";
  throw new WrongTypeError(wrong(ACTION, "distributed", wanted, value));
}

/** What is given, or the default; not `??`, as null is no default. */
function given<T>(value: T | undefined, standard: T): T {
  return value === undefined ? standard : value;
}

function requireInitializers(
  name: InitializerName | undefined,
  activations: readonly ActivationName[],
): InitializerName[] {
  const own = initializersOf(activations);
  if (name === undefined) return own;
  const one = requireChoice(ACTION, "initializer", name, INITIALIZER_NAMES);
  return own.map(() => one);
}

/** The activation of each hidden layer; a list is as long as it has to be if it passes the check of the description. */
function activationsOf(
  value: unknown,
  isGiven: boolean,
  hidden: number,
): unknown {
  if (Array.isArray(value)) return value;
  const one = requireChoice(ACTION, "activation", value, ACTIVATION_NAMES);
  if (hidden > 0 || !isGiven) return new Array(hidden).fill(one);
  const wanted = "left out as there is no hidden layer";
  throw new WrongValueError(wrong(ACTION, "activation", wanted, one));
}

/** Offsets and scales rounded to float32, with which is computed; all else is left to the checks. */
function rounded(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  const copy: Record<string, unknown> = { ...value };
  for (const name of ["offset", "scale", "center", "unit"]) {
    const list = copy[name];
    if (!Array.isArray(list)) continue;
    copy[name] = list.map((item) =>
      typeof item === "number" ? Math.fround(item) : item
    );
  }
  return copy;
}
