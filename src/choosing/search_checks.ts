/** Checks of how to search, and of what is tried. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { noOption } from "../checks/options.ts";
import { requireChoice, requireInteger, wrong } from "../checks/validate.ts";
import { TRAIN_OPTION_HINTS } from "../training/options/option_hints.ts";
import type { ScoreName } from "./scores.ts";
import {
  type Choice,
  SEARCH_METHODS,
  type SearchMethod,
  type Space,
} from "./space.ts";
import {
  NETWORK_NAMES,
  TRAINING_NAMES,
  type ValidationOptions,
} from "./validation_options.ts";

/** Names of what can be tried. */
const CHOSEN_NAMES = [
  ...new Set([...NETWORK_NAMES, ...TRAINING_NAMES, "scale"]),
];

/** How to search, with the defaults filled in. */
interface Method {
  readonly method: SearchMethod;
  readonly trials: number;
  readonly factor: number;
  readonly seed: number;
}

/**
 * Checks how to search.
 *
 * @throws {TypeError} If an option is of the wrong type.
 * @throws {RangeError} If one is out of its range, or not read.
 */
export function requireMethod(
  action: string,
  options: Partial<Method>,
): Method {
  const { method = "random", trials = 20, factor = 3, seed = 1 } = options;
  requireChoice(action, "method", method, SEARCH_METHODS);
  requireInteger(action, "trials", trials, 1, 1_000_000);
  requireInteger(action, "factor", factor, 2, 100);
  requireInteger(action, "seed", seed, 0, 2 ** 32 - 1);
  if (method === "grid" && options.trials !== undefined) {
    const wanted = "left out for the method 'grid', which tries all";
    throw new WrongValueError(wrong(action, "trials", wanted, trials));
  }
  if (method !== "halving" && options.factor !== undefined) {
    const wanted = `left out for the method '${method}'`;
    throw new WrongValueError(wrong(action, "factor", wanted, factor));
  }
  return { method, trials, factor, seed };
}

/**
 * Refuses `"loss"` as the score where the search tries several losses, whose values can't be compared.
 *
 * @throws {RangeError} If it is the score.
 */
export function requireComparable(
  action: string,
  score: ScoreName,
  space: Space,
): void {
  if (score !== "loss" || space.loss === undefined) return;
  const wanted = "another one where 'loss' is tried";
  throw new WrongValueError(wrong(action, "score", wanted, score));
}

/**
 * Checks the names in a space: each is an option that can be tried, and that has no value of its own.
 *
 * @throws {TypeError} If there is no such option.
 * @throws {RangeError} If it is given as well.
 */
export function requireNames(
  action: string,
  space: Space,
  options: Pick<ValidationOptions, "network" | "training" | "scale"> & {
    readonly method?: SearchMethod;
  },
): Space {
  for (const [name, values] of Object.entries(space)) {
    if (!CHOSEN_NAMES.includes(name)) {
      throw new WrongTypeError(
        `Cannot ${action} as ${
          noOption(name, CHOSEN_NAMES, TRAIN_OPTION_HINTS)
        }`,
      );
    }
    const { network = {}, training = {} } = options;
    const given = { ...network, ...training, scale: options.scale } as Choice;
    if (given[name] !== undefined) {
      const wanted = "left out where it is tried";
      throw new WrongValueError(wrong(action, name, wanted, given[name]));
    }
    if (name === "epochs" && options.method === "halving") {
      const wanted = "left out for the method 'halving', which chooses them";
      throw new WrongValueError(wrong(action, "space.epochs", wanted, values));
    }
  }
  return space;
}
