/** The model of a command, and the inputs that it is given. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { type FormatName, FORMATS, type ImageSize } from "../data/formats.ts";
import {
  arrayInputs,
  folderInputs,
  type ReadInputs,
} from "../data/read_arrays.ts";
import type { Table } from "../data/table.ts";
import { imageSizeOf } from "../mlp/image_size.ts";
import { Mlp } from "../mlp/mlp.ts";
import { type FlagValues, requiredText } from "./arguments.ts";
import { computeOptionsOf, MODEL_OPTION } from "./common_options.ts";
import { isFolder, parseTable, readFile, refuseUnread } from "./open_data.ts";

/**
 * Reads the model that is named, for the kernels and workers that are asked for.
 *
 * @throws {UsageError} If none is named.
 * @throws {RangeError} If the file isn't what it should be.
 */
export async function openModel(flags: FlagValues): Promise<Mlp> {
  return await Mlp.load(
    requiredText(flags, MODEL_OPTION, "model"),
    computeOptionsOf(flags),
  );
}

/**
 * Reads inputs for a model from a file, a folder of images, or stdin: as numbers, or as a table.
 *
 * @throws As {@linkcode openData} does.
 */
export async function openInputs(
  path: string,
  mlp: Mlp,
  flags: FlagValues,
): Promise<ReadInputs | Table> {
  if (await isFolder(path)) {
    refuseUnread(path, flags, []);
    return await folderInputs(path, wantedOf(mlp, "png"));
  }
  const file = await readFile(path, flags);
  return FORMATS[file.format].table !== undefined
    ? await parseTable(file, flags)
    : await arrayInputs(file, wantedOf(mlp, file.format));
}

/** The inputs of a model; an image is a square unless the model was trained on others. */
function wantedOf(
  mlp: Mlp,
  format: FormatName,
): { readonly inputs: number; readonly size?: ImageSize } {
  const [inputs] = mlp.layers;
  const side = Math.sqrt(inputs);
  const square = format === "png" && Number.isInteger(side)
    ? { width: side, height: side }
    : undefined;
  const size = imageSizeOf(mlp) ?? square;
  return size === undefined ? { inputs } : { inputs, size };
}

/**
 * Refuses samples that have other inputs, or other images, than a model.
 *
 * @throws {RangeError} If they have.
 */
export function requireInputs(
  { name, inputs, size }: ReadInputs,
  mlp: Mlp,
): void {
  const text = (one?: ImageSize) => one && `${one.width} × ${one.height}`;
  const [wanted, found] = [text(imageSizeOf(mlp)), text(size)];
  if (
    inputs === mlp.layers[0] && (!wanted || !found || wanted === found)
  ) return;
  throw new WrongValueError(
    wrong(
      `read '${name}'`,
      "inputs of a sample",
      wanted ?? `${mlp.layers[0]}`,
      found ?? inputs,
    ),
  );
}
