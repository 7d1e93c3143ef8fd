import type { Model } from "../models/model.ts";
import { requireUsable } from "../models/check_description.ts";
import { formatOf } from "./model_formats.ts";
import { besideOf } from "../io/read_beside.ts";
import { readBytes } from "../io/read_bytes.ts";

/**
 * Reads a model from a file, and checks all of it.
 *
 * @param path Ends in `.safetensors`, `.onnx` or `.json`.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If the name ends otherwise, or the file isn't what it should be.
 *
 * @example
 * ```ts
 * import { readModel } from "./read_model.ts";
 * import { writeModel } from "./write_model.ts";
 *
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * await writeModel(path, {
 *   description: { layers: [2, 1], activations: [], output: "linear", loss: "halfSquaredError", seed: 1 },
 *   weights: [Float32Array.of(0.5, 1, 2)],
 * });
 * console.log((await readModel(path)).weights); // [Float32Array [0.5, 1, 2]]
 * await Deno.remove(path);
 * ```
 */
export async function readModel(path: string): Promise<Model> {
  const { decode } = formatOf(path, "read");
  return await decode(await readBytes(path), path, besideOf(path));
}

/**
 * Reads a model that a network can be made of: also checks that task, output, loss, layers and scaled targets go together.
 *
 * @throws As {@linkcode readModel} does.
 */
export async function readUsableModel(path: string): Promise<Model> {
  const model = await readModel(path);
  requireUsable(`read '${path}'`, model.description);
  return model;
}
