import { WrongValueError } from "../checks/errors.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";
import { inSlices } from "../slices/in_slices.ts";
import { type Task, TASKS } from "./array_samples.ts";
import { type Column, kindNamed, widthOf } from "./column_kinds.ts";
import type { Samples } from "./dataset.ts";
import { describeColumns } from "./describe_columns.ts";
import { encodeColumns, findColumns } from "./encode_table.ts";
import type {
  EncoderOptions,
  EncoderParts,
  TargetColumns,
  TaskOptions,
} from "./encoder_options.ts";
import {
  fitScaling,
  fitTargetScaling,
  type Scaling,
  type ScalingName,
} from "./scaling.ts";
import {
  type CellTable,
  columnIndices,
  namesOf as listed,
  SLICE_CELLS,
} from "./table_cells.ts";
import { predictionOf, type TablePrediction } from "./table_prediction.ts";
import { tableOf, type TableRows } from "./table_rows.ts";
import { notesOfFirst, TARGETS } from "./table_targets.ts";
import { taskOf } from "./table_task.ts";

const ACTION = "fit an encoder";

const TASK_NAMES = namesOf<TaskOptions>({ target: true, task: true });

const NAMES = namesOf<EncoderOptions>({
  target: true,
  task: true,
  scale: true,
  valuesFrom: true,
});

const SCALES = ["standardize", "minmax", "none"] as const;

/**
 * Makes samples of tables, and words of what a network makes of them. What it knows is from the training rows alone: a column
 * of numbers becomes one input, any other one for each of its texts (one-hot). Numbers whose differences a float32 doesn't
 * hold, such as Unix times, become their differences from the least one, the column's `origin`.
 *
 * It doesn't scale: samples are raw numbers, and a network that is made with the encoder scales them itself, in training and
 * in use. So what is saved, in ONNX as well, takes raw numbers and gives raw numbers.
 *
 * Tables come from `readTable()` or `parseCsv()`. Rows of one's own are arrays of cells in the order of the columns, or
 * objects of them by name, which must have just these columns. Timers and I/O get their turn meanwhile.
 *
 * @example
 * ```ts
 * import { Mlp, TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [
 *   { size: 7, color: "red", fruit: "apple" },
 *   { size: 8, color: "green", fruit: "apple" },
 *   { size: 19, color: "yellow", fruit: "banana" },
 *   { size: 18, color: "green", fruit: "banana" },
 * ];
 * const encoder = await TableEncoder.fit(rows, { target: "fruit" });
 * await using mlp = new Mlp({ encoder, hidden: [] });
 * await mlp.fit(await encoder.samples(rows), { learningRate: 0.1 });
 * const [found] = await mlp.predictTable([{ size: 20, color: "yellow" }]);
 * console.log(found.task === "classes" && found.label); // banana
 * ```
 */
export class TableEncoder {
  /** What the outputs tell. */
  readonly task: Task;
  /** The columns that inputs are made of, in their order. */
  readonly columns: readonly Column[];
  /** Names of the columns that are learned. */
  readonly targetNames: readonly string[];
  /** What each output stands for, if it is a class or a label. */
  readonly classNames: readonly string[] | undefined;
  /** How a network scales its inputs. */
  readonly inputScaling: Scaling | undefined;
  /** How a network brings its outputs to the units of the table. */
  readonly targetScaling: Scaling | undefined;
  /** What to look at: columns of categories most of whose cells are numbers, and texts that never come again. */
  readonly notes: readonly string[];

  private constructor(
    { task, preprocessing, targetNames, classNames, targets }: EncoderParts,
    notes: readonly string[],
  ) {
    const { columns, offset, scale } = preprocessing;
    this.task = task;
    this.columns = columns;
    this.targetNames = targetNames;
    this.classNames = classNames;
    this.inputScaling = offset === undefined || scale === undefined
      ? undefined
      : { offset, scale };
    this.targetScaling = targets;
    this.notes = notes;
  }

  /**
   * Looks at the rows to train with.
   *
   * @throws {TypeError} If they are neither a table nor rows, or an option is unknown or of the wrong type.
   * @throws {RangeError} If there is no such column, a value is missing or no number, a target can't be told to be a class
   * or a number, the inputs take more than 1 GiB, or there is no column left to learn from.
   */
  static async fit(
    train: TableRows,
    options: EncoderOptions = {},
  ): Promise<TableEncoder> {
    requireOptions(ACTION, options, NAMES, { scaling: "scale" });
    const { scale = "standardize", valuesFrom = train } = options;
    requireChoice(ACTION, "scale", scale, SCALES);
    const all = await tableOf(ACTION, valuesFrom);
    const { targets, task } = await whatToLearn(all, options);
    const inputs = others(all, targets);
    const { columns, notes } = await describeColumns(all, inputs);
    const names = await TARGETS[task].nameOutputs(all, targets);
    const parts = {
      task,
      preprocessing: { columns },
      targetNames: targets.map((at) => all.columns[at]),
      ...(task === "numbers" ? {} : { classNames: names }),
    };
    const raw = new TableEncoder(parts, []);
    const { x, y } = await raw.samples(train);
    return new TableEncoder(
      {
        ...parts,
        preprocessing: scale === "none"
          ? { columns }
          : { columns, ...await scalingOf(x, columns, scale) },
        ...(task === "numbers"
          ? { targets: await fitTargetScaling(y, targets.length) }
          : {}),
      },
      task === "classes" ? [...notes, ...notesOfFirst(all, targets[0])] : notes,
    );
  }

  /**
   * The task that {@linkcode TableEncoder.fit} would find: whether a table that is to be split has classes, say.
   *
   * @throws As `fit` does.
   */
  static async taskOf(
    table: TableRows,
    options: TaskOptions = {},
  ): Promise<Task> {
    requireOptions("find a task", options, TASK_NAMES);
    const found = await tableOf("find a task", table);
    return (await whatToLearn(found, options)).task;
  }

  /** Makes the encoder that a model keeps. */
  static from(parts: EncoderParts): TableEncoder {
    return new TableEncoder(parts, []);
  }

  /** Inputs of a sample. */
  get inputCount(): number {
    return widthOf(this.columns);
  }

  /** Outputs for a sample: classes, labels or numbers. */
  get outputCount(): number {
    return this.#outputNames.length;
  }

  get #outputNames(): readonly string[] {
    return this.classNames ?? this.targetNames;
  }

  /** What a model keeps. */
  toParts(): EncoderParts {
    const { task, columns, targetNames, classNames } = this;
    return {
      task,
      preprocessing: { columns, ...this.inputScaling },
      targetNames,
      ...(classNames === undefined ? {} : { classNames }),
      ...(this.targetScaling === undefined
        ? {}
        : { targets: this.targetScaling }),
    };
  }

  /**
   * Makes samples of rows whose targets are known. Columns are found by their names, or in a table without names by their
   * order; a table with names may have more of them.
   *
   * @param target The columns of the targets, where they aren't called as in training.
   *
   * @throws {TypeError} If they are neither a table nor rows.
   * @throws {RangeError} If a column or a value is missing, no number, or a category or a class that isn't known.
   */
  async samples(
    rows: TableRows,
    { target }: { readonly target?: TargetColumns } = {},
  ): Promise<Samples> {
    const table = await tableOf("make samples", rows, {
      needed: [...this.#names, ...namesIn(target ?? this.targetNames)],
      allowed: this.targetNames,
    });
    const targets = this.#findTargets(table, target);
    const indices = findColumns(table, this.columns, targets);
    return {
      x: await encodeColumns(table, indices, this.columns),
      y: await TARGETS[this.task].encode(table, targets, this.#outputNames),
      count: table.rows.length,
      inputs: this.inputCount,
      outputs: this.outputCount,
    };
  }

  /**
   * Makes inputs of rows, `inputCount` of each, row after row. Targets may be there, and aren't looked at.
   *
   * @throws As {@linkcode TableEncoder.samples} does.
   */
  async inputs(rows: TableRows): Promise<Float32Array<ArrayBuffer>> {
    const table = await tableOf("make inputs", rows, {
      needed: this.#names,
      allowed: this.targetNames,
    });
    const indices = findColumns(table, this.columns);
    return await encodeColumns(table, indices, this.columns);
  }

  /**
   * Makes targets of rows, `outputCount` of each, row after row: 1 for the class among zeros, labels, or raw numbers.
   *
   * @param target The columns of the targets, where they aren't called as in training.
   *
   * @throws As {@linkcode TableEncoder.samples} does.
   */
  async targets(
    rows: TableRows,
    { target }: { readonly target?: TargetColumns } = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    const table = await tableOf("make targets", rows, {
      needed: namesIn(target ?? this.targetNames),
      allowed: [...this.#names, ...this.targetNames],
    });
    const targets = this.#findTargets(table, target);
    return await TARGETS[this.task].encode(table, targets, this.#outputNames);
  }

  /**
   * Tells what outputs of a network mean, `outputCount` of each row: probabilities, or numbers in the units of the table.
   *
   * @throws {RangeError} If their number doesn't fit, or one is NaN.
   */
  async decode(outputs: ArrayLike<number>): Promise<TablePrediction[]> {
    const names = this.#outputNames;
    const width = names.length;
    if (outputs.length % width !== 0) {
      const wanted = `a multiple of ${width}`;
      throw new WrongValueError(
        wrong("decode", "outputs.length", wanted, outputs.length),
      );
    }
    const rows: TablePrediction[] = [];
    const slice = Math.max(1, Math.floor(SLICE_CELLS / width));
    await inSlices(outputs.length / width, slice, (from, to) => {
      for (let row = from; row < to; row++) {
        const first = row * width;
        const values = names.map((_, at) => outputs[first + at]);
        const at = values.findIndex(Number.isNaN);
        if (at >= 0) {
          const name = `outputs[${first + at}]`;
          throw new WrongValueError(wrong("decode", name, "a number", NaN));
        }
        rows.push(predictionOf(this.task, names, values));
      }
    });
    return rows;
  }

  get #names(): string[] {
    return this.columns.map(({ name }) => name);
  }

  /** Numbers of the columns that are learned: by their names, unless others are given. */
  #findTargets(table: CellTable, given: TargetColumns | undefined): number[] {
    const names = this.targetNames;
    if (given !== undefined) {
      const found = columnIndices(table, [given].flat());
      if (found.length === names.length) return found;
      const wanted = names.length === 1
        ? "1 column"
        : `${names.length} columns`;
      throw new WrongValueError(
        wrong(`read '${table.name}'`, "target", wanted, given),
      );
    }
    const places = new Map(table.columns.map((column, at) => [column, at]));
    return names.map((name) => {
      const place = places.get(name);
      if (place !== undefined) return place;
      throw new WrongValueError(
        `Cannot read '${table.name}' as there must be ${
          quotedName(name)
        } to learn, or other columns given as 'target': columns are ${
          listed(table.columns, ", ")
        }`,
      );
    });
  }
}

/** Names among columns that are given, for rows by name. */
function namesIn(columns: TargetColumns): string[] {
  return [columns].flat().map(String);
}

/** Numbers of the columns to learn, and what is learned of them. */
async function whatToLearn(
  table: CellTable,
  { target = -1, task = "auto" }: TaskOptions,
): Promise<{ targets: number[]; task: Task }> {
  const action = `read '${table.name}'`;
  requireChoice(action, "task", task, [...TASKS, "auto"]);
  const targets = columnIndices(table, [target].flat());
  if (new Set(targets).size !== targets.length || targets.length === 0) {
    const wanted = "one column, or several that differ";
    throw new WrongValueError(wrong(action, "target", wanted, target));
  }
  return { targets, task: await taskOf(table, targets, task) };
}

/** Numbers of the columns that aren't learned. */
function others(table: CellTable, targets: readonly number[]): number[] {
  const learned = new Set(targets);
  const rest = table.columns.flatMap((_, at) => learned.has(at) ? [] : [at]);
  if (rest.length > 0) return rest;
  throw new WrongValueError(
    `Cannot read '${table.name}' as there must be a column besides the target`,
  );
}

/** Numbers are scaled, categories stay 0 and 1. */
async function scalingOf(
  x: Float32Array,
  columns: readonly Column[],
  method: ScalingName,
): Promise<Scaling> {
  const { offset, scale } = await fitScaling(x, widthOf(columns), method);
  const scaled = columns.flatMap((column) => {
    const kind = kindNamed(column.kind);
    return new Array<boolean>(kind.width(column)).fill(kind.scaled);
  });
  return {
    offset: offset.map((value, at) => scaled[at] ? value : 0),
    scale: scale.map((value, at) => scaled[at] ? value : 1),
  };
}
