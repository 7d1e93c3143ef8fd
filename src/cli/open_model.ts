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

/**
 * Names of the labels of a model that was trained on several columns of 0 and 1: labels that don't exclude each other,
 * unlike the classes of a classifier. `undefined` of any other model.
 */
export function labelNames(
  { output, classNames, training }: Mlp,
): readonly string[] | undefined {
  if (output !== "sigmoid" || classNames === undefined) return undefined;
  // A classifier's target is one column, and its classes are values in it.
  return classNames.length > 1 && training?.target === classNames.join(",")
    ? classNames
    : undefined;
}
