import { didYouMean } from "../checks/validate.ts";
/** Samples from files other than tables: arrays, images, and folders of images. */
import { explainedError, WrongValueError } from "../checks/errors.ts";
import { readBytes } from "../io/read_bytes.ts";
import { systemError } from "../io/system_error.ts";
import { files } from "../runtime/files.ts";
import { join } from "../runtime/paths.ts";
import { NotFound } from "../runtime/system_errors.ts";
import {
  type Inputs,
  inputsOf,
  type RawTargets,
  targetsOf,
} from "./array_samples.ts";
import { requireFewValues } from "./floats.ts";
import {
  decodeArray,
  type FormatName,
  formatNameOf,
  FORMATS,
  type ImageSize,
  requireFormat,
  wantedEnding,
} from "./formats.ts";
import type { NpyArray } from "./npy.ts";

/** A file that was read, or what came through a pipe. */
export interface DataFile {
  /** For errors. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: FormatName;
}

/** Inputs, and the size of their images, if they are some. */
export interface ReadInputs extends Inputs {
  readonly size?: ImageSize;
}

/** Inputs and targets as they are in files. */
export interface ReadSamples extends ReadInputs {
  readonly targets: RawTargets;
}

/** The size of the images in an array. */
function sizeOf(
  { shape }: NpyArray,
  format: FormatName,
): { readonly size?: ImageSize } {
  if (!FORMATS[format].isImage) return {};
  return { size: { height: shape[1], width: shape[2] } };
}

/**
 * Makes inputs of a file that is no table.
 *
 * @param wanted Inputs that a model has, and the size of its images.
 *
 * @throws {RangeError} If it isn't what it should be, or has other inputs.
 */
export async function arrayInputs(
  file: DataFile,
  wanted?: { readonly inputs: number; readonly size?: ImageSize },
): Promise<ReadInputs> {
  const { name, format } = file;
  const array = await decodeArray(file, format, "inputs", wanted?.size);
  const inputs = inputsOf(name, array, wanted?.inputs);
  const { size } = sizeOf(array, format);
  if (
    size !== undefined && wanted?.size !== undefined &&
    (size.width !== wanted.size.width || size.height !== wanted.size.height)
  ) {
    throw new WrongValueError(
      `Cannot read '${name}' as its images must be of ${wanted.size.width} × ${wanted.size.height} pixels: current value is ${size.width} × ${size.height}`,
    );
  }
  return { ...inputs, ...(size === undefined ? {} : { size }) };
}

/**
 * Makes samples of a file with inputs, and one with targets.
 *
 * @param targets Path of the file with targets.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {RangeError} If a file isn't what it should be, or there are other numbers of samples.
 */
export async function arraySamples(
  file: DataFile,
  targets: string | undefined,
): Promise<ReadSamples> {
  if (!FORMATS[file.format].options.includes("targets")) {
    throw new WrongValueError(
      `Cannot read '${file.name}' as there are no targets with ${
        FORMATS[file.format].about
      }: name a folder that has a folder of images for each class`,
    );
  }
  if (targets === undefined) {
    throw new WrongValueError(
      `Cannot read '${file.name}' as 'targets' must be given: the file of .npy or IDX that has the targets of its samples`,
    );
  }
  const inputs = await arrayInputs(file);
  const format = requireFormat(targets);
  const bytes = await readBytes(targets);
  const array = await decodeArray({ name: targets, bytes }, format, "targets");
  return {
    ...inputs,
    targets: {
      ...targetsOf(targets, array, inputs.count),
      ...(format === "idx" ? { classes: "numbers" } : {}),
    },
  };
}

/** Names in a folder, sorted, without hidden ones, and whether they are folders. */
async function entriesOf(path: string): Promise<[string, boolean][]> {
  try {
    const found: [string, boolean][] = [];
    for await (const { name, isDirectory } of files.readDir(path)) {
      if (!name.startsWith(".")) found.push([name, isDirectory]);
    }
    return found.sort(([a], [b]) => a < b ? -1 : 1);
  } catch (cause) {
    throw systemError("read", path, cause);
  }
}

/** Paths of the images in a folder. */
async function imagesIn(path: string): Promise<string[]> {
  const entries = await entriesOf(path);
  for (const [name, isFolder] of entries) {
    if (!isFolder && formatNameOf(name) === "png") continue;
    throw new WrongValueError(
      `Cannot read '${join(path, name)}' as it must be an image in PNG`,
    );
  }
  if (entries.length > 0) return entries.map(([name]) => join(path, name));
  throw new WrongValueError(
    `Cannot read '${path}' as there must be an image in PNG or more`,
  );
}

/**
 * Reads the images of a folder, in the order of their names.
 *
 * @throws As {@linkcode arrayInputs} does, or if there are none, others than PNG, or of several sizes.
 */
export async function folderInputs(
  path: string,
  wanted?: { readonly inputs: number; readonly size?: ImageSize },
): Promise<ReadInputs> {
  return await imagesOf(path, await imagesIn(path), wanted);
}

/** Reads images of one size, one after another. */
async function imagesOf(
  name: string,
  paths: readonly string[],
  wanted?: { readonly inputs: number; readonly size?: ImageSize },
): Promise<ReadInputs> {
  const parts: Float32Array[] = [];
  let last: ReadInputs | undefined;
  for (const path of paths) {
    const bytes = await readBytes(path);
    const file: DataFile = { name: path, bytes, format: "png" };
    last = await arrayInputs(file, last ?? wanted);
    parts.push(last.x);
  }
  const { inputs, size } = last!;
  requireFewValues(`read '${name}'`, "x", parts.length, inputs);
  const x = new Float32Array(parts.length * inputs);
  for (const [at, part] of parts.entries()) x.set(part, at * inputs);
  return { name, x, count: parts.length, inputs, size };
}

/**
 * Reads images from a folder that has a folder for each class, named as the class.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 * @throws {RangeError} If there are other files, or images of several sizes.
 */
export async function classFolder(path: string): Promise<ReadSamples> {
  const entries = await entriesOf(path);
  const classes = entries.map(([name]) => name);
  const paths: string[] = [];
  const values: number[] = [];
  for (const [at, [name, isFolder]] of entries.entries()) {
    if (!isFolder) {
      throw new WrongValueError(
        `Cannot read '${
          join(path, name)
        }' as it must be a folder with the images of a class`,
      );
    }
    for (const image of await imagesIn(join(path, name))) {
      paths.push(image);
      values.push(at);
    }
  }
  if (classes.length < 2) {
    throw new WrongValueError(
      `Cannot read '${path}' as there must be the four files of MNIST, or a folder of images for each of two classes or more`,
    );
  }
  return {
    ...await imagesOf(path, paths),
    targets: { name: path, values, width: 1, classes },
  };
}

/**
 * What a path leads to.
 *
 * @param names Of what is no path, one of which may have been meant.
 */
export async function kindOf(
  path: string,
  names: readonly string[] = [],
): Promise<"file" | "folder"> {
  try {
    return (await files.stat(path)).isDirectory ? "folder" : "file";
  } catch (cause) {
    if (
      !(cause instanceof NotFound) ||
      formatNameOf(path) !== undefined
    ) {
      throw systemError("read", path, cause);
    }
    const ending = /\.\w+$/.test(path)
      ? `: ${wantedEnding(path)}`
      : didYouMean(path, names);
    throw explainedError(
      new NotFound(
        `Cannot read '${path}' as there is no such file or folder${ending}`,
        { cause },
      ),
    );
  }
}
