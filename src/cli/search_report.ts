/** Shows a search to people, or to programs. */
import type { Trial } from "../choosing/run_search.ts";
import { type ScoreName, signOf } from "../choosing/scores.ts";
import type { FlagValues } from "./arguments.ts";
import { Progress } from "./display/progress.ts";
import { screenOf } from "./display/screen.ts";
import { aligned } from "./metric_tables.ts";
import { counted, print, printJson } from "./print.ts";
import { typedChoice } from "./try_option.ts";

/** Trials that the table at the end has. */
const MOST_SHOWN = 10;

/** What the best network comes to, trained on all training samples. */
export interface Refit {
  /** Accuracy, or R² of numbers, of the training samples, and of those to test with. */
  readonly train: number;
  readonly test?: number;
  readonly weightsSha256: string;
}

/** What is known before the first trial. */
interface Start {
  readonly trials: number;
  readonly trainSamples: number;
  readonly testSamples: number;
  /** Parts that each trial is judged by. */
  readonly judged: number;
}

/** Shows a search. */
export interface SearchReport extends Disposable {
  trial(trial: Trial, done: number, all: number): void;
  end(ranked: readonly Trial[], refit: Refit): void;
}

/** Shows a search as the flags say: as JSON, or as text with a line for each trial where there is no terminal. */
export function searchReport(
  { json, quiet }: FlagValues,
  score: ScoreName,
  start: Start,
): SearchReport {
  const line = new Progress("Trials", quiet !== true);
  if (json === true) return jsonReport(score, start, line);
  const talks = quiet !== true;
  if (talks) {
    print(
      `${
        counted(start.trials, "trial")
      } on ${start.trainSamples} training samples, each judged by ${
        counted(start.judged, "part")
      } of them; ${start.testSamples} test samples`,
    );
  }
  const lines = talks && !screenOf(Deno.stdout).canRedraw;
  let best: number | undefined;
  return {
    trial(trial, done, all) {
      if (trial.score !== undefined) {
        best = best === undefined ||
            signOf(score) * (trial.score - best) > 0
          ? trial.score
          : best;
      }
      const found = best === undefined
        ? ""
        : `, best ${score} ${best.toFixed(4)}`;
      line.update(done / all, `${done} of ${all}${found}`);
      if (!lines) return;
      const result = trial.error ?? `${score} ${scoreText(trial)}`;
      print(`${done}/${all}  ${typedChoice(trial.options)}  ${result}`);
    },
    end(ranked, { train, test }) {
      line[Symbol.dispose]();
      print(tableOf(ranked, score));
      const failed = ranked.filter(({ error }) => error !== undefined);
      if (failed.length > 0) {
        print(`${counted(failed.length, "trial")} failed: ${failed[0].error}`);
      }
      print(
        `trained on all with ${typedChoice(ranked[0].options)}: train ${
          train.toFixed(4)
        }${test === undefined ? "" : `  test ${test.toFixed(4)}`}`,
      );
    },
    [Symbol.dispose]: () => line[Symbol.dispose](),
  };
}

function jsonReport(
  score: ScoreName,
  start: Start,
  line: Progress,
): SearchReport {
  printJson({ event: "start", score, ...start });
  return {
    trial(trial, done, all) {
      line.update(done / all, `${done} of ${all}`);
      printJson({ event: "trial", ...trial });
    },
    end(trials, refit) {
      printJson({ event: "end", best: trials[0], ...refit, trials });
    },
    [Symbol.dispose]: () => line[Symbol.dispose](),
  };
}

function scoreText({ score, deviation }: Trial): string {
  const shown = score!.toFixed(4);
  return deviation === undefined ? shown : `${shown} ± ${deviation.toFixed(4)}`;
}

/** The best trials, the options to the left. */
function tableOf(ranked: readonly Trial[], score: ScoreName): string {
  const shown = ranked.filter((trial) => trial.score !== undefined)
    .slice(0, MOST_SHOWN);
  return aligned([
    ["options", "trial", "epochs", score, "seconds"],
    ...shown.map((trial) => [
      typedChoice(trial.options),
      `${trial.trial}`,
      `${trial.epochs}`,
      scoreText(trial),
      trial.seconds.toFixed(2),
    ]),
  ]);
}
