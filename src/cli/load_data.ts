/** Loads samples for a training: of files, folders, stdin or what is built in. */
import { requireChoice } from "../checks/validate.ts";
import { encodeTargets } from "../data/array_samples.ts";
import type { Samples } from "../data/dataset.ts";
import type { OpenDataset } from "../data/load_dataset.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import type { ReadSamples } from "../data/read_arrays.ts";
import { fitScaling, fitTargetScaling } from "../data/scaling.ts";
import { pick } from "../data/pick.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import { type Task, TASKS } from "../units/tasks.ts";
import { type FlagValues, textOf, UsageError } from "./arguments.ts";
import { DATA_OPTIONS } from "./common_options.ts";
import { ofPieces, ofTable } from "./load_table.ts";
import { openData, parseTable } from "./open_data.ts";
import { requireEnough } from "./require_split.ts";
import { splitRows, trainOf } from "./split_rows.ts";
import {
  type Origin,
  SCALES,
  scalingOf,
  type TrainingData,
  type Wanted,
} from "./training_data.ts";

const ACTION = "read the command line";

/**
 * Loads samples for a training.
 *
 * @param wanted How inputs are scaled (default: tables and arrays are standardized, images are not), and how samples are
 * split that have none to test with.
 *
 * @throws {RangeError} If an option or a file isn't what it should be.
 */
export async function loadTrainingData(
  flags: FlagValues,
  wanted: Wanted,
): Promise<TrainingData> {
  const task = requireChoice(
    ACTION,
    "task",
    textOf(flags, DATA_OPTIONS, "task"),
    [...TASKS, "auto"],
  );
  if (wanted.scale !== undefined) {
    requireChoice(ACTION, "scale", wanted.scale, SCALES);
  }
  if (flags["piece-rows"] !== undefined) {
    return await ofPieces(flags, wanted, task);
  }
  const found = await openData(flags);
  if (wanted.group !== undefined && found.kind !== "table") {
    throw new UsageError(
      `Cannot ${ACTION} as '--group' is a column of a table, and the dataset is none: leave it out`,
    );
  }
  const { sha256 } = found;
  return {
    ...await dataOf(found, flags, wanted, task),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

async function dataOf(
  found: OpenDataset,
  flags: FlagValues,
  wanted: Wanted,
  task: Task | "auto",
): Promise<TrainingData> {
  switch (found.kind) {
    case "table":
      return await ofTable(
        await parseTable(found.file, flags),
        ...[flags, wanted, task] as const,
      );
    case "samples":
      return await ofArrays(
        found.samples,
        ...[textOf(flags, DATA_OPTIONS, "dataset")!, wanted, task] as const,
      );
    case "dataset": {
      const { train, test, classNames } = found.dataset;
      const numbers = Int32Array.from(
        { length: train.count + test.count },
        (_, at) => at,
      );
      return {
        ...{ train, test },
        ...(classNames === undefined ? {} : { classNames }),
        ...await ofImages(train, wanted),
        origin: originOfImages(train, wanted),
        split: {
          train: numbers.slice(0, train.count),
          test: numbers.slice(train.count),
          ...{ seed: wanted.seed, testSplit: 0 },
        },
      };
    }
  }
}

function originOfImages(samples: Samples, { scale }: Wanted): Origin {
  return {
    source: { kind: "samples", samples, task: "classes", scaleTargets: false },
    scale: scalingOf(scale, "none"),
  };
}

/** How images are scaled, if they are. */
async function ofImages(
  { x, inputs }: Samples,
  { scale, share }: Wanted,
): Promise<{ readonly preprocessing?: Preprocessing }> {
  const method = scalingOf(scale, "none");
  if (method === "none") return {};
  const fit = () => fitScaling(x, inputs, method);
  return { preprocessing: await (share?.scaling(fit) ?? fit()) };
}

async function ofArrays(
  read: ReadSamples,
  name: string,
  wanted: Wanted,
  asked: Task | "auto",
): Promise<TrainingData> {
  const { x, count, inputs, size } = read;
  const { task, y, outputs, names } = encodeTargets(read.targets, asked);
  requireEnough(name, "sample", count, wanted.testSplit);
  const samples = { x, y, count, inputs, outputs };
  const split = splitRows(samples, wanted);
  const { test } = split;
  const parts = {
    train: trainOf(samples, split),
    ...(test.length === 0 ? {} : { test: pick(samples, test) as Samples }),
    split,
  };
  if (size !== undefined && task === "classes") {
    return {
      ...parts,
      classNames: names,
      image: `${size.width}x${size.height}`,
      ...await ofImages(parts.train, wanted),
      origin: originOfImages(parts.train, wanted),
    };
  }
  // As of a table whose columns are numbers: of labels and numbers a model has to know that they are.
  const method = scalingOf(
    wanted.scale,
    size === undefined ? "standardize" : "none",
  );
  const { train } = parts;
  const fit = async () =>
    TableEncoder.from({
      task,
      preprocessing: {
        columns: Array.from(
          { length: inputs },
          (_, at) => ({ name: `x[${at}]`, kind: "number" }),
        ),
        ...(method === "none" ? {} : await fitScaling(train.x, inputs, method)),
      },
      targetNames: task === "classes" ? ["y"] : names,
      ...(task === "numbers"
        ? { targets: await fitTargetScaling(train.y, outputs) }
        : { classNames: names }),
    });
  const encoder = await (wanted.share?.encoder(fit) ?? fit());
  const own = `${task} ${names}`;
  const first = `${encoder.task} ${encoder.classNames ?? encoder.targetNames}`;
  if (own !== first) {
    throw new UsageError(
      `Cannot train as rank 0 has ${first}, and this one ${own}: write --task, and give each rank samples of every class`,
    );
  }
  return {
    ...parts,
    encoder,
    origin: {
      source: {
        kind: "samples",
        ...{ samples: train, task, encoder: encoder.toParts() },
        scaleTargets: task === "numbers",
      },
      scale: method,
    },
    ...(size === undefined ? {} : { image: `${size.width}x${size.height}` }),
  };
}
