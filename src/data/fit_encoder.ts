/** What an encoder knows, found out from the rows to train with. */
import { requireOptions } from "../checks/options.ts";
import { requireChoice } from "../checks/validate.ts";
import { describeColumns, describeWhole } from "./describe_columns.ts";
import { encodeColumns, fitColumnScaling } from "./encode_table.ts";
import {
  ENCODER_NAMES,
  type EncoderOptions,
  type EncoderParts,
  whatToLearn,
} from "./encoder_options.ts";
import { fillMissing } from "./impute.ts";
import { lookingOf } from "./kind_options.ts";
import { MissingWords } from "./missing_cells.ts";
import { fitTargetScaling } from "./scaling.ts";
import type { TableFacts } from "./table_facts.ts";
import { columnIndices } from "./table_cells.ts";
import { tableOf, type TableRows } from "./table_rows.ts";
import {
  notesOfFirst,
  TARGETS,
  targetWords,
  withTargets,
} from "./table_targets.ts";

const ACTION = "fit an encoder";

const SCALES = ["standardize", "minmax", "none"] as const;

/** What is found out, and what to look at. */
interface Fitted {
  readonly parts: EncoderParts;
  readonly notes: readonly string[];
}

/**
 * Looks at the rows to train with.
 *
 * @throws {TypeError} If they are neither a table nor rows, or an option is unknown or of the wrong type.
 * @throws {RangeError} If there is no such column, or rows can't be learned from as the options say.
 */
export async function fitParts(
  train: TableRows,
  options: EncoderOptions,
): Promise<Fitted> {
  requireOptions(ACTION, options, ENCODER_NAMES, { scaling: "scale" });
  const { scale = "standardize", impute = "median" } = options;
  requireChoice(ACTION, "scale", scale, SCALES);
  const given = await tableOf(ACTION, train);
  const { missing = [], missingTargets, target = -1 } = options;
  const { targets, task, note } = await whatToLearn(
    given,
    options,
    new MissingWords(missing),
  );
  const looking = lookingOf(given, targets, options);
  const notes = note === undefined ? [] : [note];
  const refuse = missingTargets === "refuse";
  const classes = task === "classes";
  const known = targetWords(task, missing);
  const rows = await withTargets(
    given,
    targets,
    known,
    refuse,
    (note) => notes.push(note),
  );
  const whole = options.whole === undefined
    ? undefined
    : await tableOf(ACTION, options.whole);
  const learnedOf = whole && columnIndices(whole, [target].flat());
  const found = await describeColumns(
    rows,
    looking,
    whole &&
      await describeWhole(whole, lookingOf(whole, learnedOf!, options)),
  );
  const all = whole === undefined
    ? rows
    : await withTargets(whole, learnedOf!, known, false);
  const learned = await TARGETS[task].describe(all, learnedOf ?? targets);
  const { names } = learned;
  notes.push(...found.notes, ...learned.notes ?? []);
  if (classes) notes.push(...notesOfFirst(all, (learnedOf ?? targets)[0]));
  const formats = learned.formats ?? [];
  const keep = [...looking.others].flatMap(([index, what]) =>
    what === "kept" ? [rows.columns[index]] : []
  );
  const table: TableFacts = {
    columns: found.summary,
    ...(keep.length === 0 ? {} : { keep }),
    ...(missing.length === 0 ? {} : { missing }),
    ...(refuse ? { missingTargets: "refuse" } : {}),
    ...(formats.some((format) => Object.keys(format).length > 0)
      ? { targetFormats: formats }
      : {}),
  };
  // What is missing is marked by NaN first: what stands for it is found out from all others.
  const marked = impute === "refuse"
    ? found.columns
    : found.columns.map((column) => ({ ...column, fill: [NaN] }));
  const places = new Map(rows.columns.map((column, at) => [column, at]));
  const indices = marked.map((column) => places.get(column.name)!);
  const x = await encodeColumns(rows, indices, marked, looking.words);
  const columns = impute === "refuse"
    ? marked
    : await fillMissing(x, marked, impute, found.frequent);
  const scaling = scale === "none"
    ? {}
    : await fitColumnScaling(x, columns, scale);
  const parts: EncoderParts = {
    task,
    preprocessing: { columns, table, ...scaling },
    targetNames: targets.map((at) => rows.columns[at]),
    ...(task === "numbers"
      ? {
        targets: await fitTargetScaling(
          await TARGETS[task].encode(rows, targets, names, formats),
          targets.length,
        ),
      }
      : { classNames: names }),
  };
  return { parts, notes };
}
