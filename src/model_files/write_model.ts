import type { Model } from "../models/model.ts";
import { formatOf } from "./model_formats.ts";
import { writeAtomically } from "../io/write_atomically.ts";

/**
 * Writes a model to a file, as a whole or not at all: see {@linkcode writeAtomically}.
 *
 * @param path Ends in `.safetensors`, `.onnx` or `.json`.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 * @throws {Deno.errors.NotCapable} If the permission to write to the folder, or to read it, is missing.
 * @throws {TypeError} If a value of the model is of the wrong type.
 * @throws {RangeError} If the name ends otherwise, a value is out of its range, or a length doesn't fit.
 *
 * @example
 * ```ts
 * import { writeModel } from "./write_model.ts";
 *
 * const path = await Deno.makeTempFile({ suffix: ".onnx" });
 * await writeModel(path, {
 *   description: { layers: [2, 1], activations: [], output: "linear", loss: "halfSquaredError", seed: 1 },
 *   weights: [Float32Array.of(0.5, 1, 2)],
 * });
 * await Deno.remove(path);
 * ```
 */
export async function writeModel(path: string, model: Model): Promise<void> {
  const { encode } = formatOf(path, "write");
  await writeAtomically(path, await encode(model, path));
}
