/** What happens before the first batch: options and samples are checked, and samples are held back. */
import { StateError, WrongValueError } from "../errors.ts";
import { isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { Xoshiro128 } from "../random.ts";
import { describe, wrong } from "../validate.ts";
import { checkShape } from "./check_samples.ts";
import { type Interface, prepareSamples } from "./prepare.ts";
import type { Progress } from "./progress.ts";
import { sampleWeightsOf } from "./sample_weights.ts";
import { newProgress, type Task } from "./train.ts";
import type { TrainOptions } from "./train_options.ts";
import {
  requirePart,
  type TrainSettings,
  trainSettings,
} from "./train_settings.ts";

const ACTION = "train";

/** A training that is about to start. */
export interface Start {
  /** Checks and scales the samples. */
  prepare(): Promise<Omit<Task, "seed" | "everyBatch" | "signal">>;
  /** Where it starts: anew, or where a checkpoint stood. */
  progress(random: Xoshiro128): Progress;
}

/**
 * Checks the options of a training.
 *
 * @param last Where the last training stands, for one that goes on.
 *
 * @throws {TypeError} If an option is of the wrong type.
 * @throws {RangeError} If an option is out of its range, or samples don't fit the network.
 * @throws {Error} If a training can't go on.
 */
export function startTraining(
  network: Interface,
  samples: Samples | SparseSamples,
  options: TrainOptions,
  last: Progress | undefined,
): Start {
  checkShape(ACTION, samples, network.layers);
  const { learn, validation } = holdBack(samples, options);
  if (validation !== undefined) {
    checkShape("validate", validation, network.layers);
  }
  const settings = trainSettings(options, {
    samples: learn.samples,
    layers: network.layers,
    validated: validation !== undefined,
  });
  const { classWeights, sampleWeights } = options;
  if (classWeights !== undefined && network.targets !== undefined) {
    throw new WrongValueError(
      wrong(
        ACTION,
        "classWeights",
        "left out as the targets are numbers, not classes",
        classWeights,
      ),
    );
  }
  const all = sampleWeightsOf(
    samples,
    classWeights,
    sampleWeights,
    learn.samples,
  );
  const resumed = options.resume === true
    ? resumable(last, settings, learn.samples)
    : undefined;
  return {
    async prepare() {
      const prepared = await prepareSamples(ACTION, network, learn);
      return {
        samples: prepared,
        ...(all === undefined
          ? {}
          : { sampleWeights: all.subarray(0, learn.samples) }),
        ...(validation === undefined ? {} : {
          validation: await prepareSamples("validate", network, validation),
        }),
      };
    },
    progress: (random) =>
      resumed ?? newProgress(settings, learn.samples, random),
  };
}

/** The samples to learn from, and those to judge by. */
function holdBack(
  samples: Samples | SparseSamples,
  { validationData, validationSplit = 0 }: TrainOptions,
): {
  readonly learn: Samples | SparseSamples;
  readonly validation?: Samples | SparseSamples;
} {
  requirePart("validationSplit", validationSplit);
  if (validationSplit === 0) {
    return validationData === undefined
      ? { learn: samples }
      : { learn: samples, validation: validationData };
  }
  if (validationData !== undefined) {
    throw new WrongValueError(
      "Cannot train as 'validationData' and 'validationSplit' exclude each other",
    );
  }
  const count = samples.samples;
  const learned = count - Math.round(count * validationSplit);
  if (learned < 1 || learned === count) {
    throw new WrongValueError(
      wrong(
        ACTION,
        "validationSplit",
        `such that of ${count} samples some are left and some held back`,
        validationSplit,
      ),
    );
  }
  return {
    learn: part(samples, 0, learned),
    validation: part(samples, learned, count),
  };
}

/** Parts that were made before, so that what is known of them is found again. */
const parts = new WeakMap<object, Map<string, Samples | SparseSamples>>();

/** The samples `[from, to)`. */
function part(
  samples: Samples | SparseSamples,
  from: number,
  to: number,
): Samples | SparseSamples {
  const key = `${from} ${to}`;
  const known = parts.get(samples) ?? new Map();
  parts.set(samples, known);
  if (!known.has(key)) known.set(key, cut(samples, from, to));
  return known.get(key)!;
}

function cut(
  samples: Samples | SparseSamples,
  from: number,
  to: number,
): Samples | SparseSamples {
  const { x, inputs, outputs } = samples;
  const y = samples.y.subarray(from * outputs, to * outputs);
  const rest = { y, samples: to - from, inputs, outputs };
  if (!isCsr(x)) return { ...rest, x: x.subarray(from * inputs, to * inputs) };
  const [first, end] = [x.indptr[from], x.indptr[to]];
  return {
    ...rest,
    x: {
      data: x.data.subarray(first, end),
      indices: x.indices.subarray(first, end),
      indptr: x.indptr.slice(from, to + 1).map((start) => start - first),
    },
  };
}

/** Where a training goes on, if samples and settings are the same; there may be more epochs. */
function resumable(
  last: Progress | undefined,
  settings: TrainSettings,
  samples: number,
): Progress {
  const action = "go on with the training";
  if (last === undefined) {
    throw new StateError("Cannot go on with the training as there was none");
  }
  if (last.samples !== samples) {
    throw new WrongValueError(
      wrong(action, "samples", `${last.samples} as before`, samples),
    );
  }
  for (const [name, value] of Object.entries(last.settings)) {
    if (name === "epochs" || name === "timings") continue;
    const found = settings[name as keyof TrainSettings];
    if (JSON.stringify(found) === JSON.stringify(value)) continue;
    throw new WrongValueError(
      wrong(action, name, `${describe(value)} as before`, found),
    );
  }
  return { ...last, settings };
}
