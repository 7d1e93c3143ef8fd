/** What is learned from a table: found out by what its targets look like. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import type { Task } from "../units/tasks.ts";
import { isNumber, isNumberWithCommas } from "./cell_numbers.ts";
import {
  type CellTable,
  eachCell,
  placeOf,
  refuse,
  WITHOUT_COMMAS,
} from "./table_cells.ts";

/** Cells that are named where some targets are no numbers. */
const MOST_NAMED = 3;

/** Most different whole numbers that are taken for classes. */
const MOST_CLASSES = 20;

/**
 * The task, where it isn't given: classes if the only target is text, or has at most 20 different numbers, all of them
 * whole; else numbers.
 *
 * @param targets Numbers of the columns, from 0.
 *
 * @throws {RangeError} If most targets are numbers and some are not, or classes are to be told of several columns.
 */
export async function taskOf(
  table: CellTable,
  targets: readonly number[],
  task: Task | "auto",
): Promise<Task> {
  if (targets.length === 1) {
    if (task !== "auto") return task;
    return await isClasses(table, targets[0]) ? "classes" : "numbers";
  }
  if (task !== "classes") return task === "auto" ? "numbers" : task;
  const wanted = `'labels' or 'numbers' for ${targets.length} targets`;
  throw new WrongValueError(
    wrong(`read '${table.name}'`, "task", wanted, task),
  );
}

async function isClasses(table: CellTable, column: number): Promise<boolean> {
  const texts: number[] = [];
  let numbers = 0;
  let commas = 0;
  const values = new Set<string>();
  await eachCell(table, [column], (cell, row) => {
    if (isNumber(cell)) {
      numbers++;
      if (values.size <= MOST_CLASSES) values.add(cell);
      return;
    }
    if (isNumberWithCommas(cell)) commas++;
    if (texts.length < MOST_NAMED) texts.push(row);
  });
  const rows = table.rows.length;
  if (numbers === rows) {
    return values.size <= MOST_CLASSES &&
      [...values].every((value) => Number.isInteger(Number(value)));
  }
  if (2 * (numbers + commas) <= rows) return true;
  return refuseTexts(table, column, texts, numbers);
}

/** Refuses targets most of which are numbers: as classes each number would be one. */
function refuseTexts(
  table: CellTable,
  column: number,
  texts: readonly number[],
  numbers: number,
): never {
  const [first] = texts;
  const cell = table.rows[first][column];
  if (isNumberWithCommas(cell)) {
    refuse(table, first, column, WITHOUT_COMMAS, cell);
  }
  const found = texts.map((row) =>
    `${placeOf(table, row)} has ${describe(table.rows[row][column])}`
  );
  const rows = table.rows.length;
  throw new WrongValueError(
    `Cannot read '${table.name}' as targets in ${
      quotedName(table.columns[column])
    } must be numbers as ${numbers} of ${rows} are, or 'task' must be 'classes' to take each text for a class: ${
      found.join(", ")
    }${rows - numbers > found.length ? ", …" : ""}`,
  );
}
