import { requireOptions } from "../checks/options.ts";
import { requireChoice } from "../checks/validate.ts";
import type { Task } from "../units/tasks.ts";
import { type Column, widthOf } from "./column_kinds.ts";
import type { Samples } from "./dataset.ts";
import { describeColumns } from "./describe_columns.ts";
import {
  encodeColumns,
  findColumns,
  findTargets,
  fitColumnScaling,
} from "./encode_table.ts";
import {
  ENCODER_NAMES,
  type EncoderOptions,
  type EncoderParts,
  namesIn,
  others,
  type TargetColumns,
  TASK_NAMES,
  type TaskOptions,
  whatToLearn,
} from "./encoder_options.ts";
import { parseParts } from "./encoder_parts.ts";
import type { TargetScaling } from "./preprocessing.ts";
import { fitTargetScaling, type InputScaling } from "./scaling.ts";
import {
  type DecodeOptions,
  predictionsOf,
  type TablePrediction,
} from "./table_prediction.ts";
import { tableOf, type TableRows } from "./table_rows.ts";
import { notesOfFirst, TARGETS } from "./table_targets.ts";

const ACTION = "fit an encoder";

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
  readonly inputScaling: InputScaling | undefined;
  /** How a network brings its outputs to the units of the table. */
  readonly targetScaling: TargetScaling | undefined;
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
    requireOptions(ACTION, options, ENCODER_NAMES, { scaling: "scale" });
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
          : { columns, ...await fitColumnScaling(x, columns, scale) },
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

  /**
   * Makes an encoder of what {@linkcode TableEncoder.toParts} returned, such as a model keeps.
   *
   * @throws {TypeError} If a part is missing or of the wrong type.
   * @throws {RangeError} If a part is out of its range, or they don't fit each other.
   */
  static from(parts: EncoderParts): TableEncoder {
    return new TableEncoder(parseParts(parts), []);
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
    const targets = findTargets(table, this.targetNames, target);
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
    const targets = findTargets(table, this.targetNames, target);
    return await TARGETS[this.task].encode(table, targets, this.#outputNames);
  }

  /**
   * Tells what outputs of a network mean, `outputCount` of each row: probabilities, or numbers in the units of the table.
   *
   * @throws {RangeError} If their number doesn't fit, or one is NaN.
   */
  async decode(
    outputs: ArrayLike<number>,
    options: DecodeOptions = {},
  ): Promise<TablePrediction[]> {
    requireOptions("decode", options, ["thresholds", "halfWidths"]);
    return await predictionsOf(
      this.task,
      this.#outputNames,
      outputs,
      options,
    );
  }

  get #names(): string[] {
    return this.columns.map(({ name }) => name);
  }
}
