import { requireKnownFields } from "../checks/json_checks.ts";
import { everyText, refuseTexts } from "./column_cells.ts";
import {
  type ColumnKind,
  COMMON_FIELDS,
  type NamedColumn,
} from "./column_kind.ts";
import { spellingsOf } from "./missing_cells.ts";

/**
 * A column of yes and no. Each becomes one input of 1 or 0.
 *
 * @example
 * ```ts
 * import { type BooleanColumn, TableEncoder } from "@lockstep/lockstep";
 *
 * const column: BooleanColumn = { name: "smokes", kind: "boolean" };
 * const encoder = TableEncoder.from({
 *   task: "numbers",
 *   preprocessing: { columns: [column] },
 *   targetNames: ["y"],
 * });
 * console.log(await encoder.inputs([{ smokes: "yes" }, { smokes: false }])); // 1, 0
 * ```
 */
export interface BooleanColumn extends NamedColumn {
  /** The kind of the column. */
  readonly kind: "boolean";
}

/** Words that go together, no first; capitals don't matter. */
const PAIRS = [
  ...[["false", "true"], ["no", "yes"], ["n", "y"], ["f", "t"], ["off", "on"]],
] as const;

/** What a cell may be, in use: any of the words, or 0 and 1. */
const VALUES = new Map<string, number>(
  [...PAIRS, ["0", "1"] as const].flatMap((pair) =>
    pair.map((word, at) => [word, at] as const)
  ),
);

const WANTED = "yes or no, or true or false";

/** A column of yes and no. */
export const BOOLEAN: ColumnKind<BooleanColumn> = {
  forms: [],
  async describe(cells, { how }) {
    const { name } = cells;
    if (how !== undefined) {
      const isBad = (cell: string) => !VALUES.has(cell.toLowerCase());
      await refuseTexts(cells, isBad, WANTED);
      return { column: { name, kind: "boolean" } };
    }
    const first = cells.counts.keys().next().value!.toLowerCase();
    const pair: readonly string[] | undefined = PAIRS.find((words) =>
      (words as readonly string[]).includes(first)
    );
    if (pair === undefined) return undefined;
    const all = await everyText(
      cells,
      (cell) => pair.includes(cell.toLowerCase()),
    );
    return all && cells.counts.size > 1
      ? { column: { name, kind: "boolean" } }
      : undefined;
  },
  width: () => 1,
  numeric: false,
  encoder: () => (cell, x, at) => {
    const value = VALUES.get(cell.toLowerCase());
    if (value === undefined) return WANTED;
    x[at] = value;
  },
  texts: () => [...VALUES.keys()].flatMap(spellingsOf),
  parse(fields, path, action) {
    requireKnownFields(action, path, fields, COMMON_FIELDS);
    return {};
  },
};
