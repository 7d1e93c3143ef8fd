/** Columns from which nothing can be learned: left out unless their kind is asked for. */
import { quotedName } from "../checks/visible.ts";
import type { ColumnCells } from "./column_cells.ts";
import type { Column } from "./column_kinds.ts";

/** Rows from which on it says something that all cells are the same, or all different. */
const ROWS = 20;

/** How columns are called that number the rows. */
const ID_NAME =
  /^(id|index|key|row|no|nr|nummer|uuid|guid|(row|record)[ _-]?(id|no|nr|num|number)|.*[ _-]id|[A-Za-z]*[a-z]I[dD])$/;

/** What pandas calls a first column without a name, such as an index that it or R wrote. */
export const UNNAMED = "Unnamed: 0";

/** What an index is called in files. */
const INDEX_NAME = /^(Unnamed: 0|__index_level_\d+__)$/;

/** Why a column is left out. */
export type Reason = "empty" | "constant" | "id" | "index" | "text";

/** Whether the cells number the rows, however large the numbers, and the name says so; `undefined` if not. */
export function reasonOfNumbers(
  { name, counts, missing, present }: ColumnCells,
): Reason | undefined {
  const reason = INDEX_NAME.test(name)
    ? "index"
    : present >= ROWS && [name, name.toLowerCase()].some((n) => ID_NAME.test(n))
    ? "id"
    : undefined;
  return reason !== undefined && missing === 0 && counts.size === present &&
      [...counts.keys()].every((text) => /^\d+$/.test(text))
    ? reason
    : undefined;
}

/** Why a column of a kind is left out, `undefined` if it isn't. */
export function reasonToLeaveOut(
  { counts, missing, present }: ColumnCells,
  { kind }: Column,
): Reason | undefined {
  if (present < ROWS) return undefined;
  if (counts.size === 1) return missing === 0 ? "constant" : undefined;
  if (kind !== "category" || 2 * counts.size <= present) return undefined;
  const [text] = counts.keys();
  return counts.size === present && !/\s/.test(text) ? "id" : "text";
}

/** Tells of a column that is left out. */
export function noteOfLeftOut(
  { name, counts, present }: ColumnCells,
  reason: Reason,
): string {
  const shown = quotedName(name);
  switch (reason) {
    case "empty":
      return `${shown} is left out, as all its cells are missing`;
    case "constant":
      return `${shown} is left out, as all its cells are the same`;
    case "id":
      return `${shown} is left out, as an id: it is another one in each of ${present} rows, and nothing can be learned from what never comes again; give its kind to take it all the same`;
    case "index":
      return `${shown} is left out, as an index that pandas or R wrote: it numbers the rows; give its kind to take it all the same`;
    case "text":
      return `${shown} is left out, as text: it has ${counts.size} different ones in ${present} rows, and nothing can be learned from what hardly comes again; give its kind to take it all the same`;
  }
}
