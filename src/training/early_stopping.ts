import { numberOrNull, requireObject } from "../checks/json_checks.ts";
import {
  requireChoice,
  requireInteger,
  requireNonNegative,
} from "../checks/validate.ts";

/** When a training stops by itself. */
export interface EarlyStoppingSettings {
  /** Epochs in a row without an improvement after which to stop, 1 or more. */
  readonly patience: number;
  /** A value is an improvement if it is better than the best by more than this; 0 or more. */
  readonly minDelta: number;
  /** Whether lower or higher values are better. */
  readonly mode: "min" | "max";
}

/** The state of an {@linkcode EarlyStopping}: plain JSON. */
export interface EarlyStoppingState {
  /** The best value so far, null before the first. */
  readonly best: number | null;
  /** Epochs in a row without an improvement. */
  readonly badEpochs: number;
}

/**
 * Checks the state of early stopping.
 *
 * @param prefix Of the names of its values, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range.
 */
export function earlyStoppingState(
  action: string,
  value: unknown,
  prefix = "",
): EarlyStoppingState {
  const { best, badEpochs } = requireObject(
    action,
    prefix.slice(0, -1) || "state",
    value,
  );
  return {
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
 * Tells when a monitored value no longer improves, by the rule of Keras's `EarlyStopping`: once `patience` epochs in a
 * row were not better than the best by more than `minDelta`. NaN and infinite values never are an improvement.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { EarlyStopping } from "./early_stopping.ts";
 *
 * const stopping = new EarlyStopping({ patience: 2, minDelta: 0, mode: "min" });
 * const stops = [3, 2, 2.5, 2].map((loss) => stopping.observe(loss).stop);
 * assert.deepEqual(stops, [false, false, false, true]);
 * assert.equal(stopping.best, 2);
 * ```
 */
export class EarlyStopping {
  readonly #settings: EarlyStoppingSettings;
  #state: EarlyStoppingState = { best: null, badEpochs: 0 };

  /**
   * Starts without a best value.
   *
   * @throws {TypeError} If a setting is of the wrong type.
   * @throws {RangeError} If a setting is out of its range.
   */
  constructor({ patience, minDelta, mode }: EarlyStoppingSettings) {
    const action = "stop early";
    requireInteger(action, "patience", patience, 1, Infinity);
    requireNonNegative(action, "minDelta", minDelta);
    requireChoice(action, "mode", mode, ["min", "max"]);
    this.#settings = { patience, minDelta, mode };
  }

  /** Takes the monitored value after an epoch, and tells whether it is an improvement and whether it's time to stop. */
  observe(value: number): { improved: boolean; stop: boolean } {
    const { best, badEpochs } = this.#state;
    const improved = this.#improves(value, best);
    this.#state = improved
      ? { best: value, badEpochs: 0 }
      : { best, badEpochs: badEpochs + 1 };
    const stop = this.#state.badEpochs >= this.#settings.patience;
    return { improved, stop };
  }

  #improves(value: number, best: number | null): boolean {
    if (!Number.isFinite(value)) return false;
    if (best === null) return true;
    const { minDelta, mode } = this.#settings;
    return mode === "min" ? value + minDelta < best : value - minDelta > best;
  }

  /** The best value so far, null before the first. */
  get best(): number | null {
    return this.#state.best;
  }

  /**
   * The state. Another instance with the same settings and this state gives the same answers.
   *
   * @throws {TypeError} If a value is of the wrong type.
   * @throws {RangeError} If a value is out of its range.
   */
  get state(): EarlyStoppingState {
    return this.#state;
  }

  set state(state: EarlyStoppingState) {
    const action = "set the state of early stopping";
    this.#state = earlyStoppingState(action, state);
  }
}
