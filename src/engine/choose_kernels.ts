/** Chooses the kernels by machine, permissions and data, and explains the choice in words. */
import { StateError } from "../checks/errors.ts";
import type {
  KernelSetName,
  ProviderName,
  SkipZeros,
} from "../providers/names.ts";
import { PROVIDERS } from "../providers/providers.ts";
import type { Network } from "../step/network.ts";
import type { PreparedSamples } from "../samples/prepared_samples.ts";
import { findPattern, type SparsePattern } from "../samples/sparsity.ts";

/** What the caller asked to compute with. */
export interface ComputeSettings {
  readonly kernels: KernelSetName;
  readonly skipZeros: SkipZeros;
  /** Whether small batches may use fewer workers than there are. */
  readonly fewerWorkers?: boolean;
}

/** The provider that was chosen. */
export interface ChosenProvider {
  readonly name: ProviderName;
  /** What opens it in a worker. */
  readonly setup: unknown;
  /** The choice and its reason, for people. */
  readonly words: string;
}

/**
 * Finds the requested provider, or the fastest one that is available.
 *
 * @throws {StateError} If the one that was asked for can't be used here.
 */
export async function chooseProvider(
  kernels: KernelSetName,
  network: Network,
): Promise<ChosenProvider> {
  const reasons: string[] = [];
  for (const name of Object.keys(PROVIDERS) as ProviderName[]) {
    if (kernels !== "auto" && kernels !== name) continue;
    const found = await PROVIDERS[name].find(network);
    if (found.words === undefined) {
      reasons.push(found.reason);
      continue;
    }
    const why = kernels === name ? "told" : reasons.join(" and ");
    const words = why === "" ? found.words : `${found.words}, as ${why}`;
    return { name, setup: found.setup, words };
  }
  throw new StateError(`Cannot compute with '${kernels}' as ${reasons[0]}`);
}

/** Which inputs of samples are computed, and which are skipped. */
export interface ChosenInputs {
  /** The inputs to keep, if others are skipped. */
  readonly pattern: SparsePattern | undefined;
  /** The choice and its reason, for people. */
  readonly words: string;
}

/** Decides whether the products of layer 0 skip inputs. */
export async function chooseInputs(
  skipZeros: SkipZeros,
  provider: ProviderName,
  samples: Pick<PreparedSamples, "x" | "count" | "inputs">,
): Promise<ChosenInputs> {
  if (skipZeros === "never") {
    return { pattern: undefined, words: "all inputs computed, as told" };
  }
  const { sparseDensity } = PROVIDERS[provider];
  const pattern = await findPattern(samples, sparseDensity);
  const density = pattern.entries / (samples.count * samples.inputs);
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;
  const kept = pattern.columnModes === undefined
    ? "are not zero"
    : "are not the most frequent value of their column";
  const found = `${percent(density)} of the inputs ${kept}`;
  if (skipZeros === "always") {
    return { pattern, words: `${found}, as told: the others skipped` };
  }
  const limit = `the limit is ${percent(sparseDensity)}`;
  return density <= sparseDensity
    ? { pattern, words: `${found}, ${limit}: the others skipped` }
    : { pattern: undefined, words: `${found}, ${limit}: all computed` };
}
