/** The registry of all kinds of columns. */
import { WrongValueError } from "../checks/errors.ts";
import {
  requireFloats,
  requireObject,
  requireString,
} from "../checks/json_checks.ts";
import { requireBoolean, requireChoice, wrong } from "../checks/validate.ts";
import { BOOLEAN, type BooleanColumn } from "./boolean_column.ts";
import { CATEGORY, type CategoryColumn } from "./category_column.ts";
import type { ColumnKind } from "./column_kind.ts";
import { DATE, type DateColumn } from "./date_column.ts";
import { NUMBER, type NumberColumn } from "./number_column.ts";
import { ORDINAL, type OrdinalColumn } from "./ordinal_column.ts";

/**
 * One raw column of a table, and what its cells become.
 *
 * @example
 * ```ts
 * import { type Column, TableEncoder } from "@lockstep/lockstep";
 *
 * const columns: Column[] = [
 *   { name: "size", kind: "number" },
 *   { name: "color", kind: "category", values: ["blue", "red"] },
 * ];
 * const encoder = TableEncoder.from({
 *   task: "numbers",
 *   preprocessing: { columns },
 *   targetNames: ["price"],
 * });
 * console.log(await encoder.inputs([{ color: "red", size: 7 }])); // Float32Array [7, 0, 1]
 * ```
 */
export type Column =
  | NumberColumn
  | BooleanColumn
  | DateColumn
  | OrdinalColumn
  | CategoryColumn;

/** Name of a kind. */
export type KindName = Column["kind"];

/** All kinds, by their names; the first that fits a column is taken. */
const KINDS: {
  readonly [K in KindName]: ColumnKind<Extract<Column, { kind: K }>>;
} = {
  number: NUMBER,
  boolean: BOOLEAN,
  date: DATE,
  ordinal: ORDINAL,
  // Any texts are of this one.
  category: CATEGORY,
};

/** Their names, in the order in which they are tried. */
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

/** A kind by its name. */
export function kindNamed(name: KindName): ColumnKind<Column> {
  // Each takes columns of its own, which carry its name.
  return KINDS[name] as ColumnKind<Column>;
}

/** Inputs that columns become. */
export function widthOf(columns: readonly Column[]): number {
  return columns.reduce(
    (sum, column) =>
      sum + kindNamed(column.kind).width(column) + (column.flag ? 1 : 0),
    0,
  );
}

/**
 * Checks what is kept of a column, as JSON.parse() returned it.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If there is no such kind, an unknown field, or a value out of its range.
 */
export function parseColumn(
  value: unknown,
  path: string,
  action: string,
): Column {
  const fields = requireObject(action, path, value);
  const name = requireString(action, `${path}.name`, fields.name);
  const kind = requireChoice(action, `${path}.kind`, fields.kind, KIND_NAMES);
  const of = kindNamed(kind);
  const column = {
    ...of.parse(fields, path, action),
    ...{ name, kind },
    ...(fields.flag === undefined
      ? {}
      : { flag: requireBoolean(action, `${path}.flag`, fields.flag) }),
  } as Column;
  if (fields.fill === undefined) return column;
  const fill = requireFloats(action, `${path}.fill`, fields.fill);
  const width = of.width(column);
  if (fill.length <= width) return { ...column, fill };
  const wanted = `at most ${width}, as many inputs`;
  throw new WrongValueError(
    wrong(action, `${path}.fill.length`, wanted, fill.length),
  );
}
