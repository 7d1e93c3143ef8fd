import { type ColumnSummary, summaryText } from "../data/column_summary.ts";
import type { EpochEvent, MonitorName } from "../history/events.ts";
import { isBetterHigh, monitored } from "../history/monitored.ts";
import type { Timing } from "../plan/timings.ts";
import type { TrainingNote } from "../history/training_notes.ts";
import { EarlyStopping } from "../training/early_stopping.ts";
import type { TrainOptions } from "../training/options/train_options.ts";
import { fitted as fittedTo, wrapped } from "./display/draw.ts";
import { screenOf } from "./display/screen.ts";
import { type StartFacts, startText } from "./display/start_text.ts";
import { type StopFacts, stopText } from "./display/stop_text.ts";
import { TrainingDisplay } from "./display/training_display.ts";
import { type ChosenDefaults, defaultsText } from "./defaults_text.ts";
import { type Fitted, fittedLines } from "./fit_after.ts";
import type { RowCounts } from "./row_counts.ts";
import { print, printJson } from "./print.ts";
import type { SampleReport } from "../report/sample_report.ts";
import { reportTables } from "./report_tables.ts";
import { addTimings, timingTable } from "./timing_table.ts";

/** What is known before the first epoch. */
export interface StartEvent extends StartFacts {
  /** Options that were left out, with what they are. */
  readonly defaults: ChosenDefaults;
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
  /** All that is known of the samples to test. */
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
  /** If it is there, wants to hear in a long epoch what fraction of it is done. */
  readonly within?: (epoch: number, fraction: number) => void;
  epoch(event: EpochEvent): void;
  /** Called after the last epoch, or when a signal comes. */
  stopped(facts: StopFacts): void;
  fitted(fitted: Fitted): void;
  end(event: EndEvent): void;
  /** Called when the training ends early, so that the terminal is left in order. */
  stop(): void;
}

/** Shows nothing. */
export function noReport(): Report {
  const nothing = () => {};
  return {
    ...{ start: nothing, epoch: nothing, stopped: nothing },
    ...{ fitted: nothing, end: nothing, stop: nothing },
  };
}

/** One JSON object a line. */
export function jsonReport(
  { epochs, patience = 0 }: TrainOptions & { readonly epochs: number },
): Report {
  const show = (event: string, fields: object) =>
    printJson({ event, ...fields });
  let stop: StopFacts | undefined;
  let display: TrainingDisplay | undefined;
  return {
    start(event) {
      show("start", event);
      display = new TrainingDisplay(epochs, { mayStop: patience > 0 });
    },
    ...withinOf(() => display),
    epoch(event) {
      show("epoch", event);
      display?.epoch(event, false, print);
    },
    stopped(facts) {
      display?.end(print);
      if ("signal" in facts) show("stopped", facts);
      else stop = facts;
    },
    fitted(fitted) {
      if (fittedLines(fitted).length > 0) show("fitted", fitted);
    },
    end: (event) => show("end", { ...stop, ...event }),
    stop: () => display?.end(print),
  };
}

/** What hears of long epochs, where a display can show how far they are. */
function withinOf(
  display: () => TrainingDisplay | undefined,
): Pick<Report, "within"> {
  return screenOf(Deno.stderr).canRedraw
    ? { within: (...how) => display()?.within(...how) }
    : {};
}

/** Text for people: lines of epochs, on a terminal with one below that shows how far the training is; then the result. */
export function textReport(
  { epochs, patience = 0, monitor, minDelta = 0 }: TrainOptions & {
    readonly epochs: number;
  },
  options: {
    readonly quiet: boolean;
    /** Whether samples are images: then scores are shown, and `evaluate` has the tables of classes. */
    readonly images: boolean;
  },
): Report {
  const screen = screenOf(Deno.stdout);
  let samples = 0;
  const timed: EpochEvent[] = [];
  let between: readonly Timing[] = [];
  let display: TrainingDisplay | undefined;
  let isBest = (_: EpochEvent) => false;
  const stop = () => {
    display?.end(print);
    display = undefined;
  };
  return {
    start(event) {
      samples = event.trainSamples;
      isBest = bestOf(
        monitor ??
          (event.validationSamples === undefined ? "loss" : "validationLoss"),
        minDelta,
      );
      if (options.quiet) return;
      const isFirst = (event.member?.number ?? 1) === 1;
      const lines = [
        startText(event),
        ...(isFirst ? [defaultsText(event.defaults)] : []),
      ];
      for (const line of lines.filter((text) => text !== "")) {
        wrapped(line, screen.width(), "  ").forEach(print);
      }
      if (event.columns !== undefined && isFirst) {
        for (const line of summaryText(event.columns).split("\n")) {
          print(fittedTo(line, screen.width(), screen));
        }
      }
      display = new TrainingDisplay(epochs, { screen, mayStop: patience > 0 });
    },
    ...(options.quiet ? {} : withinOf(() => display)),
    epoch(event) {
      timed.push(event);
      display?.epoch(event, isBest(event), print);
    },
    stopped(facts) {
      stop();
      // What a signal stopped is told with what was written then.
      if ("signal" in facts) return;
      between = facts.timings ?? [];
      if (options.quiet) return;
      wrapped(stopText(facts), screen.width(), "  ").forEach(print);
    },
    fitted(fitted) {
      for (const line of fittedLines(fitted)) print(line);
    },
    end(event) {
      const rate = event.seconds === 0
        ? 0
        : Math.round(samples * timed.length / event.seconds);
      const scores = SCORES.flatMap(([name, text]) =>
        event[name] === undefined ? [] : [`${text} ${event[name].toFixed(4)}`]
      );
      const result = `${scores.join("  ")}  ${event.seconds.toFixed(2)} s  ${
        rate.toLocaleString("en")
      } samples/s`;
      wrapped(result, screen.width(), "  ").forEach(print);
      if (event.test !== undefined && !options.quiet) {
        const tables = reportTables(event.test, MOST_CLASSES);
        // Of images the scores alone.
        const shown = options.images ? tables.slice(0, 1) : tables;
        for (const table of shown) print(`\n${table}`);
      }
      if (!options.quiet && event.notes.length > 0) {
        print("");
        for (const { text } of event.notes) {
          wrapped(`Note: ${text}`, screen.width(), "  ").forEach(print);
        }
      }
      const timings = timed.flatMap((epoch) =>
        epoch.timings === undefined ? [] : [epoch.timings]
      );
      if (timings.length > 0) {
        print(timingTable([...addTimings(timings), ...between]));
        print(`kernels: ${timed[0].kernels}`);
      }
    },
    stop,
  };
}

/** Tells whether an epoch is the best so far, as early stopping would. */
function bestOf(
  monitor: MonitorName,
  minDelta: number,
): (event: EpochEvent) => boolean {
  const stopping = new EarlyStopping({
    ...{ patience: Number.MAX_SAFE_INTEGER, minDelta },
    mode: isBetterHigh(monitor) ? "max" : "min",
  });
  return (event) => stopping.observe(monitored(event, monitor)).improved;
}
