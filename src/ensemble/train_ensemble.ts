/** Ensembles: networks that differ by their seeds, whose outputs are averaged. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { Mlp } from "../mlp/mlp.ts";
import type { ComputeOptions, MlpOptions } from "../mlp/mlp_options.ts";
import { MAXIMUM_MEMBERS } from "../models/check_description.ts";
import type { Model } from "../models/model.ts";
import type { TrainOptions } from "../training/options/train_options.ts";

const ACTION = "train an ensemble";

/**
 * Networks with fewer parameters are trained side by side, by one worker each, as more workers would not make them faster.
 */
const SMALL_PARAMETERS = 50_000;

/**
 * How an ensemble is trained: the number of its networks, and the options of each training.
 *
 * @example
 * ```ts
 * import { type EnsembleOptions, samplesFrom, trainEnsemble } from "@lockstep/lockstep";
 *
 * const options: EnsembleOptions = { members: 3, epochs: 5 };
 * const samples = samplesFrom({ x: [[0], [1]], labels: [0, 1] });
 * await using ensemble = await trainEnsemble({ layers: [1, 2] }, samples, options);
 * console.log(ensemble.members); // 3
 * ```
 */
export interface EnsembleOptions extends Omit<TrainOptions, "resume"> {
  /** How many networks, from 2 to 1000. */
  readonly members: number;
}

/**
 * Trains several networks, with the seed of the options and the seeds that follow it, and combines them into one whose
 * outputs are the mean of theirs. An ensemble is usually better than each member, and less certain where they disagree. It
 * predicts, evaluates, is calibrated, saved and loaded like any other network, but can't be trained further.
 *
 * Small networks are trained side by side. The bits depend neither on that nor on the number of workers.
 *
 * @param network The options of each member.
 * @param samples See {@linkcode Mlp.fit}.
 *
 * @throws {TypeError} If an option is unknown or of the wrong type.
 * @throws {RangeError} If an option is out of its range, or the samples don't fit.
 * @throws {DOMException} If the signal is aborted; any other reason of the signal is thrown as it is.
 *
 * @example
 * ```ts
 * import { readTable, TableEncoder, trainEnsemble, trainTestSplit } from "@lockstep/lockstep";
 *
 * const table = await readTable("data/iris.csv");
 * const { train, test } = trainTestSplit(table, { stratify: "species" });
 * const encoder = await TableEncoder.fit(train, { target: "species" });
 * await using ensemble = await trainEnsemble(
 *   { encoder, hidden: [16] },
 *   await encoder.samples(train),
 *   { members: 3, learningRate: 0.01 },
 * );
 * const { accuracy } = await ensemble.evaluate(await encoder.samples(test));
 * console.log(accuracy! > 0.9); // true
 * ```
 */
export async function trainEnsemble(
  network: MlpOptions,
  samples: Samples | SparseSamples,
  options: EnsembleOptions,
): Promise<Mlp> {
  // The names of the options of a training are checked by it.
  requireOptions(ACTION, options, Object.keys(options ?? {}));
  const { members, ...training } = options;
  requireInteger(ACTION, "members", members, 2, MAXIMUM_MEMBERS);
  for (const name of ["weights", "members"] as const) {
    if (network?.[name] === undefined) continue;
    const wanted = "left out, as each network draws its own";
    throw new WrongTypeError(wrong(ACTION, name, wanted, network[name]));
  }
  if ("resume" in training) {
    throw new WrongTypeError(
      `Cannot ${ACTION} as 'resume' is no option: train the networks and use ensembleOf()`,
    );
  }
  await using first = new Mlp(network);
  const parameters = first.layers.slice(1).reduce(
    (sum, outputs, n) => sum + outputs * (first.layers[n] + 1),
    0,
  );
  const beside = parameters < SMALL_PARAMETERS && !network.distributed;
  const models: Model[] = [];
  const failed = new AbortController();
  const signal = training.signal === undefined
    ? failed.signal
    : AbortSignal.any([training.signal, failed.signal]);
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < members; at = next++) {
      await using mlp = new Mlp({
        ...network,
        ...(beside ? { workers: 1 } : {}),
        seed: first.seed + at,
      });
      await mlp.fit(samples, { ...training, signal });
      models[at] = mlp.toModel();
    }
  };
  const lanes = beside ? Math.min(members, first.workers) : 1;
  const running = Array.from({ length: lanes }, lane);
  try {
    await Promise.all(running);
  } catch (error) {
    // The others end as well, before anything is told.
    failed.abort(error);
    await Promise.allSettled(running);
    throw error;
  }
  const { kernels, skipZeros, workers } = network;
  return combine(models, { kernels, skipZeros, workers });
}

/**
 * Combines several networks, trained in any way, into one whose outputs are the mean of theirs. Their layers, task, loss,
 * scaling, columns and names must be the same. What was fitted to a member, such as a calibration, is dropped. The members
 * themselves don't change.
 *
 * @param networks Two or more; some may be ensembles.
 * @param options What it computes with.
 *
 * @throws {TypeError} If one isn't an {@linkcode Mlp}.
 * @throws {RangeError} If there are fewer than two, or they differ by more than their weights and seeds.
 * @throws {StateError} While workers change the weights of one.
 *
 * @example
 * ```ts
 * import { ensembleOf, Mlp } from "@lockstep/lockstep";
 *
 * await using one = new Mlp({ layers: [2, 3], seed: 1 });
 * await using other = new Mlp({ layers: [2, 3], seed: 2 });
 * await using both = ensembleOf([one, other]);
 * console.log(both.members); // 2
 * ```
 */
export function ensembleOf(
  networks: readonly Mlp[],
  options: ComputeOptions = {},
): Mlp {
  const action = "make an ensemble";
  if (!Array.isArray(networks) || networks.length < 2) {
    const wanted = "an array of two networks or more";
    const Wrong = Array.isArray(networks) ? WrongValueError : WrongTypeError;
    throw new Wrong(wrong(action, "networks", wanted, networks));
  }
  for (const [at, one] of networks.entries()) {
    if (one instanceof Mlp) continue;
    throw new WrongTypeError(wrong(action, `networks[${at}]`, "an Mlp", one));
  }
  return combine(networks.map((one) => one.toModel()), options);
}

/** What has to be the same of all members. */
function likeness({ description }: Model): Readonly<Record<string, unknown>> {
  const { layers, activations, task, output, loss, ...rest } = description;
  const { preprocessing, targets, classNames, targetNames } = rest;
  return {
    ...{ layers, activations, task, output, loss },
    ...{ preprocessing, targets, classNames, targetNames },
  };
}

function combine(models: readonly Model[], options: ComputeOptions): Mlp {
  const [first] = models;
  const wanted = likeness(first);
  for (const [at, model] of models.entries()) {
    for (const [name, value] of Object.entries(likeness(model))) {
      const same = JSON.stringify(wanted[name]);
      if (JSON.stringify(value) === same) continue;
      throw new WrongValueError(
        wrong(
          "make an ensemble",
          `networks[${at}].${name}`,
          `${same} as of networks[0]`,
          value,
        ),
      );
    }
  }
  const { calibration: _, thresholds: __, interval: ___, ...description } =
    first.description;
  const members = models.reduce(
    (sum, { description: { members = 1 } }) => sum + members,
    0,
  );
  return Mlp.fromModel({
    description: { ...description, members },
    weights: models.flatMap(({ weights }) => weights),
  }, options);
}
