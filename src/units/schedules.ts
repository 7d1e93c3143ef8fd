/** The learning rate of each epoch. */
import { numberOrNull, requireObject } from "../checks/json_checks.ts";
import { requireInteger, requireNonNegative } from "../checks/validate.ts";
import { cosineOfPi, power } from "./arithmetic.ts";

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

/** How a schedule is computed. */
export interface ScheduleRule {
  /** The settings that it reads, besides the rate, the epochs and the warm-up; others are refused with it. */
  readonly reads: readonly (keyof ScheduleSettings)[];
  /**
   * The rate of an epoch.
   *
   * @param epoch Counted from 0 after the warm-up.
   * @param last The rate of the epoch before, before it was raised to `minLearningRate`; `learningRate` before the first.
   */
  rate(epoch: number, settings: ScheduleSettings, last: number): number;
  /** What the rate becomes once the monitored value no longer falls. None for those that don't look at it. */
  stalled?(rate: number, settings: ScheduleSettings): number;
}

/** The schedules by name. To add one: an entry here; options, checks and help take the rest from there. */
export const SCHEDULES: Readonly<Record<ScheduleName, ScheduleRule>> = {
  /** Before epoch i = 0, 1, … the rate is divided by `1 + learningRateDecay · i`. */
  article: {
    reads: ["learningRateDecay", "minLearningRate"],
    rate: (epoch, { learningRateDecay }, last) =>
      last / (1 + learningRateDecay * epoch),
  },

  /** `learningRate`. A minimum can't change it, as it is at most the rate. */
  constant: { reads: [], rate: (_, { learningRate }) => learningRate },

  /** `learningRate · decayFactor^⌊i / stepEpochs⌋`. */
  step: {
    reads: ["stepEpochs", "decayFactor", "minLearningRate"],
    rate: (epoch, { learningRate, decayFactor, stepEpochs }) =>
      learningRate * power(decayFactor, Math.floor(epoch / stepEpochs)),
  },

  /** `learningRate · decayFactor^i`. */
  exponential: {
    reads: ["decayFactor", "minLearningRate"],
    rate: (epoch, { learningRate, decayFactor }) =>
      learningRate * power(decayFactor, epoch),
  },

  /**
   * `least + ½ · (learningRate - least) · (1 + cos(π · i / n))` over the n epochs after the warm-up, eq. 5 of Loshchilov and
   * Hutter 2016, [SGDR](https://arxiv.org/abs/1608.03983), without restarts. It starts from `learningRate`, and would reach
   * `minLearningRate` in epoch n, after the last.
   */
  cosine: {
    reads: ["minLearningRate"],
    rate(epoch, { learningRate, minLearningRate, epochs, warmUpEpochs }) {
      const length = Math.max(1, epochs - warmUpEpochs);
      // A training may go on for longer than was planned; without the minimum the rate would rise again.
      const fraction = Math.min(1, epoch / length);
      return minLearningRate + 0.5 * (learningRate - minLearningRate) *
          (1 + cosineOfPi(fraction));
    },
  },

  /** Times `decayFactor` once `plateauPatience` epochs in a row had no new least monitored value. */
  plateau: {
    reads: ["decayFactor", "plateauPatience", "minLearningRate"],
    rate: (_epoch, _settings, last) => last,
    stalled: (rate, { decayFactor }) => rate * decayFactor,
  },
};

/** All names of schedules. */
export const SCHEDULE_NAMES: readonly ScheduleName[] = Object.keys(
  SCHEDULES,
) as ScheduleName[];

/** The schedules that read a setting. */
export function schedulesReading(
  setting: keyof ScheduleSettings,
): ScheduleName[] {
  return SCHEDULE_NAMES.filter((name) =>
    SCHEDULES[name].reads.includes(setting)
  );
}

/** Where a {@linkcode Schedule} is: plain JSON. */
export interface ScheduleState {
  /** Epochs whose rate was given out, those of the warm-up included. */
  readonly epoch: number;
  /** The rate of the last epoch after the warm-up, before it was raised to the least one. */
  readonly rate: number;
  /** The least monitored value so far, null before the first. */
  readonly best: number | null;
  /** Epochs in a row that were no better, since the rate fell. */
  readonly badEpochs: number;
  /** What all rates are multiplied with; 1 until somebody changes the rate. */
  readonly factor: number;
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
  const { epoch, rate, best, badEpochs, factor } = requireObject(
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
    factor: requireNonNegative(action, `${prefix}factor`, factor),
  };
}

/**
 * Gives the learning rate of one epoch after another, as the rule in {@linkcode SCHEDULES} says.
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
    this.#state = { epoch: 0, rate, best: null, badEpochs: 0, factor: 1 };
  }

  /** The rate of the next epoch. */
  next(): number {
    const settings = this.#settings;
    const { schedule, learningRate, warmUpEpochs } = settings;
    const { epoch, rate: last, factor } = this.#state;
    this.#state = { ...this.#state, epoch: epoch + 1 };
    if (epoch < warmUpEpochs) {
      return factor * (learningRate * (epoch + 1) / warmUpEpochs);
    }
    const rule = SCHEDULES[schedule];
    const rate = rule.rate(epoch - warmUpEpochs, settings, last);
    this.#state = { ...this.#state, rate };
    return factor * Math.max(rate, settings.minLearningRate);
  }

  /**
   * Makes `rate` the rate of the next epoch; the schedule, with its least rate, goes on in proportion. One that has come to
   * 0 stays there.
   */
  changeNext(rate: number): void {
    const planned = new Schedule(this.#settings);
    planned.state = { ...this.#state, factor: 1 };
    const next = planned.next();
    if (next > 0) this.#state = { ...this.#state, factor: rate / next };
  }

  /**
   * Takes the monitored value after an epoch, lower is better; NaN and infinite values never are. It does nothing
   * during the warm-up, and where the schedule doesn't look at it.
   */
  observe(value: number): void {
    const settings = this.#settings;
    const { epoch, rate, best, badEpochs, ...rest } = this.#state;
    const { stalled } = SCHEDULES[settings.schedule];
    if (stalled === undefined || epoch <= settings.warmUpEpochs) return;
    if (Number.isFinite(value) && (best === null || value < best)) {
      this.#state = { ...rest, epoch, rate, best: value, badEpochs: 0 };
    } else if (badEpochs + 1 < settings.plateauPatience) {
      this.#state = { ...rest, epoch, rate, best, badEpochs: badEpochs + 1 };
    } else {
      const fallen = stalled(rate, settings);
      this.#state = { ...rest, epoch, rate: fallen, best, badEpochs: 0 };
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
}
