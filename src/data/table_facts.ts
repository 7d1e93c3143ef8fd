/** What a model keeps of the table that it was trained on, besides its inputs. */
import {
  requireArray,
  requireKnownFields,
  requireObject,
  requireStrings,
} from "../checks/json_checks.ts";
import { requireChoice } from "../checks/validate.ts";
import { type ColumnSummary, parseSummaries } from "./column_summary.ts";
import { parseFormat } from "./number_formats.ts";
import type { NumberFormat } from "./number_text.ts";

/**
 * Facts about a table besides its inputs.
 *
 * @example
 * ```ts
 * import { TableEncoder, type TableFacts } from "@lockstep/lockstep";
 *
 * const rows = [{ name: "Ada", size: 7, kind: "a" }, { name: "Bo", size: 19, kind: "b" }];
 * const facts: TableFacts = (await TableEncoder.fit(rows, { keep: "name" })).table;
 * console.log(facts.keep); // ["name"]
 * ```
 */
export interface TableFacts {
  /** All its columns, in their order. */
  readonly columns: readonly ColumnSummary[];
  /** Columns that are copied to predictions. Default: none */
  readonly keep?: readonly string[];
  /** Words that mark a missing value, besides those that always do. Default: none */
  readonly missing?: readonly string[];
  /** Present if rows without a target are refused. Default: they are left out */
  readonly missingTargets?: "refuse";
  /** How the numbers of each target are written. Default: as `-1234.5` or `1e3` */
  readonly targetFormats?: readonly NumberFormat[];
}

/** Checks what is kept of a table, as JSON.parse() returned it. */
export function parseFacts(
  value: unknown,
  path: string,
  action: string,
): TableFacts {
  const fields = requireObject(action, path, value);
  const names = ["keep", "missing"] as const;
  requireKnownFields(action, path, fields, [
    ...["columns", "missingTargets", "targetFormats"],
    ...names,
  ]);
  const { columns, missingTargets, targetFormats } = fields;
  const lists = names.flatMap((name) =>
    fields[name] === undefined
      ? []
      : [[name, requireStrings(action, `${path}.${name}`, fields[name])]]
  );
  return {
    columns: parseSummaries(columns, `${path}.columns`, action),
    ...Object.fromEntries(lists),
    ...(missingTargets === undefined ? {} : {
      missingTargets: requireChoice(
        action,
        `${path}.missingTargets`,
        missingTargets,
        ["refuse"],
      ),
    }),
    ...(targetFormats === undefined ? {} : {
      targetFormats: requireArray(
        action,
        `${path}.targetFormats`,
        targetFormats,
      ).map((format, at) =>
        parseFormat(format, `${path}.targetFormats[${at}]`, action)
      ),
    }),
  };
}
