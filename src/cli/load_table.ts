/** Tables for a training: whole, or in pieces of a file that is larger than memory. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { withoutGroups } from "../choosing/setting.ts";
import { visibleName } from "../checks/visible.ts";
import { whatToLearn } from "../data/encoder_options.ts";
import { MissingWords } from "../data/missing_cells.ts";
import { pickFromTable } from "../data/pick.ts";
import type { Table } from "../data/table.ts";
import { columnIndices } from "../data/table_cells.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import { targetWords, withTargets } from "../data/table_targets.ts";
import type { Task } from "../units/tasks.ts";
import { type FlagValues, textOf } from "./arguments.ts";
import { columnOptionsOf } from "./column_options.ts";
import { DATA_OPTIONS } from "./common_options.ts";
import { Progress } from "./display/progress.ts";
import { requireSplit } from "./require_split.ts";
import { hashOfFiles } from "./data_hash.ts";
import { openPieces } from "./open_data.ts";
import { type RowCounts, rowCounts, sumOfCounts } from "./row_counts.ts";
import { groupsOf, splitRows } from "./split_rows.ts";
import { scalingOf, type TrainingData, type Wanted } from "./training_data.ts";

/**
 * The columns that a text names: one, though there may be a comma in its name, or several.
 *
 * @throws {RangeError} If one comes twice, be it by its name or by its number.
 */
export function targetsOf({ name, columns }: Table, text: string): string[] {
  const known = new Set(columns);
  if (known.has(text)) return [text];
  const targets = text.split(",").map((target) =>
    known.has(target) || !/^-?\d+$/.test(target)
      ? target
      : columns.at(Number(target)) ?? target
  );
  if (new Set(targets).size === targets.length) return targets;
  const wanted = "columns that differ";
  throw new WrongValueError(wrong(`read '${name}'`, "target", wanted, targets));
}

/** Notes of pieces that are told. */
const MOST_NOTES = 10;

/** A table of which no more than some rows are in memory. */
export async function ofPieces(
  flags: FlagValues,
  wanted: Wanted,
  task: Task | "auto",
): Promise<TrainingData> {
  const pieces = await openPieces(flags);
  let data: (TrainingData & { readonly encoder: TableEncoder }) | undefined;
  let target: string[] = [];
  let rows: RowCounts = { read: 0, used: 0, leftOut: [] };
  const notes: string[] = [];
  // Once through the file, so that mistakes come before the training, and with the number of its rows.
  for await (const piece of pieces()) {
    // All of them were left out.
    if (piece.rows.length === 0) {
      rows = sumOfCounts(rows, rowCounts(piece, 0));
      continue;
    }
    if (data === undefined) {
      data = await ofTable(piece, flags, wanted, task);
      target = [...data.encoder.targetNames];
      rows = sumOfCounts(rows, data.rows!);
      continue;
    }
    const onNote = (text: string) =>
      notes.push(`from line ${piece.lines[0]} on, ${text}`);
    const { count } = await data.encoder.samples(piece, { target, onNote });
    rows = sumOfCounts(rows, rowCounts(piece, count));
  }
  const { train, encoder, split } = data!;
  const of = split.train.length + split.test.length;
  const more = notes.length - MOST_NOTES;
  return {
    ...data!,
    ...{ rows, split: { ...split, of } },
    sha256: await hashOfFiles([textOf(flags, DATA_OPTIONS, "dataset")!]),
    notes: [
      `columns, scaling and test samples are those of the first ${
        flags["piece-rows"]
      } rows`,
      ...data!.notes ?? [],
      ...notes.slice(0, MOST_NOTES),
      ...(more > 0 ? [`and ${more} more notes of later rows`] : []),
    ],
    async *stream() {
      yield train;
      let first = true;
      for await (const piece of pieces()) {
        if (piece.rows.length === 0) continue;
        if (!first) yield await encoder.samples(piece, { target });
        first = false;
      }
    },
  };
}

export async function ofTable(
  all: Table,
  flags: FlagValues,
  wanted: Wanted,
  wantedTask: Task | "auto",
): Promise<TrainingData & { readonly encoder: TableEncoder }> {
  using _ = new Progress(`Encoding ${visibleName(all.name)}`);
  const asTyped = textOf(flags, DATA_OPTIONS, "target");
  const typed = asTyped === undefined ? undefined : targetsOf(all, asTyped);
  const grouped = wanted.group === undefined
    ? { table: all, target: typed ?? targetsOf(all, "-1") }
    : withoutGroups(all, wanted.group, typed);
  const { target } = grouped;
  const asked = columnOptionsOf(grouped.table.columns, flags);
  const { missing = [] } = asked;
  const { task, note } = await whatToLearn(
    grouped.table,
    { target, task: wantedTask },
    new MissingWords(missing),
  );
  const notes = note === undefined ? [] : [note];
  const onNote = (text: string) => notes.push(text);
  const whole = await withTargets(
    all,
    columnIndices(all, target),
    targetWords(task, missing),
    asked.missingTargets === "refuse",
    onNote,
  );
  const known = wanted.group === undefined
    ? whole
    : withoutGroups(whole, wanted.group, target).table;
  const stratify = task === "classes" && wanted.group === undefined
    ? target[0]
    : undefined;
  requireSplit(known, stratify, wanted.testSplit);
  const split = splitRows(whole, wanted, stratify);
  const train = pickFromTable(known, split.train);
  const test = split.test.length === 0
    ? undefined
    : pickFromTable(known, split.test);
  const groups = wanted.group === undefined
    ? undefined
    : groupsOf(whole, wanted.group);
  const scale = scalingOf(wanted.scale, "standardize");
  const options = {
    ...asked,
    ...{ target, task },
    // Classes may be so rare that the rows to train with lack them.
    whole: known,
  };
  const fit = () => TableEncoder.fit(train, { ...options, scale });
  const encoder = await (wanted.share?.encoder(fit) ?? fit());
  if (encoder.task !== task) {
    throw new WrongValueError(
      `Cannot train as rank 0 learns ${encoder.task}, and this one ${task}: write --task`,
    );
  }
  notes.push(...encoder.notes);
  const ofTest = (text: string) => onNote(`of the rows to test, ${text}`);
  const [learned, tested] = [
    await encoder.samples(train),
    test === undefined
      ? undefined
      : await encoder.samples(test, { onNote: ofTest }),
  ];
  return {
    train: learned,
    ...(tested === undefined ? {} : { test: tested, testRows: test }),
    ...{ encoder, notes },
    rows: rowCounts(all, learned.count + (tested?.count ?? 0)),
    target: encoder.targetNames.join(","),
    origin: {
      source: { kind: "table", table: train, options },
      scale,
      ...(groups === undefined
        ? {}
        : { groups: Array.from(split.train, (row) => groups[row]) }),
    },
    split,
  };
}
