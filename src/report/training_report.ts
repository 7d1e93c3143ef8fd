/** A report of a network as one page, for people to keep and hand on. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { pickInSlices } from "../data/pick.ts";
import { requireSamples } from "../data/require_samples.ts";
import { isRows, type TableRows } from "../data/table_rows.ts";
import type { History } from "../history/events.ts";
import {
  type ColumnImportance,
  permutationImportance,
} from "../insight/permutation_importance.ts";
import type { Dependence } from "../insight/partial_dependence.ts";
import { requireNetwork } from "../insight/network.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { machineFacts } from "../runtime/machine.ts";
import { VERSION } from "../version.ts";
import { requireReportOptions } from "./check_options.ts";
import { confusionSection, scoresSection } from "./classes_section.ts";
import { type Course, curvesSection } from "./curves_section.ts";
import { importanceSection } from "./importance_section.ts";
import { mistakesSection } from "./mistakes_section.ts";
import { pageOf } from "./page.ts";
import { probabilitiesSection } from "./probabilities_section.ts";
import { residualsSection } from "./residuals_section.ts";
import { reportOn, type SampleReport } from "./sample_report.ts";
import type { Rows, Section, Tested } from "./section.ts";
import { factsOf, sheetSection } from "./sheet_section.ts";
import { summarySection } from "./summary_section.ts";
import { rowsWithTargets } from "./test_rows.ts";
import { timingSection } from "./timing_section.ts";

const ACTION = "make a report";

/** Columns and samples by which importance is found: it takes a prediction for each of five permutations. */
const [MOST_COLUMNS, MOST_SAMPLES] = [200, 2000];

/**
 * What a report contains besides the network.
 *
 * @example
 * ```ts
 * import { Mlp, samplesFrom, trainingReport, type TrainingReportOptions } from "@lockstep/lockstep";
 *
 * await using mlp = new Mlp({ layers: [2, 2] });
 * const test = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * const options: TrainingReportOptions = { test, title: "Which is larger", facts: { Author: "me" } };
 * console.log((await trainingReport(mlp, options)).length > 1000); // true
 * ```
 */
export interface TrainingReportOptions {
  /** The title of the page. Default: `"Training report"` */
  readonly title?: string;
  /** The history that `fit` returned, for the curves and the times of ops. */
  readonly history?: Pick<History, "epochs"> & Partial<History>;
  /** Samples that the network has not learned from; for a network with an encoder, rows of its table. */
  readonly test?: Samples | SparseSamples | TableRows;
  /** Width and height of the samples, if they are images, to show the misclassified ones. */
  readonly image?: { readonly width: number; readonly height: number };
  /** Notes for the reader, one line each. */
  readonly notes?: readonly string[];
  /** More facts for repeating the training, by name, such as the training data. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/**
 * Makes a report of a network: a single HTML page without scripts, which loads nothing and follows the reader's light or
 * dark color scheme. It shows the scores with intervals and baselines, the curves of the training, the confusion matrix,
 * ROC and reliability curves, predicted and true numbers, the worst mistakes, the importance of each column, the time of
 * each op if it was measured, and how to repeat the training.
 *
 * @throws {TypeError} If an argument is of the wrong type, or an option is unknown.
 * @throws {RangeError} If the samples don't fit the network.
 *
 * @example
 * ```ts
 * import { Mlp, readTable, TableEncoder, trainingReport, trainTestSplit } from "@lockstep/lockstep";
 *
 * const { train, test } = trainTestSplit(await readTable("data/iris.csv"), { stratify: "species" });
 * const encoder = await TableEncoder.fit(train, { target: "species" });
 * await using mlp = new Mlp({ encoder, hidden: [16] });
 * const history = await mlp.fit(await encoder.samples(train), { epochs: 20 });
 * const html = await trainingReport(mlp, { history, test, title: "Iris" });
 * console.log(html.includes("<h1>Iris</h1>")); // true
 * ```
 */
export async function trainingReport(
  mlp: Mlp,
  options: TrainingReportOptions = {},
): Promise<string> {
  requireNetwork(ACTION, mlp);
  requireReportOptions(ACTION, options, mlp.layers[0]);
  const { title = "Training report", history, test, image, notes } = options;
  const [samples, rows] = test === undefined ? [] : await samplesOf(mlp, test);
  return await reportPage(mlp, {
    ...{ title, facts: options.facts ?? {}, notes: notes ?? [] },
    course: history ?? { epochs: [] },
    ...{ samples, rows, size: image },
  });
}

/** The contents of a page, from the library or a command. */
export interface Findings {
  readonly title: string;
  readonly notes: readonly string[];
  /** What is said of how to repeat it before what the network knows. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly course: Course;
  readonly samples?: Samples | SparseSamples;
  /** Of a table: the cells of the samples. */
  readonly rows?: Rows;
  readonly size?: Tested["size"];
  /** How well the network does on the samples, if it is known. */
  readonly scores?: SampleReport;
  /** How important columns are; found here if it is left out. */
  readonly importance?: readonly ColumnImportance[];
  /** The partial dependence on a column, if requested. */
  readonly dependence?: Dependence;
}

/** Makes the page. */
export async function reportPage(
  mlp: Mlp,
  findings: Findings,
): Promise<string> {
  const { title, samples, course, notes } = findings;
  const tested = samples === undefined
    ? undefined
    : await testedOn(mlp, samples, findings);
  const sections: (Section | undefined)[] = [
    summarySection(tested?.scores, notes),
    course.epochs.length === 0 ? undefined : curvesSection(course),
    ...(tested === undefined ? [] : await sectionsOf(tested, findings)),
    timingSection(course.epochs),
    sheetSection({
      ...findings.facts,
      ...await factsOf(mlp),
      ...{ "Lockstep": VERSION, ...machineFacts(), "Workers": mlp.workers },
    }),
  ];
  const under = `${mlp.layers.join("-")}, ${mlp.task}`;
  return await pageOf(title, under, sections.flatMap((one) => one ?? []));
}

async function testedOn(
  mlp: Mlp,
  samples: Samples | SparseSamples,
  { rows, size, scores }: Findings,
): Promise<Tested> {
  const found = await mlp.predict(samples.x);
  return {
    ...{ mlp, samples, found },
    scores: scores ?? await reportOn(mlp, samples, found),
    ...(rows?.rows.length === samples.count ? { rows } : {}),
    ...(size === undefined ? {} : { size }),
  };
}

/** The sections about the test samples. */
async function sectionsOf(
  tested: Tested,
  findings: Findings,
): Promise<(Section | undefined)[]> {
  const { mlp, scores } = tested;
  const found = findings.importance ?? await importanceOf(tested);
  const importance = (found || findings.dependence) && importanceSection(
    found ?? [],
    mlp.task === "numbers" ? "R²" : "accuracy",
    findings.dependence,
  );
  if ("r2" in scores) {
    return [
      await residualsSection(tested),
      await mistakesSection(tested, []),
      importance,
    ];
  }
  const labels = "labels" in scores;
  const all = labels ? scores.labels : scores.report.classes;
  const names = all.map(({ name }) => name);
  return [
    labels ? undefined : confusionSection(scores),
    scoresSection(all, labels ? "label" : "class"),
    await probabilitiesSection(tested, names),
    await mistakesSection(tested, names),
    importance,
  ];
}

/** The importance of columns of a table, or of a few inputs; of images and the like it would take long, and tell little. */
async function importanceOf(
  { mlp, samples, size }: Tested,
): Promise<ColumnImportance[] | undefined> {
  const columns = mlp.encoder?.columns.length ?? samples.inputs;
  if (size || columns > MOST_COLUMNS || isCsr(samples.x)) return undefined;
  const count = Math.min(samples.count, MOST_SAMPLES);
  const step = samples.count / count;
  const some = Int32Array.from(
    { length: count },
    (_, n) => Math.floor(n * step),
  );
  return await permutationImportance(mlp, await pickInSlices(samples, some));
}

/** Samples with the cells that they are made of, if they are rows of a table. */
async function samplesOf(
  mlp: Mlp,
  test: Samples | SparseSamples | TableRows,
): Promise<[Samples | SparseSamples, Rows?]> {
  if (!isRows(test)) {
    requireSamples(ACTION, "test", test);
    const { inputs, outputs } = test;
    const wanted = [mlp.layers[0], mlp.layers.at(-1)!];
    if (inputs === wanted[0] && outputs === wanted[1]) return [test];
    const what = `of ${wanted[0]} inputs and ${wanted[1]} outputs`;
    throw new WrongValueError(wrong(ACTION, "test", what, [inputs, outputs]));
  }
  const { encoder } = mlp;
  if (encoder === undefined) {
    const wanted = "samples, as the network has no encoder";
    throw new WrongTypeError(wrong(ACTION, "test", wanted, test));
  }
  const samples = await encoder.samples(test);
  return [samples, await rowsWithTargets(encoder, test)];
}
