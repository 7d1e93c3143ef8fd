import process from "node:process";
import cliProgress from "cli-progress";
import { type ColumnSummary, summaryText } from "../data/column_summary.ts";
import type { EpochEvent } from "../history/events.ts";
import type { TrainingNote } from "../history/training_notes.ts";
import { type Fitted, fittedLines } from "./fit_after.ts";
import type { RowCounts } from "./reading.ts";
import { counted, print, printJson } from "./print.ts";
import type { SampleReport } from "../report/sample_report.ts";
import { reportTables } from "./report_tables.ts";
import { addTimings, timingTable } from "./timing_table.ts";

/** What is known before the first epoch. */
export interface StartEvent {
  readonly layers: readonly number[];
  readonly workers: number;
  readonly batchSize: number;
  /** Samples that are learned from. */
  readonly trainSamples: number;
  /** Samples that are held back to judge by, if there are any. */
  readonly validationSamples?: number;
  readonly testSamples: number;
  readonly seed: number;
  /** Of a table. */
  readonly rows?: RowCounts;
  /** What the columns of a table are. */
  readonly columns?: readonly ColumnSummary[];
}

/** How well a network does. */
export interface Scores {
  /** Fractions of the samples whose class is correct, from 0 to 1. */
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  /** R² of numbers, at most 1. */
  readonly trainR2: number;
  readonly testR2: number;
}

/** What is known after the last epoch. */
export interface EndEvent extends Partial<Scores> {
  /** Time of the training alone: the sum of the epochs. */
  readonly seconds: number;
  readonly weightsSha256: string;
  /** All that is known of the samples to test; not where each rank has samples of its own. */
  readonly test?: SampleReport;
  /** What the course of the training says about its options. */
  readonly notes: readonly TrainingNote[];
}

/** Classes of which each is shown at the end of a training; `evaluate` shows more. */
const MOST_CLASSES = 10;

const SCORES: readonly (readonly [keyof Scores, string])[] = [
  ["trainAccuracy", "train accuracy"],
  ["testAccuracy", "test accuracy"],
  ["trainR2", "train R²"],
  ["testR2", "test R²"],
];

/** Shows a training to somebody. */
export interface Report {
  start(event: StartEvent): void;
  epoch(event: EpochEvent): void;
  /** Called after the last epoch. */
  fitted(fitted: Fitted): void;
  end(event: EndEvent): void;
  /** Called when the training ends early, so that the terminal is left in order. */
  stop(): void;
}

/** Shows nothing. */
export function noReport(): Report {
  const nothing = () => {};
  return {
    ...{ start: nothing, epoch: nothing, fitted: nothing },
    ...{ end: nothing, stop: nothing },
  };
}

/** One JSON object a line. */
export function jsonReport(): Report {
  const show = (event: string, fields: object) =>
    printJson({ event, ...fields });
  return {
    start: (event) => show("start", event),
    epoch: (event) => show("epoch", event),
    fitted(fitted) {
      if (fittedLines(fitted).length > 0) show("fitted", fitted);
    },
    end: (event) => show("end", event),
    stop() {},
  };
}

/** Text for people: a progress bar on a terminal, else a line an epoch; then the result. */
export function textReport(
  epochs: number,
  options: {
    readonly quiet: boolean;
    readonly terminal: boolean;
    /** Whether there are classes, so that accuracies mean something. */
    readonly classes: boolean;
    /** Whether samples are images: then scores are shown, and `evaluate` has the tables of classes. */
    readonly images: boolean;
  },
): Report {
  let samples = 0;
  const timed: EpochEvent[] = [];
  const bar = options.terminal && !options.quiet
    ? new cliProgress.SingleBar({
      format: `epoch {value}/{total} {bar} cost {cost}${
        options.classes ? "  accuracy {accuracy}" : ""
      }  {eta_formatted} left`,
      barsize: 24,
      hideCursor: true,
      etaBuffer: 5,
    }, cliProgress.Presets.shades_classic)
    : undefined;
  // What can't be shown any more, as the terminal was closed, must not end what is written because of that.
  if (bar !== undefined) process.stderr.on("error", () => {});
  return {
    start(event) {
      samples = event.trainSamples;
      if (options.quiet) return;
      if (event.columns !== undefined) print(summaryText(event.columns));
      print(
        `${event.layers.join("-")}, ${samplesOf(event)}, ` +
          `batches of ${event.batchSize}, ${
            counted(event.workers, "worker")
          }, seed ${event.seed}`,
      );
      bar?.start(epochs, 0, { cost: "-", accuracy: "-" });
    },
    epoch(event) {
      timed.push(event);
      const cost = event.lastBatch.cost.toPrecision(5);
      const accuracy = event.lastBatch.accuracy?.toFixed(3);
      if (bar !== undefined) {
        bar.update(event.epoch, { cost, accuracy });
      } else if (!options.quiet) {
        print(
          `epoch ${event.epoch}/${epochs}  ${
            event.seconds.toFixed(3)
          } s  cost ${cost}${
            accuracy === undefined ? "" : `  accuracy ${accuracy}`
          }${validated(event)}`,
        );
      }
    },
    fitted(fitted) {
      bar?.stop();
      for (const line of fittedLines(fitted)) print(line);
    },
    end(event) {
      bar?.stop();
      const rate = event.seconds === 0
        ? 0
        : Math.round(samples * timed.length / event.seconds);
      const scores = SCORES.flatMap(([name, text]) =>
        event[name] === undefined ? [] : [`${text} ${event[name].toFixed(4)}`]
      );
      print(
        `${scores.join("  ")}  ${event.seconds.toFixed(2)} s  ${
          rate.toLocaleString("en")
        } samples/s`,
      );
      if (event.test !== undefined && !options.quiet) {
        const tables = reportTables(event.test, MOST_CLASSES);
        // Of images the scores alone.
        const shown = options.images ? tables.slice(0, 1) : tables;
        for (const table of shown) print(`\n${table}`);
      }
      if (!options.quiet && event.notes.length > 0) {
        print("");
        for (const { text } of event.notes) print(`Note: ${text}`);
      }
      const timings = timed.flatMap((epoch) =>
        epoch.timings === undefined ? [] : [epoch.timings]
      );
      if (timings.length > 0) {
        print(timingTable(addTimings(timings)));
        print(`kernels: ${timed[0].kernels}`);
      }
    },
    stop: () => bar?.stop(),
  };
}

function samplesOf(
  { trainSamples, validationSamples, testSamples }: StartEvent,
): string {
  return validationSamples === undefined
    ? `${trainSamples} training and ${testSamples} test samples`
    : `${trainSamples} training, ${validationSamples} validation and ${testSamples} test samples`;
}

/** What the samples held back say. */
function validated({ validation }: EpochEvent): string {
  if (validation === undefined) return "";
  const { loss, accuracy, r2 } = validation;
  const score = accuracy === undefined
    ? `R² ${r2!.toFixed(3)}`
    : `accuracy ${accuracy.toFixed(3)}`;
  return `  validation loss ${loss.toPrecision(5)}  ${score}`;
}
