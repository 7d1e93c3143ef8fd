import { Mlp } from "../mlp/mlp.ts";
import { type Given, requiredText } from "./arguments.ts";
import type { Option } from "./arguments.ts";
import { computeOptionsOf } from "./model_options.ts";

/** The option that names a model. */
export const MODEL_OPTION = {
  model: {
    value: "FILE",
    help: "the model: .safetensors, .onnx or .json",
    file: "read",
  },
} as const satisfies Record<string, Option>;

/**
 * Reads the model that is named, for the kernels and workers that are asked for.
 *
 * @throws {UsageError} If none is named.
 * @throws {RangeError} If the file isn't what it should be.
 */
export async function openModel(given: Given): Promise<Mlp> {
  return await Mlp.load(
    requiredText(given, MODEL_OPTION, "model"),
    computeOptionsOf(given),
  );
}
