/** The output of `deno task evaluate --dependence COLUMN`. */
import { visibleName } from "../checks/visible.ts";
import type { Samples } from "../data/dataset.ts";
import type { Table } from "../data/table.ts";
import {
  type Dependence,
  partialDependence,
} from "../insight/partial_dependence.ts";
import type { InsightNetwork } from "../insight/network.ts";
import { dependenceSvg, MISSING } from "../insight/dependence_svg.ts";
import { writeAtomically } from "../io/write_atomically.ts";
import { type FlagValues, type Option, UsageError } from "./arguments.ts";
import { aligned } from "./metric_tables.ts";
import { requireEnding, requireWritable } from "./require_writable.ts";

/** The option. */
export const DEPENDENCE_OPTIONS = {
  dependence: {
    value: "COLUMN",
    help:
      "what the model tells on average where this column is set to each of its values in all samples",
  },
  plot: {
    value: "FILE",
    help: "with --dependence: draw it, .svg",
    file: "written",
  },
} as const satisfies Record<string, Option>;

/**
 * Checks where a picture is to be written, before the work.
 *
 * @throws {RangeError} If nothing is to be drawn, or the file can't be written.
 */
export async function requirePlot(
  { dependence, plot }: FlagValues,
): Promise<void> {
  if (plot === undefined) return;
  if (dependence === undefined) {
    throw new UsageError(
      "Cannot read the command line as '--plot' is not read without '--dependence': leave it out, or write --dependence COLUMN",
    );
  }
  requireEnding(plot as string, [".svg"]);
  await requireWritable(plot as string);
}

/** What is asked for, and drawn if that is; `undefined` if nothing is. */
export async function dependenceFor(
  network: InsightNetwork,
  source: Samples | Table,
  { dependence: column, plot }: FlagValues,
): Promise<Dependence | undefined> {
  if (typeof column !== "string") return undefined;
  const found = await partialDependence(network, source, { column });
  if (typeof plot === "string") {
    const svg = dependenceSvg(found);
    await writeAtomically(plot, new TextEncoder().encode(svg));
  }
  return found;
}

/** A line for each point. */
export function dependenceTable(
  { column, grid, outputs, values }: Dependence,
): string {
  return aligned([
    [column, ...outputs].map(visibleName),
    ...grid.map((point, at) => [
      point === "" ? MISSING : visibleName(`${point}`),
      ...values[at].map((value) => value.toPrecision(5)),
    ]),
  ]);
}
