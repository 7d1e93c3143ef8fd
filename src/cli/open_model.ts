import { Mlp } from "../mlp/mlp.ts";
import { type Given, requiredText } from "./arguments.ts";
import { computeOptionsOf, MODEL_OPTION } from "./common_options.ts";

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
