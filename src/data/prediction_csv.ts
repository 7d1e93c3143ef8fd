/** Predictions as comma-separated values, as `predict` writes and `serve` sends them. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { TablePrediction } from "./table_prediction.ts";

/** A line of comma-separated values; text with commas, quotes or line ends is quoted, as RFC 4180 has it. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map((cell) =>
    typeof cell === "string" && /[",\r\n]/.test(cell)
      ? `"${cell.replaceAll('"', '""')}"`
      : `${cell}`
  ).join(",");
}

/**
 * The cells of the header and of each sample. Names of probabilities start so that none is that of the label.
 *
 * @param names Of the classes, labels or targets.
 * @param all Whether the probability of every class is told.
 * @param keep Columns that are carried along, and their cells of each sample.
 *
 * @throws {RangeError} If names of labels or targets can't be told apart in CSV.
 */
export function predictionCells(
  names: readonly string[],
  rows: readonly TablePrediction[],
  all: boolean,
  keep: readonly string[],
  kept: readonly Readonly<Record<string, string>>[],
): (string | number)[][] {
  return cellsOf(names, rows, all).map((cells, at) => [
    ...keep.map((name) =>
      at === 0 ? keptName(name, cells) : kept[at - 1][name]
    ),
    ...cells,
  ]);
}

function cellsOf(
  names: readonly string[],
  rows: readonly TablePrediction[],
  all: boolean,
): (string | number)[][] {
  const [first] = rows;
  if (first.task === "numbers") {
    const header = Object.keys(numbersOf(first));
    const wanted = names.length * (first.intervals === undefined ? 1 : 3);
    if (header.length < wanted) {
      throw new WrongValueError(
        wrong(
          "predict",
          "targets",
          "without 'low_' or 'high_' before the name of another",
          names,
        ),
      );
    }
    return [
      header,
      ...rows.map((found) => {
        const numbers = numbersOf(found as typeof first);
        return header.map((name) => numbers[name]);
      }),
    ];
  }
  const parted = names.find((name) => name.includes(";"));
  if (first.task === "labels" && parted !== undefined) {
    const wanted =
      "without semicolons, which part them in CSV: JSON takes them";
    throw new WrongValueError(wrong("predict", "labels", wanted, parted));
  }
  const shown = first.task === "labels" || all ? names : [];
  return [
    [
      "label",
      ...(first.task === "classes" ? ["probability"] : []),
      ...shown.map((name) => `probability_${name}`),
    ],
    ...rows.map((found) => {
      if (found.task === "numbers") return [];
      const { probabilities } = found;
      return [
        ...(found.task === "classes"
          ? [found.label, found.probability]
          : [found.labels.join(";")]),
        ...shown.map((name) => probabilities[name]),
      ];
    }),
  ];
}

/** The name of a column that is carried along, other than those that tell what was found. */
function keptName(name: string, others: readonly (string | number)[]): string {
  return others.includes(name) ? `kept_${name}` : name;
}

/** Numbers by the names of their columns, with those between which they are expected. */
export function numbersOf(
  { values, intervals = {} }: Extract<TablePrediction, { task: "numbers" }>,
): Record<string, number> {
  const entries = Object.entries(intervals);
  return {
    ...values,
    ...Object.fromEntries(
      entries.flatMap(([name, [low, high]]) => [
        [`low_${name}`, low],
        [`high_${name}`, high],
      ]),
    ),
  };
}
