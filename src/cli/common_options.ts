import { type FlagValues, numberOf, type Option, textOf } from "./arguments.ts";
import type { KernelSetName, SkipZeros } from "../providers/names.ts";
import { KERNEL_SETS, SKIP_ZEROS } from "../providers/providers.ts";
import { FORMAT_NAMES, FORMATS, readersOf } from "../data/formats.ts";
import { MODEL_ENDINGS } from "../model_files/model_formats.ts";
import type { ComputeOptions } from "../mlp/mlp_options.ts";

/** How the names of files end that make a dataset; an image alone is none. */
const DATASET_ENDINGS = Object.values(FORMATS)
  .filter(({ decode, options }) => !decode || options.includes("targets"))
  .flatMap(({ endings }) => endings);

/** Options that say where samples are, and what they are. */
export const DATA_OPTIONS = {
  dataset: {
    value: "NAME",
    help:
      `mnist (10,000 digits), mnist-60k (60,000 and 10,000), a folder of IDX files, a folder of images for each class, or a file (${
        DATASET_ENDINGS.join(", ")
      }, packed or not); - is stdin`,
    default: "mnist",
    file: "read",
  },
  targets: {
    value: "FILE",
    help: `${readersOf("targets")}: the targets of the samples`,
    file: "read",
  },
  format: {
    value: "NAME",
    help: `of a file: ${
      FORMAT_NAMES.join(", ")
    } (default: by its name, stdin csv)`,
  },
  target: {
    value: "COLUMN",
    help: `${
      readersOf("target")
    }: name or number (from 0, or -1 from the end) of the column to learn, or several with commas (default: the last)`,
  },
  task: {
    value: "NAME",
    help: `${
      readersOf("task")
    }: classes, labels, numbers, or auto by what the target looks like`,
    default: "auto",
  },
  delimiter: {
    value: "C",
    help: `${
      readersOf("delimiter")
    }: what separates cells (default: found out)`,
  },
  header: {
    value: "WHEN",
    help: `${
      readersOf("header")
    }: whether the first line has names: yes, no or auto (default: auto)`,
  },
  encoding: {
    value: "NAME",
    help: `${
      readersOf("encoding")
    }: of the text, such as windows-1252 (default: UTF-16 if it begins so, else utf-8)`,
  },
  "bad-rows": {
    value: "WHAT",
    help: `${
      readersOf("bad-rows")
    }: refuse the file if a row can't be read, or skip such rows and tell of them (default: refuse)`,
  },
} as const satisfies Record<string, Option>;

/** Options that say what computes. */
export const COMPUTE_OPTIONS = {
  kernels: {
    value: "NAME",
    help: `who computes: ${KERNEL_SETS.join(", ")}; blas with --allow-ffi`,
    default: "auto",
  },
  "skip-zeros": {
    value: "WHEN",
    help: `skip inputs of zero in training: ${SKIP_ZEROS.join(", ")}`,
    default: "auto",
  },
  workers: {
    value: "N",
    help:
      "threads, 1 to 256; results don't depend on it (default: all cores, fewer to train where that is sooner)",
  },
} as const satisfies Record<string, Option>;

/** The option that names a model. */
export const MODEL_OPTION = {
  model: {
    value: "FILE",
    help: `the model: ${MODEL_ENDINGS.join(", ")}`,
    file: "read",
  },
} as const satisfies Record<string, Option>;

/** Options of every command. */
export const COMMON_OPTIONS = {
  config: { value: "FILE", help: "JSON with options by name", file: "read" },
  json: { help: "JSON on stdout, and nothing else" },
  help: { help: "show this text" },
} as const satisfies Record<string, Option>;

/** What computes, as it is typed. Names are checked by the library. */
export function computeOptionsOf(flags: FlagValues): ComputeOptions {
  const workers = numberOf(flags, COMPUTE_OPTIONS, "workers");
  return {
    kernels: textOf(flags, COMPUTE_OPTIONS, "kernels") as KernelSetName,
    skipZeros: textOf(flags, COMPUTE_OPTIONS, "skip-zeros") as SkipZeros,
    ...(workers === undefined ? {} : { workers }),
  };
}
