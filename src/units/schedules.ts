/** The learning rate of each epoch. */
import { numberOrNull, requireObject } from "../checks/json_checks.ts";
import { requireInteger, requireNonNegative } from "../checks/validate.ts";

/** How the learning rate changes over the epochs. */
export type ScheduleName =
  | "article"
  | "constant"
  | "step"
  | "exponential"
  | "cosine"
  | "plateau";

/** What a {@linkcode Schedule} works with; epochs are counted from 0, after the warm-up from 0 again. */
export interface ScheduleSettings {
  /** The rule after the warm-up. */
  readonly schedule: ScheduleName;
  /** The rate at the start, after the warm-up; 0 or more. */
  readonly learningRate: number;
  /** All epochs of the training, with those of the warm-up; only `"cosine"` uses it. */
  readonly epochs: number;
  /** `"article"`: before epoch i (0, 1, …) the rate is divided by `1 + learningRateDecay · i`; 0 or more. */
  readonly learningRateDecay: number;
  /** `"step"`: epochs until the rate changes, 1 or more. */
  readonly stepEpochs: number;
  /**
   * What the rate is multiplied with, from 0 to 1: `"step"` after every `stepEpochs` epochs, `"exponential"` after
   * every epoch, `"plateau"` when the monitored value no longer falls.
   */
  readonly decayFactor: number;
  /** Over so many first epochs the rate rises evenly to `learningRate`, and then the schedule begins; 0 or more. */
  readonly warmUpEpochs: number;
  /** `"plateau"`: epochs in a row without a new least value after which the rate falls, 1 or more. */
  readonly plateauPatience: number;
  /** No schedule goes below it, the warm-up may; `"cosine"` ends there. From 0 to `learningRate`. */
  readonly minLearningRate: number;
}

/** Where a {@linkcode Schedule} is: plain JSON. */
export interface ScheduleState {
  /** Epochs whose rate was given out, those of the warm-up included. */
  readonly epoch: number;
  /** The rate that `"article"` and `"plateau"` go on from. */
  readonly rate: number;
  /** `"plateau"`: the least value so far, null before the first. */
  readonly best: number | null;
  /** `"plateau"`: epochs in a row that were no better, since the rate fell. */
  readonly badEpochs: number;
}

/**
 * Checks the state of a schedule.
 *
 * @param prefix Of the names of its values, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range.
 */
export function scheduleState(
  action: string,
  value: unknown,
  prefix = "",
): ScheduleState {
  const { epoch, rate, best, badEpochs } = requireObject(
    action,
    prefix.slice(0, -1) || "state",
    value,
  );
  return {
    epoch: requireInteger(action, `${prefix}epoch`, epoch, 0, Infinity),
    rate: requireNonNegative(action, `${prefix}rate`, rate),
    best: numberOrNull(action, `${prefix}best`, best),
    badEpochs: requireInteger(
      action,
      `${prefix}badEpochs`,
      badEpochs,
      0,
      Infinity,
    ),
  };
}

/**
 * Gives the learning rate of one epoch after another.
 *
 * - `"article"`: before epoch i = 0, 1, … the rate is divided by `1 + learningRateDecay · i`.
 * - `"constant"`: `learningRate`.
 * - `"step"`: `learningRate · decayFactor^⌊i / stepEpochs⌋`.
 * - `"exponential"`: `learningRate · decayFactor^i`.
 * - `"cosine"`: `least + ½ · (learningRate - least) · (1 + cos(π · i / n))` over the n epochs after the warm-up, eq. 5
 *   of Loshchilov and Hutter 2016, [SGDR](https://arxiv.org/abs/1608.03983), without restarts. It starts from
 *   `learningRate`, and would reach `minLearningRate` in epoch n, after the last.
 * - `"plateau"`: times `decayFactor` once `plateauPatience` epochs in a row had no new least monitored value.
 *
 * The warm-up is linear as that of Goyal et al. 2017, [Accurate, Large Minibatch
 * SGD](https://arxiv.org/abs/1706.02677): epoch i of it has the rate `learningRate · (i + 1) / warmUpEpochs`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Schedule } from "./schedules.ts";
 *
 * const schedule = new Schedule({
 *   schedule: "step",
 *   learningRate: 0.5,
 *   epochs: 6,
 *   learningRateDecay: 0,
 *   stepEpochs: 2,
 *   decayFactor: 0.5,
 *   warmUpEpochs: 2,
 *   plateauPatience: 1,
 *   minLearningRate: 0,
 * });
 * const rates = Array.from({ length: 6 }, () => schedule.next());
 * assert.deepEqual(rates, [0.25, 0.5, 0.5, 0.5, 0.25, 0.25]);
 * ```
 */
export class Schedule {
  readonly #settings: ScheduleSettings;
  #state: ScheduleState;

  /** Starts before the first epoch. The settings are not checked. */
  constructor(settings: ScheduleSettings) {
    this.#settings = settings;
    const rate = settings.learningRate;
    this.#state = { epoch: 0, rate, best: null, badEpochs: 0 };
  }

  /** The rate of the next epoch. */
  next(): number {
    const { learningRate, warmUpEpochs, minLearningRate } = this.#settings;
    const { epoch } = this.#state;
    this.#state = { ...this.#state, epoch: epoch + 1 };
    if (epoch < warmUpEpochs) return learningRate * (epoch + 1) / warmUpEpochs;
    return Math.max(this.#scheduled(epoch - warmUpEpochs), minLearningRate);
  }

  /**
   * Takes the monitored value after an epoch, lower is better; NaN and infinite values never are. Only `"plateau"` uses
   * it, and not during the warm-up.
   */
  observe(value: number): void {
    const { schedule, decayFactor, plateauPatience, warmUpEpochs } =
      this.#settings;
    const { epoch, rate, best, badEpochs } = this.#state;
    if (schedule !== "plateau" || epoch <= warmUpEpochs) return;
    if (Number.isFinite(value) && (best === null || value < best)) {
      this.#state = { epoch, rate, best: value, badEpochs: 0 };
    } else if (badEpochs + 1 < plateauPatience) {
      this.#state = { epoch, rate, best, badEpochs: badEpochs + 1 };
    } else {
      this.#state = { epoch, rate: rate * decayFactor, best, badEpochs: 0 };
    }
  }

  /**
   * Where the schedule is. Another with the same settings that gets it goes on with the same rates.
   *
   * @throws {TypeError} If a value is of the wrong type.
   * @throws {RangeError} If a value is out of its range.
   */
  get state(): ScheduleState {
    return this.#state;
  }

  set state(state: ScheduleState) {
    this.#state = scheduleState("set the state of a schedule", state);
  }

  /** The rate of an epoch, counted from 0 after the warm-up. */
  #scheduled(epoch: number): number {
    const settings = this.#settings;
    const { learningRate, decayFactor } = settings;
    switch (settings.schedule) {
      case "article": {
        const rate = this.#state.rate /
          (1 + settings.learningRateDecay * epoch);
        this.#state = { ...this.#state, rate };
        return rate;
      }
      case "constant":
        return learningRate;
      case "step":
        return learningRate *
          decayFactor ** Math.floor(epoch / settings.stepEpochs);
      case "exponential":
        return learningRate * decayFactor ** epoch;
      case "cosine": {
        const least = settings.minLearningRate;
        const epochs = Math.max(1, settings.epochs - settings.warmUpEpochs);
        // A training may go on for longer than was planned; without the minimum the rate would rise again.
        const part = Math.min(1, epoch / epochs);
        return least +
          0.5 * (learningRate - least) * (1 + Math.cos(Math.PI * part));
      }
      case "plateau":
        return this.#state.rate;
    }
  }
}
