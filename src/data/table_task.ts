/** What is learned from a table: found out by what its targets look like. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import type { Task } from "../units/tasks.ts";
import { cellsOf, type ColumnCells, everyText, rowOf } from "./column_cells.ts";
import type { Words } from "./missing_cells.ts";
import { formatOf } from "./number_formats.ts";
import { isAnyNumber, numberIn } from "./number_text.ts";
import { type CellTable, placeOf } from "./table_cells.ts";

/** Cells that are named where some targets are no numbers. */
const MOST_NAMED = 10;

/** Most different whole numbers that are taken for classes. */
const MOST_CLASSES = 20;

/**
 * The task, where it isn't given: classes if the only target is text, or has at most 20 different numbers, all of them
 * whole; else numbers. Missing targets don't count.
 *
 * @param targets Numbers of the columns, from 0.
 *
 * @throws {RangeError} If most targets are numbers and some are not, or classes are to be told of several columns.
 */
export async function taskOf(
  table: CellTable,
  targets: readonly number[],
  task: Task | "auto",
  words: Words,
): Promise<Task> {
  if (targets.length === 1) {
    if (task !== "auto") return task;
    const cells = await cellsOf(table, targets[0], words);
    return await isClasses(cells) ? "classes" : "numbers";
  }
  if (task !== "classes") return task === "auto" ? "numbers" : task;
  const wanted = `'labels' or 'numbers' for ${targets.length} targets`;
  throw new WrongValueError(
    wrong(`read '${table.name}'`, "task", wanted, task),
  );
}

async function isClasses(cells: ColumnCells): Promise<boolean> {
  const { counts, present } = cells;
  const found = await formatOf(cells);
  if (found !== undefined) {
    return counts.size <= MOST_CLASSES && found.format.unit === undefined &&
      [...counts.keys()].every((text) =>
        Number.isInteger(numberIn(text, found.format))
      );
  }
  let numbers = 0;
  const texts: string[] = [];
  await everyText(cells, (text, count) => {
    if (isAnyNumber(text)) numbers += count;
    else if (texts.length < MOST_NAMED) texts.push(text);
    return true;
  });
  if (2 * numbers <= present) return true;
  return refuseTexts(cells, texts, numbers);
}

/** Refuses targets most of which are numbers: as classes each number would be one. */
function refuseTexts(
  cells: ColumnCells,
  texts: readonly string[],
  numbers: number,
): never {
  const { table, name, present } = cells;
  const found = texts.map((text) =>
    `${placeOf(table, rowOf(cells, text))} has ${describe(text)}`
  );
  throw new WrongValueError(
    `Cannot read '${table.name}' as targets in ${
      quotedName(name)
    } must be numbers ${
      numbers === present
        ? "that are all written in one way"
        : `as ${numbers} of ${present} are`
    }, or 'task' must be 'classes' to take each text for a class${
      found.length > 0 ? `: ${found.join(", ")}` : ""
    }${present - numbers > found.length ? ", …" : ""}`,
  );
}
