import cliProgress from "cli-progress";
import type { EpochEvent } from "../training/events.ts";
import { addTimings, timingTable } from "./timing_table.ts";

/** What is known before the first epoch. */
export interface StartEvent {
  readonly layers: readonly number[];
  readonly workers: number;
  readonly batchSize: number;
  readonly trainSamples: number;
  readonly testSamples: number;
  readonly seed: number;
}

/** What is known after the last epoch. */
export interface EndEvent {
  /** Time of the training alone: the sum of the epochs. */
  readonly seconds: number;
  /** Parts of the samples whose class is right, from 0 to 1. */
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  readonly weightsSha256: string;
}

/** Shows a training to somebody. */
export interface Report {
  start(event: StartEvent): void;
  epoch(event: EpochEvent): void;
  end(event: EndEvent): void;
  /** Called when the training ends early, so that the terminal is left in order. */
  stop(): void;
}

/** One JSON object a line. */
export function jsonReport(): Report {
  const print = (event: string, fields: object) =>
    console.log(JSON.stringify({ event, ...fields }));
  return {
    start: (event) => print("start", event),
    epoch: (event) => print("epoch", event),
    end: (event) => print("end", event),
    stop() {},
  };
}

/** Text for people: a progress bar on a terminal, else a line an epoch; then the result. */
export function textReport(
  epochs: number,
  options: { readonly quiet: boolean; readonly terminal: boolean },
): Report {
  let samples = 0;
  const timed: EpochEvent[] = [];
  const bar = options.terminal && !options.quiet
    ? new cliProgress.SingleBar({
      format:
        "epoch {value}/{total} {bar} cost {cost}  accuracy {accuracy}  {eta_formatted} left",
      barsize: 24,
      hideCursor: true,
      etaBuffer: 5,
    }, cliProgress.Presets.shades_classic)
    : undefined;
  return {
    start(event) {
      samples = event.trainSamples;
      if (options.quiet) return;
      console.log(
        `${
          event.layers.join("-")
        }, ${event.trainSamples} training and ${event.testSamples} test samples, ` +
          `batches of ${event.batchSize}, ${event.workers} workers, seed ${event.seed}`,
      );
      bar?.start(epochs, 0, { cost: "-", accuracy: "-" });
    },
    epoch(event) {
      timed.push(event);
      const cost = event.cost.toPrecision(5);
      const accuracy = event.batchAccuracy.toFixed(3);
      if (bar !== undefined) {
        bar.update(event.epoch, { cost, accuracy });
      } else if (!options.quiet) {
        console.log(
          `epoch ${event.epoch}/${epochs}  ${
            event.seconds.toFixed(3)
          } s  cost ${cost}  accuracy ${accuracy}`,
        );
      }
    },
    end(event) {
      bar?.stop();
      const rate = Math.round(samples * epochs / event.seconds);
      console.log(
        `train accuracy ${event.trainAccuracy.toFixed(4)}  test accuracy ${
          event.testAccuracy.toFixed(4)
        }  ${event.seconds.toFixed(2)} s  ${
          rate.toLocaleString("en")
        } samples/s`,
      );
      const timings = timed.flatMap((epoch) =>
        epoch.timings === undefined ? [] : [epoch.timings]
      );
      if (timings.length > 0) {
        console.log(timingTable(addTimings(timings)));
        console.log(`kernels: ${timed[0].kernels}`);
      }
    },
    stop: () => bar?.stop(),
  };
}
