/** Which classes and groups samples belong to, for folds that share out classes and keep groups whole. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireBoolean, wrong } from "../checks/validate.ts";
import { checkLengths } from "../data/check_lengths.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { requireSamples } from "../data/require_samples.ts";
import { classesOfSamples, classesOfTable } from "../data/split.ts";
import type { Table } from "../data/table.ts";
import { cellOf, columnIndices, requireTable } from "../data/table_cells.ts";
import { isTable } from "../data/table_rows.ts";

/** What folds have to respect. */
export interface FoldConstraints {
  readonly count: number;
  /** The class of each, from 0, if each fold gets its share. */
  readonly classes: Int32Array | undefined;
  /** The group of each, from 0, if there are some. */
  readonly groups: Int32Array | undefined;
}

/**
 * Reads the class and the group of each sample.
 *
 * @throws {TypeError} If samples are none, or an option is of the wrong type.
 * @throws {RangeError} If there is no such column, there aren't as many groups as samples, or groups are to be stratified.
 */
export function foldConstraintsOf(
  action: string,
  source: Samples | SparseSamples | Table,
  { stratify, groups }: {
    readonly stratify?: boolean | string | number;
    readonly groups?: unknown;
  },
): FoldConstraints {
  if (groups !== undefined && stratify !== undefined && stratify !== false) {
    const wanted = "left out where 'groups' are given";
    throw new WrongValueError(wrong(action, "stratify", wanted, stratify));
  }
  if (isTable(source)) {
    requireTable(action, source);
    const count = source.rows.length;
    return {
      count,
      groups: groupsOf(action, groups, count, source),
      classes: stratify === false
        ? undefined
        : classesOfTable(source, stratify),
    };
  }
  requireSamples(action, "samples", source);
  checkLengths(action, source);
  if (stratify !== undefined) requireBoolean(action, "stratify", stratify);
  return {
    count: source.count,
    groups: groupsOf(action, groups, source.count),
    classes: groups === undefined
      ? classesOfSamples(source, stratify)
      : undefined,
  };
}

/** The group of each sample, numbered from 0. */
function groupsOf(
  action: string,
  groups: unknown,
  count: number,
  table?: Table,
): Int32Array | undefined {
  if (groups === undefined) return undefined;
  let names: readonly unknown[];
  if (table !== undefined && !Array.isArray(groups)) {
    const [column] = columnIndices(table, [groups], "groups");
    names = table.rows.map((_, row) => cellOf(table, row, column));
  } else if (Array.isArray(groups)) names = groups;
  else {
    const wanted = "an array with the group of each sample";
    throw new WrongTypeError(wrong(action, "groups", wanted, groups));
  }
  if (names.length !== count) {
    const wanted = `${count} for as many samples`;
    throw new WrongValueError(
      wrong(action, "groups.length", wanted, names.length),
    );
  }
  const places = new Map<unknown, number>();
  return Int32Array.from(names, (name, at) => {
    if (
      typeof name !== "string" &&
      !(typeof name === "number" && Number.isFinite(name))
    ) {
      const wanted = "text or a finite number";
      throw new WrongTypeError(wrong(action, `groups[${at}]`, wanted, name));
    }
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  });
}
