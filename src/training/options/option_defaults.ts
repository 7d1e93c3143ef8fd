/** Defaults of a training that depend on the optimizer or on the number of samples. */
import {
  OPTIMIZER_NAMES,
  type OptimizerName,
  OPTIMIZERS,
} from "../../units/optimizers.ts";

/** A default that depends on the optimizer, and may depend on the number of samples. */
export type ByOptimizer<T> =
  & Partial<Readonly<Record<OptimizerName, T>>>
  & { readonly others: T | ((samples: number) => T) };

/** The defaults of an option that some optimizers have of their own. */
export function ownDefaults(
  option: "momentum" | "learningRate",
  others: number,
): ByOptimizer<number> {
  const own = OPTIMIZER_NAMES.map((name) =>
    [name, OPTIMIZERS[name].defaults?.[option]] as const
  ).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(own), others };
}

/** From Keras' 32 for few samples to scikit-learn's 200 for many, so that an epoch has 50 batches in between. */
export function batchSizeOf(samples: number): number {
  return Math.min(200, Math.max(32, Math.round(samples / 50)));
}

/**
 * As if weights were drawn from a normal distribution with a variance of a third: the fewer samples there are, the more that says.
 * Chosen on rows held back from the training rows of the tables of `deno task bench:tables`, as docs/measurements.md tells:
 * 2 and 4 divided by the samples are nearly as good; no penalty is worse, and so is early stopping, which takes rows away.
 */
export function l2Of(samples: number): number {
  return Math.min(0.01, 3 / samples);
}
