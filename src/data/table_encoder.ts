import { requireOptions } from "../checks/options.ts";
import type { Task } from "../units/tasks.ts";
import { type Column, widthOf } from "./column_kinds.ts";
import { summaryText } from "./column_summary.ts";
import type { Samples } from "./dataset.ts";
import { encodeColumns, findColumns } from "./encode_table.ts";
import {
  type EncoderOptions,
  type EncoderParts,
  namesIn,
  type RowOptions,
  rowOptions,
  type SampleOptions,
  sampleOptions,
  TASK_NAMES,
  type TaskOptions,
  whatToLearn,
} from "./encoder_options.ts";
import { parseParts } from "./encoder_parts.ts";
import { fitParts } from "./fit_encoder.ts";
import {
  allowedNames,
  inputNames,
  keptCells,
  learnedRows,
  rawNames,
  targetsIn,
} from "./known_columns.ts";
import { MissingWords } from "./missing_cells.ts";
import type { TargetScaling } from "./preprocessing.ts";
import { madeBy } from "./sample_makers.ts";
import type { InputScaling } from "./scaling.ts";
import type { TableFacts } from "./table_facts.ts";
import {
  type DecodeOptions,
  predictionsOf,
  type TablePrediction,
} from "./table_prediction.ts";
import { tableOf, type TableRows } from "./table_rows.ts";

/**
 * Encodes the rows of a table as samples, and decodes the outputs of a network to words. It is fitted to the training rows
 * only. A column of numbers becomes one input, yes and no become 1 and 0, a date its parts, and any other text one input
 * for each category (one-hot). Numbers whose differences are too small for float32, such as Unix times, become their
 * differences from the smallest one, the column's `origin`. Missing cells are imputed, and if there were some in training,
 * a further input marks them. Columns from which nothing can be learned, such as ids, are left out and listed in `notes`.
 *
 * The encoder doesn't scale: samples are raw numbers, and a network with the encoder scales them itself, in training and
 * for predictions. Saved models, ONNX files included, therefore take and return raw numbers.
 *
 * Tables come from `readTable()` or `parseCsv()`. Your own rows are arrays of cells in the order of the columns, or objects
 * with cells by name and no other fields. Timers and I/O keep running meanwhile.
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
  /** What the outputs are. */
  readonly task: Task;
  /** The columns that inputs are made from, in order. */
  readonly columns: readonly Column[];
  /** Names of the target columns. */
  readonly targetNames: readonly string[];
  /** Names of the classes or labels; `undefined` for numbers. */
  readonly classNames: readonly string[] | undefined;
  /** How a network scales its inputs. */
  readonly inputScaling: InputScaling | undefined;
  /** How a network scales its outputs back to the units of the table. */
  readonly targetScaling: TargetScaling | undefined;
  /** Other facts about the table. */
  readonly table: TableFacts;
  /** Notes for the user: columns that are left out or that may have been misread, and rows without a target. */
  readonly notes: readonly string[];
  readonly #words: MissingWords;

  private constructor(
    { task, preprocessing, targetNames, classNames, targets }: EncoderParts,
    notes: readonly string[],
  ) {
    const { columns, offset, scale, table } = preprocessing;
    this.task = task;
    this.table = table ?? { columns: [] };
    this.#words = new MissingWords(this.table.missing);
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
   * Fits an encoder to the training rows.
   *
   * @throws {TypeError} If they are neither a table nor rows, or an option is unknown or of the wrong type.
   * @throws {RangeError} If there is no such column, a value is missing or no number, a target can't be told to be a class
   * or a number, the inputs take more than 1 GiB, or there is no column left to learn from.
   */
  static async fit(
    train: TableRows,
    options: EncoderOptions = {},
  ): Promise<TableEncoder> {
    const { parts, notes } = await fitParts(train, options);
    return new TableEncoder(parts, notes);
  }

  /**
   * Finds the task that {@linkcode TableEncoder.fit} would choose, such as to decide whether to stratify a split.
   *
   * @throws As `fit` does.
   */
  static async taskOf(
    table: TableRows,
    options: TaskOptions = {},
  ): Promise<Task> {
    requireOptions("find a task", options, TASK_NAMES);
    const found = await tableOf("find a task", table);
    const words = new MissingWords(options.missing);
    return (await whatToLearn(found, options, words)).task;
  }

  /**
   * Makes an encoder from what {@linkcode TableEncoder.toParts} returned, such as the parts in a model.
   *
   * @throws {TypeError} If a part is missing or of the wrong type.
   * @throws {RangeError} If a part is out of its range, or they don't fit each other.
   */
  static from(parts: EncoderParts): TableEncoder {
    return new TableEncoder(parseParts(parts), []);
  }

  /** Number of inputs of a sample. */
  get inputCount(): number {
    return widthOf(this.columns);
  }

  /** Number of outputs of a sample: classes, labels or numbers. */
  get outputCount(): number {
    return this.#outputNames.length;
  }

  get #outputNames(): readonly string[] {
    return this.classNames ?? this.targetNames;
  }

  /** The parts of the encoder that are saved with a model. */
  toParts(): EncoderParts {
    const { task, columns, targetNames, classNames } = this;
    return {
      task,
      preprocessing: {
        columns,
        ...(this.table.columns.length === 0 ? {} : { table: this.table }),
        ...this.inputScaling,
      },
      targetNames,
      ...(classNames === undefined ? {} : { classNames }),
      ...(this.targetScaling === undefined
        ? {}
        : { targets: this.targetScaling }),
    };
  }

  /**
   * Describes the columns as text to print: a line for each, with its kind, its missing and distinct cells, and its inputs.
   */
  summary(): string {
    const { columns } = this.table;
    return columns.length === 0 ? "" : summaryText(columns);
  }

  /**
   * Makes samples from rows with targets; rows whose target is missing are left out. Columns are found by their names, or
   * by their order in a table without names. A table with names may have further columns.
   *
   * @throws {TypeError} If they are neither a table nor rows, or an option is unknown or of the wrong type.
   * @throws {RangeError} If a column is missing, a cell is none that its column can have, or a class isn't known.
   */
  async samples(
    rows: TableRows,
    options: SampleOptions = {},
  ): Promise<Samples> {
    const { target, onNote } = sampleOptions("make samples", options);
    const given = await tableOf("make samples", rows, {
      needed: [...inputNames(this), ...namesIn(target ?? this.targetNames)],
      allowed: allowedNames(this),
    });
    const [table, targets] = await learnedRows(this, given, target, onNote);
    const indices = findColumns(table, this.columns, rawNames(this), targets);
    return madeBy({
      x: await encodeColumns(table, indices, this.columns, this.#words, onNote),
      y: await targetsIn(this, table, targets),
      count: table.rows.length,
      inputs: this.inputCount,
      outputs: this.outputCount,
    }, this);
  }

  /**
   * Makes the inputs of rows, `inputCount` for each, row after row. Targets may be present and are ignored.
   *
   * @throws As {@linkcode TableEncoder.samples} does.
   */
  async inputs(
    rows: TableRows,
    options: RowOptions = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    const { onNote } = rowOptions("make inputs", options);
    const table = await tableOf("make inputs", rows, {
      needed: inputNames(this),
      allowed: allowedNames(this),
    });
    const indices = findColumns(table, this.columns, rawNames(this));
    return await encodeColumns(
      table,
      indices,
      this.columns,
      this.#words,
      onNote,
    );
  }

  /**
   * Makes the targets of rows, `outputCount` for each, row after row: one-hot classes, labels or raw numbers. Rows whose
   * target is missing are left out.
   *
   * @throws As {@linkcode TableEncoder.samples} does.
   */
  async targets(
    rows: TableRows,
    options: SampleOptions = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    const { target, onNote } = sampleOptions("make targets", options);
    const given = await tableOf("make targets", rows, {
      needed: namesIn(target ?? this.targetNames),
      allowed: [...inputNames(this), ...allowedNames(this)],
    });
    return await targetsIn(
      this,
      ...await learnedRows(this, given, target, onNote),
    );
  }

  /**
   * The cells of the `keep` columns, by the names of the columns; empty for a column that is absent.
   *
   * @throws {TypeError} If they are neither a table nor rows.
   */
  async kept(rows: TableRows): Promise<Record<string, string>[]> {
    return await keptCells(this, rows);
  }

  /**
   * Decodes outputs of a network, `outputCount` for each row, to probabilities or to numbers in the units of the table.
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
}
