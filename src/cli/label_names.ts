import type { Mlp } from "../mlp/mlp.ts";

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
