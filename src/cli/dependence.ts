/** What `deno task evaluate --dependence COLUMN` tells. */
import { visibleName } from "../checks/visible.ts";
import type { Samples } from "../data/dataset.ts";
import type { Table } from "../data/table.ts";
import {
  type Dependence,
  partialDependence,
} from "../insight/partial_dependence.ts";
import type { InsightNetwork } from "../insight/network.ts";
import type { FlagValues, Option } from "./arguments.ts";
import { aligned } from "./metric_tables.ts";

/** The option. */
export const DEPENDENCE_OPTIONS = {
  dependence: {
    value: "COLUMN",
    help:
      "what the model tells on average where this column is set to each of its values in all samples",
  },
} as const satisfies Record<string, Option>;

/** What a point is called that stands for cells without a value. */
const MISSING = "(missing)";

/** What is asked for; `undefined` if nothing is. */
export async function dependenceFor(
  network: InsightNetwork,
  source: Samples | Table,
  { dependence: column }: FlagValues,
): Promise<Dependence | undefined> {
  return typeof column === "string"
    ? await partialDependence(network, source, { column })
    : undefined;
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
