import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireInteger, wrong } from "../checks/validate.ts";

const ACTION = "report on classes";

/**
 * How well one class is recognized, or the mean of all classes. 0 divided by 0 counts as 0.
 *
 * @example
 * ```ts
 * import type { ClassScores } from "@lockstep/lockstep";
 *
 * const percent = ({ precision, recall }: ClassScores) => [100 * precision, 100 * recall];
 * console.log(percent({ precision: 0.8, recall: 1, f1: 8 / 9, support: 4 })); // 80, 100
 * ```
 */
export interface ClassScores {
  /** Of the samples predicted as the class, the fraction that belong to it, from 0 to 1. */
  readonly precision: number;
  /** Of the samples of the class, the fraction predicted as it, from 0 to 1. */
  readonly recall: number;
  /** Harmonic mean of precision and recall, from 0 to 1. */
  readonly f1: number;
  /** Number of samples of the class; for a mean, of all samples. */
  readonly support: number;
}

/**
 * What {@linkcode classReport} returns: a plain object, which can be written as JSON.
 *
 * @example
 * ```ts
 * import { type ClassReport, classReport } from "@lockstep/lockstep";
 *
 * const report: ClassReport = classReport([[3, 1], [0, 4]]);
 * for (const { name, f1 } of report.classes) console.log(name, f1);
 * console.log(report.macro.f1, report.accuracy);
 * ```
 */
export interface ClassReport {
  /** The scores of each class, in order. */
  readonly classes: readonly (ClassScores & { readonly name: string })[];
  /** The mean over the classes, with equal weights. */
  readonly macro: ClassScores;
  /** The mean over the classes, each weighted by its support. */
  readonly weighted: ClassScores;
  /** The fraction of all samples whose class is correct, from 0 to 1. */
  readonly accuracy: number;
}

/**
 * Precision, recall and F1 of each class and their means, as scikit-learn's `classification_report`, `precision_score`,
 * `recall_score` and `f1_score` with `zero_division=0` and all classes as `labels`.
 *
 * @param matrix Counts of samples as from `confusionMatrix`: the row is the true class, the column the predicted one.
 * @param classNames A name for each class. Default: their numbers from 0
 *
 * @throws {TypeError} If an argument, a row, a count or a name is of the wrong type.
 * @throws {RangeError} If the matrix is not square, a count is not a whole number of 0 or more, there is no sample, or
 * there are not as many names as classes.
 *
 * @example
 * ```ts
 * import { classReport, confusionMatrix } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * const matrix = confusionMatrix([0, 0, 1, 1], [0, 1, 1, 1], 2);
 * const { classes, accuracy } = classReport(matrix, ["cat", "dog"]);
 * assert.deepEqual(classes[1], { name: "dog", precision: 2 / 3, recall: 1, f1: 0.8, support: 2 });
 * assert.equal(accuracy, 0.75);
 * ```
 */
export function classReport(
  matrix: readonly (readonly number[])[],
  classNames?: readonly string[],
): ClassReport {
  checkMatrix(matrix);
  const names = classNames ??
    matrix.map((_, at) => `${at}`);
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) {
    const wanted = "an array of the names of the classes";
    throw new WrongTypeError(wrong(ACTION, "classNames", wanted, classNames));
  }
  if (names.length !== matrix.length) {
    throw new WrongValueError(
      wrong(
        ACTION,
        "classNames.length",
        `${matrix.length} as of 'matrix'`,
        names.length,
      ),
    );
  }
  const classes = matrix.map((row, at) => {
    const correct = row[at];
    const support = sum(row);
    const predicted = sum(matrix.map((other) => other[at]));
    return {
      name: names[at],
      precision: ratio(correct, predicted),
      recall: ratio(correct, support),
      f1: ratio(2 * correct, support + predicted),
      support,
    };
  });
  const samples = sum(classes.map(({ support }) => support));
  if (samples === 0) {
    throw new WrongValueError(
      wrong(ACTION, "matrix", "of 1 sample or more", 0),
    );
  }
  return {
    classes,
    macro: mean(classes, () => 1, samples),
    weighted: mean(classes, ({ support }) => support, samples),
    accuracy: sum(matrix.map((row, at) => row[at])) / samples,
  };
}

function checkMatrix(matrix: readonly (readonly number[])[]): void {
  if (!Array.isArray(matrix) || !Array.from(matrix).every(Array.isArray)) {
    const wanted = "rows of counts, as confusionMatrix() returns them";
    throw new WrongTypeError(wrong(ACTION, "matrix", wanted, matrix));
  }
  if (matrix.length === 0) {
    throw new WrongValueError(wrong(ACTION, "matrix.length", "1 or more", 0));
  }
  for (const [actual, row] of matrix.entries()) {
    if (row.length !== matrix.length) {
      throw new WrongValueError(
        wrong(
          ACTION,
          `matrix[${actual}].length`,
          `${matrix.length} as of 'matrix'`,
          row.length,
        ),
      );
    }
    for (const [predicted, count] of row.entries()) {
      const name = `matrix[${actual}][${predicted}]`;
      requireInteger(ACTION, name, count, 0, Infinity);
    }
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(count: number, of: number): number {
  return of === 0 ? 0 : count / of;
}

function mean(
  classes: readonly ClassScores[],
  weight: (scores: ClassScores) => number,
  support: number,
): ClassScores {
  const weights = sum(classes.map(weight));
  const of = (name: "precision" | "recall" | "f1") =>
    sum(classes.map((scores) => scores[name] * weight(scores))) / weights;
  return {
    precision: of("precision"),
    recall: of("recall"),
    f1: of("f1"),
    support,
  };
}
