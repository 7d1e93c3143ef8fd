/** What a cross-validation or a search works on: the samples, their task and their folds. */
import { WrongValueError } from "../checks/errors.ts";
import { requireChoice, requireInteger, wrong } from "../checks/validate.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { TargetColumns } from "../data/encoder_options.ts";
import type { Table } from "../data/table.ts";
import { columnIndices } from "../data/table_cells.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import { isTable } from "../data/table_rows.ts";
import { type Task, taskOf, TASKS } from "../units/tasks.ts";
import type { ScaleName } from "./candidate.ts";
import { foldConstraintsOf } from "./fold_constraints.ts";
import { type Fold, holdOut, kFold, type KFoldOptions } from "./folds.ts";
import type { Source } from "./parts.ts";
import { SCALE_NAMES, type ValidationOptions } from "./validation_options.ts";

/** What is learned from, in which folds, and what task it is. */
export interface Setting {
  readonly source: Source;
  readonly folds: readonly Fold[];
  readonly task: Task;
  readonly scale: ScaleName;
}

/**
 * Finds out what is learned, and makes the folds, or the one part that is held back.
 *
 * @param holdout Fraction of the samples to judge by, in place of folds.
 *
 * @throws {TypeError} If samples are none, or an option is of the wrong type.
 * @throws {RangeError} If an option is out of its range.
 */
export async function settingOf(
  action: string,
  given: Samples | SparseSamples | Table,
  options: ValidationOptions,
  holdout?: number,
): Promise<Setting> {
  const { target, groups, stratify, scaleTargets, encoder } = options;
  const table = isTable(given);
  const scale = requireChoice(
    action,
    "scale",
    options.scale === undefined
      ? table ? "standardize" : "none"
      : options.scale,
    SCALE_NAMES,
  );
  if (table) {
    if (scaleTargets !== undefined) {
      const wanted = "left out of a table, whose numbers are always scaled";
      throw new WrongValueError(
        wrong(action, "scaleTargets", wanted, scaleTargets),
      );
    }
    const { table: whole, target: learned } =
      typeof groups === "string" || typeof groups === "number"
        ? withoutGroups(given, groups, target)
        : { table: given, target: target ?? -1 };
    const learn = { target: learned };
    const task = await TableEncoder.taskOf(whole, {
      ...learn,
      ...(options.task === undefined ? {} : { task: options.task }),
      ...(encoder?.missing === undefined ? {} : { missing: encoder.missing }),
    });
    const classes = task === "classes" && groups === undefined
      ? [learned].flat()[0]
      : undefined;
    const folds = foldsOf(
      action,
      given,
      {
        ...options,
        stratify: stratify === undefined || stratify === true
          ? classes ?? stratify
          : stratify,
      },
      holdout,
    );
    return {
      source: {
        kind: "table",
        table: whole,
        options: { ...encoder, ...learn, task },
      },
      ...{ folds, task, scale },
    };
  }
  for (const [name, value] of Object.entries({ target, encoder })) {
    if (value === undefined) continue;
    const wanted = "left out where there is no table";
    throw new WrongValueError(wrong(action, name, wanted, value));
  }
  const folds = foldsOf(action, given, options, holdout);
  const { preset = "standard", output } = options.network ?? {};
  const { inputs, outputs } = given;
  const task = options.task === undefined || options.task === "auto"
    ? taskOf(output, {
      ...{ layers: [inputs, outputs], preset },
      scaled: scaleTargets === true,
    })
    : requireChoice(action, "task", options.task, TASKS);
  return {
    source: {
      kind: "samples",
      samples: given,
      scaleTargets: scaleTargets ?? false,
      task,
    },
    ...{ folds, task, scale },
  };
}

/** The folds of samples, or the one part that is held back. */
export function foldsOf(
  action: string,
  samples: Samples | SparseSamples | Table,
  { folds, repeats, stratify, groups, seed = 1 }: KFoldOptions,
  holdout?: number,
): Fold[] {
  const how = { stratify, groups };
  if (holdout === undefined) {
    return [
      ...kFold(samples, { folds, repeats, ...how, seed } as KFoldOptions),
    ];
  }
  for (const [name, value] of Object.entries({ folds, repeats })) {
    if (value === undefined) continue;
    const wanted = "left out where 'holdout' is given";
    throw new WrongValueError(wrong(action, name, wanted, value));
  }
  requireInteger(action, "seed", seed, 0, 2 ** 32 - 1);
  const constraints = foldConstraintsOf(action, samples, how as KFoldOptions);
  return [holdOut(action, "holdout", constraints, holdout, seed)];
}

/**
 * A table without the column of its groups, which say nothing of others, and the names of those that are learned: the last
 * one that is left, unless there are others.
 *
 * @throws {RangeError} If there is no such column, or it is to be learned.
 */
export function withoutGroups(
  table: Table,
  groups: string | number,
  target: TargetColumns | undefined,
): { readonly table: Table; readonly target: readonly string[] } {
  const [place] = columnIndices(table, [groups], "groups");
  const columns = table.columns.toSpliced(place, 1);
  const learned = target === undefined
    ? columns.slice(-1)
    : columnIndices(table, [target].flat()).map((at) => table.columns[at]);
  if (learned.includes(table.columns[place])) {
    const wanted = "another column than the target";
    throw new WrongValueError(
      wrong(`read '${table.name}'`, "groups", wanted, groups),
    );
  }
  const rows = table.rows.map((row) => row.toSpliced(place, 1));
  return { table: { ...table, columns, rows }, target: learned };
}
