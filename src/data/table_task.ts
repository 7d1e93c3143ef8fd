/** What is learned from a table: found out by what its targets look like. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import type { Task } from "../units/tasks.ts";
import { cellsOf, type ColumnCells, everyText, rowOf } from "./column_cells.ts";
import { reasonOfNumbers } from "./left_out.ts";
import type { Words } from "./missing_cells.ts";
import { ordersOf } from "./dates.ts";
import { formatOf } from "./number_formats.ts";
import { isAnyNumber, type NumberFormat, numberIn } from "./number_text.ts";
import { type CellTable, placeOf } from "./table_cells.ts";

/** Cells that are named where some targets are no numbers. */
const MOST_NAMED = 10;

/** Most different whole numbers that are taken for classes. */
const MOST_CLASSES = 20;

/** Rows from which on classes have to come again. */
const ROWS = 20;

/** What is learned. */
export interface FoundTask {
  readonly task: Task;
  /** What it was taken for that might be something else. */
  readonly note?: string;
}

/** How another target or task is asked for. */
const OTHER_TARGET =
  "learn another column (--target, or 'target' in a program)";
const AS_CLASSES = "for a class (--task classes, or 'task' in a program)";

/**
 * The task, where it isn't given: classes if the only target is text, or has at most 20 different numbers, all of them
 * whole and some more than once; else numbers. Missing targets don't count.
 *
 * @param targets Numbers of the columns, from 0.
 *
 * @throws {RangeError} If most targets are numbers and some are not, they are dates or like ids, or classes are to be told
 * of several columns.
 */
export async function taskOf(
  table: CellTable,
  targets: readonly number[],
  task: Task | "auto",
  words: Words,
): Promise<FoundTask> {
  if (targets.length === 1) {
    if (task !== "auto") return { task };
    return await taskOfCells(await cellsOf(table, targets[0], words));
  }
  if (task === "auto") {
    return { task: "numbers", ...await noteOfSeveral(table, targets, words) };
  }
  if (task !== "classes") return { task };
  const wanted = `'labels' or 'numbers' for ${targets.length} targets`;
  throw new WrongValueError(
    wrong(`read '${table.name}'`, "task", wanted, task),
  );
}

/** Several targets are numbers, though columns of 0 and 1 alone may be labels. */
async function noteOfSeveral(
  table: CellTable,
  targets: readonly number[],
  words: Words,
): Promise<{ note?: string }> {
  for (const target of targets) {
    const { counts } = await cellsOf(table, target, words);
    if (![...counts.keys()].every((text) => /^[01](\.0+)?$/.test(text))) {
      return {};
    }
  }
  return {
    note:
      `the ${targets.length} targets are 0 or 1 in all rows, and taken for numbers: if they are labels, write --task labels, or task: "labels" in a program`,
  };
}

async function taskOfCells(cells: ColumnCells): Promise<FoundTask> {
  const { counts, present } = cells;
  const found = await formatOf(cells);
  if (found !== undefined) {
    const few = counts.size <= MOST_CLASSES &&
      found.format.unit === undefined &&
      [...counts.keys()].every((text) =>
        Number.isInteger(numberIn(text, found.format))
      );
    if (reasonOfNumbers(cells) !== undefined) refuseId(cells);
    return few ? taskOfWhole(cells, found.format) : { task: "numbers" };
  }
  let numbers = 0;
  let dates = true;
  const texts: string[] = [];
  await everyText(cells, (text, count) => {
    dates &&= ordersOf(text).length > 0;
    if (isAnyNumber(text)) numbers += count;
    else if (texts.length < MOST_NAMED) texts.push(text);
    return true;
  });
  if (2 * numbers > present) return refuseTexts(cells, texts, numbers);
  if (present > 0) requireClasses(cells, dates);
  return { task: "classes" };
}

/** A few whole numbers may be either: classes come again, and in long tables are often numbered from 0. */
function taskOfWhole(
  { name, counts, present }: ColumnCells,
  format: NumberFormat,
): FoundTask {
  const values = new Set(
    Array.from(counts.keys(), (text) => numberIn(text, format)),
  );
  const { size } = values;
  const numbered = present > ROWS &&
    [...values].every((value) => value >= 0 && value < size);
  if (size <= 2 || numbered) return { task: "classes" };
  const [task, other] = size < present
    ? ["classes", "numbers"] as const
    : ["numbers", "classes"] as const;
  return {
    task,
    note: `${
      quotedName(name)
    } has ${size} different whole numbers, which are taken for ${task}: if they are ${other}, write --task ${other}, or task: "${other}" in a program`,
  };
}

/** Refuses texts that can be classes, and hardly are. */
function requireClasses(cells: ColumnCells, dates: boolean): void {
  const { table, name, counts, present } = cells;
  const [first] = counts.keys();
  if (dates) {
    throw new WrongValueError(
      `Cannot read '${table.name}' as targets in ${
        quotedName(name)
      } must be numbers or classes and are dates, such as ${
        describe(first)
      }: write days since a first one, ${OTHER_TARGET}, or take each date ${AS_CLASSES}`,
    );
  }
  if (present >= ROWS && 2 * counts.size > present) refuseId(cells);
}

function refuseId({ table, name, counts, present }: ColumnCells): void {
  throw new WrongValueError(
    `Cannot read '${table.name}' as targets in ${
      quotedName(name)
    } must not be an id, and look like one, ${counts.size} different ones in ${present} rows: ${OTHER_TARGET}, or say what they are (--task classes or numbers, or 'task' in a program)`,
  );
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
