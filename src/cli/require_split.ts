/** Whether a dataset can be split as the command line asks, said before it is done. */
import { WrongValueError } from "../checks/errors.ts";
import { quotedName } from "../checks/visible.ts";
import { classesOfTable } from "../data/split.ts";
import type { Table } from "../data/table.ts";

const TO_ALL = "write --test-split 0 to train with all of them";

/**
 * Refuses what is too little to hold a fraction back.
 *
 * @param unit What there are: rows or samples.
 *
 * @throws {RangeError} If nothing would be left to test with, or to train with.
 */
export function requireEnough(
  name: string,
  unit: "row" | "sample",
  count: number,
  fraction: number,
): void {
  const tests = Math.round(count * fraction);
  if (fraction === 0 || tests > 0 && tests < count) return;
  throw new WrongValueError(
    `Cannot split '${name}' as ${count} ${
      count === 1 ? `${unit} is` : `${unit}s are`
    } too few to hold ${fraction} of them back to test with: add ${unit}s, or ${TO_ALL}`,
  );
}

/**
 * Refuses a table of which no row can be held back.
 *
 * @param classes The column of the classes, if there are some.
 *
 * @throws {RangeError} If it has too few rows, or each class has one.
 */
export function requireSplit(
  table: Table,
  classes: string | undefined,
  fraction: number,
): void {
  const { name, rows: { length: count } } = table;
  requireEnough(name, "row", count, fraction);
  if (classes === undefined || fraction === 0) return;
  const found = new Set(classesOfTable(table, classes));
  if (found.size < count) return;
  throw new WrongValueError(
    `Cannot split '${name}' as ${quotedName(classes)} has ${found.size} ` +
      `different values in ${count} rows, so that none of a class can be held back to test with: ` +
      `learn another column by --target, or ${TO_ALL}`,
  );
}
