/** What an encoder finds again in other tables: its columns, its targets, and cells that predictions carry along. */
import type { Task } from "../units/tasks.ts";
import type { Column } from "./column_kinds.ts";
import { findTargets } from "./encode_table.ts";
import type { TargetColumns } from "./encoder_options.ts";
import type { TableFacts } from "./table_facts.ts";
import type { CellTable } from "./table_cells.ts";
import { tableOf, type TableRows } from "./table_rows.ts";
import { TARGETS, targetWords, withTargets } from "./table_targets.ts";

/** What an encoder knows of columns. */
interface Known {
  readonly task: Task;
  readonly columns: readonly Column[];
  readonly targetNames: readonly string[];
  readonly classNames: readonly string[] | undefined;
  readonly table: TableFacts;
}

/** Names of the columns that inputs are made of. */
export function inputNames({ columns }: Pick<Known, "columns">): string[] {
  return columns.map(({ name }) => name);
}

/** Names of all columns of the table but those that are learned. */
export function rawNames(known: Known): string[] {
  const { columns } = known.table;
  if (columns.length === 0) return inputNames(known);
  return columns.filter(({ kind }) => kind !== "target")
    .map(({ name }) => name);
}

/** Names of columns that may be there, and aren't looked at. */
export function allowedNames({ targetNames, table }: Known): string[] {
  return [...targetNames, ...table.columns.map(({ name }) => name)];
}

/** The rows that have targets, and where those are. */
export async function learnedRows(
  { task, targetNames, table: { missing = [], missingTargets } }: Known,
  table: CellTable,
  given: TargetColumns | undefined,
  note: (text: string) => void,
): Promise<[CellTable, number[]]> {
  const targets = findTargets(table, targetNames, given);
  const words = targetWords(task, missing);
  const refuse = missingTargets === "refuse";
  return [await withTargets(table, targets, words, refuse, note), targets];
}

/** The targets of rows that have some. */
export async function targetsIn(
  { task, targetNames, classNames, table: { targetFormats = [] } }: Known,
  table: CellTable,
  targets: readonly number[],
): Promise<Float32Array<ArrayBuffer>> {
  const names = classNames ?? targetNames;
  return await TARGETS[task].encode(table, targets, names, targetFormats);
}

/** The cells of rows that predictions carry along. */
export async function keptCells(
  known: Known,
  rows: TableRows,
): Promise<Record<string, string>[]> {
  const { keep = [] } = known.table;
  const names = new Set([...keep, ...inputNames(known)]);
  const { columns, rows: cells } = await tableOf("keep cells", rows, {
    needed: [...names],
    allowed: allowedNames(known),
    absent: keep,
  });
  const places = keep.map((name) => [name, columns.indexOf(name)] as const);
  return cells.map((row) =>
    Object.fromEntries(places.map(([name, at]) => [name, row[at] ?? ""]))
  );
}
