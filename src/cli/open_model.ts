import { Mlp } from "../mlp/mlp.ts";
import { type Given, numberOf, requiredText, textOf } from "./arguments.ts";
import type { Option } from "./arguments.ts";
import { COMPUTE_OPTIONS } from "./model_options.ts";
import type { KernelSetName } from "../pool/messages.ts";

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
  const workers = numberOf(given, COMPUTE_OPTIONS, "workers");
  return await Mlp.load(requiredText(given, MODEL_OPTION, "model"), {
    kernels: textOf(given, COMPUTE_OPTIONS, "kernels") as KernelSetName,
    ...(workers === undefined ? {} : { workers }),
  });
}
