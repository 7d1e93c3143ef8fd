/** The output of `deno task evaluate --importance`. */
import { visibleName } from "../checks/visible.ts";
import type { Samples } from "../data/dataset.ts";
import {
  type ColumnImportance,
  permutationImportance,
} from "../insight/permutation_importance.ts";
import type { InsightNetwork } from "../insight/network.ts";
import {
  type FlagValues,
  numberOf,
  type Option,
  UsageError,
} from "./arguments.ts";
import { Progress } from "./display/progress.ts";
import { aligned } from "./metric_tables.ts";

/** Columns that are shown to people; images have hundreds. */
const MOST_SHOWN = 30;

/** The options. */
export const IMPORTANCE_OPTIONS = {
  importance: {
    help:
      "by how much accuracy or R² falls where a column is permuted, for each column",
  },
  repeats: {
    value: "N",
    help: "importance: how many times each column is permuted (default: 5)",
  },
  seed: { value: "N", help: "importance: of the permutations (default: 1)" },
} as const satisfies Record<string, Option>;

/**
 * The importance of each column, the most important first; `undefined` if it isn't asked for.
 *
 * @throws {UsageError} If its options are given without it.
 */
export async function importanceFor(
  network: InsightNetwork,
  samples: Samples,
  flags: FlagValues,
): Promise<ColumnImportance[] | undefined> {
  if (flags.importance !== true) {
    for (const name of ["repeats", "seed"]) {
      if (flags[name] === undefined) continue;
      throw new UsageError(
        `Cannot read the command line as '--${name}' is not read without '--importance': leave it out, or write --importance`,
      );
    }
    return undefined;
  }
  using line = new Progress("Columns");
  const found = await permutationImportance(network, samples, {
    onColumn: (done, all) => line.update(done / all, `${done} of ${all}`),
    repeats: numberOf(flags, IMPORTANCE_OPTIONS, "repeats"),
    seed: numberOf(flags, IMPORTANCE_OPTIONS, "seed"),
  });
  return found.toSorted((one, other) => other.mean - one.mean);
}

/** A line for each column. */
export function importanceTable(found: readonly ColumnImportance[]): string {
  const shown = found.slice(0, MOST_SHOWN);
  const left = found.length - shown.length;
  const table = aligned([
    ["column", "importance", "deviation"],
    ...shown.map(({ name, mean, deviation }) => [
      visibleName(name),
      mean.toFixed(4),
      deviation.toFixed(4),
    ]),
  ]);
  return left === 0 ? table : `${table}\nand ${left} more, all with --json`;
}
