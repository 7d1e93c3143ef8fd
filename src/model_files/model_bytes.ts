import { WrongTypeError } from "../checks/errors.ts";
import { requireObject, requireString } from "../checks/json_checks.ts";
import { wrong } from "../checks/validate.ts";
import type { Model } from "../models/model.ts";
import { requireUsable } from "../models/check_description.ts";
import { formatOf } from "./model_formats.ts";

/**
 * Encodes a model as the bytes of a file, for places without files, such as browsers. {@linkcode Mlp.toModel} gives the
 * model.
 *
 * @param name Of the file, for its format: ends in `.safetensors`, `.onnx` or `.json`.
 *
 * @throws {TypeError} If a value of the model is of the wrong type.
 * @throws {RangeError} If the name has another ending, a value is out of its range, or a length doesn't fit.
 *
 * @example
 * ```ts
 * import { decodeModel, encodeModel, Mlp } from "@lockstep/lockstep";
 *
 * const mlp = new Mlp({ layers: [4, 3] });
 * const bytes = await encodeModel(mlp.toModel(), "iris.onnx");
 * const again = Mlp.fromModel(await decodeModel(bytes, "iris.onnx"));
 * console.log(again.layers); // [4, 3]
 * ```
 */
export async function encodeModel(
  model: Model,
  name: string,
): Promise<Uint8Array> {
  requireString("write a model", "name", name);
  requireObject(`write '${name}'`, "model", model);
  return await formatOf(name, "write").encode(model, name);
}

/**
 * Decodes and checks a model from the bytes of a file. {@linkcode Mlp.fromModel} makes a network of it.
 *
 * @param name Of the file, for its format and for errors: ends in `.safetensors`, `.onnx` or `.json`.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If the name has another ending, the bytes are invalid, or the model refers to another file.
 *
 * @example
 * ```ts
 * import { decodeModel, Mlp } from "@lockstep/lockstep";
 *
 * async function fetched(url: string): Promise<Mlp> {
 *   const response = await fetch(url);
 *   return Mlp.fromModel(await decodeModel(await response.bytes(), "model.onnx"));
 * }
 * ```
 */
export async function decodeModel(
  bytes: Uint8Array,
  name: string,
): Promise<Model> {
  requireString("read a model", "name", name);
  if (!(bytes instanceof Uint8Array)) {
    throw new WrongTypeError(
      wrong(`read '${name}'`, "bytes", "a Uint8Array", bytes),
    );
  }
  const model = await formatOf(name, "read").decode(bytes, name);
  requireUsable(`read '${name}'`, model.description);
  return model;
}
