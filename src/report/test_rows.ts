import type { TargetColumns } from "../data/encoder_options.ts";
import { findTargets } from "../data/encode_table.ts";
import type { TableEncoder } from "../data/table_encoder.ts";
import { tableOf, type TableRows } from "../data/table_rows.ts";
import { targetWords, withTargets } from "../data/table_targets.ts";
import type { Rows } from "./section.ts";

/** The cells of those rows that an encoder makes samples of: all that have what is to be learned. */
export async function rowsWithTargets(
  { task, targetNames, table: { missing = [], missingTargets } }: TableEncoder,
  source: TableRows,
  given?: TargetColumns,
): Promise<Rows> {
  const table = await tableOf("read the rows to test", source);
  return await withTargets(
    table,
    findTargets(table, targetNames, given),
    targetWords(task, missing),
    missingTargets === "refuse",
  );
}
