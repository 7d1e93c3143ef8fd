/** The cells of one column, as kinds look at them: each different text once. */
import { type CellTable, eachCell, SLICE_CELLS } from "./table_cells.ts";
import { BadCells } from "./bad_cells.ts";
import type { Words } from "./missing_cells.ts";
import { turnTaker } from "../slices/in_slices.ts";

/** What there is in a column. */
export interface ColumnCells {
  readonly table: CellTable;
  /** Number of the column, from 0, and its name. */
  readonly index: number;
  readonly name: string;
  /** Cells that have no value, and cells that have one. */
  readonly missing: number;
  readonly present: number;
  /** How often each different text is there, in the order of their first rows. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Looks at a column. Timers and I/O keep running meanwhile. */
export async function cellsOf(
  table: CellTable,
  index: number,
  words: Words,
): Promise<ColumnCells> {
  const counts = new Map<string, number>();
  let missing = 0;
  await eachCell(table, [index], (cell) => {
    const count = counts.get(cell);
    // Now, while the processor has the cell at hand.
    if (count === undefined && words.has(cell)) missing++;
    else counts.set(cell, (count ?? 0) + 1);
  });
  const present = table.rows.length - missing;
  const name = table.columns[index];
  return { table, index, name, missing, present, counts };
}

/**
 * Calls `use` with each different text until it returns false. Timers and I/O keep running meanwhile.
 *
 * @returns Whether it never did.
 */
export async function everyText(
  { counts }: ColumnCells,
  use: (text: string, count: number) => boolean,
): Promise<boolean> {
  const takeTurn = turnTaker();
  let left = SLICE_CELLS;
  for (const [text, count] of counts) {
    if (!use(text, count)) return false;
    if (--left > 0) continue;
    left = SLICE_CELLS;
    await takeTurn();
  }
  return true;
}

/** The first row that has a text. */
export function rowOf({ table, index }: ColumnCells, text: string): number {
  return table.rows.findIndex((row) => row[index] === text);
}

/**
 * Refuses the cells that have certain texts.
 *
 * @throws {RangeError} If there is one.
 */
export async function refuseTexts(
  cells: ColumnCells,
  isBad: (text: string) => boolean,
  wanted: string,
): Promise<void> {
  const refused = new Set<string>();
  await everyText(cells, (text) => {
    if (isBad(text)) refused.add(text);
    return true;
  });
  // Rows are looked at only to say which: that takes as long as all else of a column.
  if (refused.size === 0) return;
  const { table, index } = cells;
  const bad = new BadCells(table);
  await eachCell(table, [index], (cell, row) => {
    if (refused.has(cell)) bad.add(row, index, wanted, cell);
  });
  bad.refuse();
}
