/** What is tried out: values of options, and the order in which they come. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { requireBoolean, wrong } from "../checks/validate.ts";
import { Xoshiro128 } from "../units/random.ts";

/**
 * A range of numbers, ends included, from which values with four significant digits are drawn.
 *
 * @example
 * ```ts
 * import { type NumberRange } from "@lockstep/lockstep";
 *
 * const learningRate: NumberRange = { from: 1e-4, to: 0.1, log: true };
 * const batchSize: NumberRange = { from: 16, to: 128, whole: true };
 * console.log(learningRate, batchSize);
 * ```
 */
export interface NumberRange {
  /** The smallest number. */
  readonly from: number;
  /** The largest number. */
  readonly to: number;
  /** Whether to draw on a logarithmic scale. Default: `false` */
  readonly log?: boolean;
  /** Whether to draw whole numbers. Default: `false` */
  readonly whole?: boolean;
}

/**
 * The methods of a search.
 *
 * @example
 * ```ts
 * import { type SearchMethod } from "@lockstep/lockstep";
 *
 * const method: SearchMethod = "halving";
 * console.log(method);
 * ```
 */
export type SearchMethod = "random" | "grid" | "halving";

/** Names of the methods. */
export const SEARCH_METHODS = ["random", "grid", "halving"] as const;

/** The values of each option that is tried. */
export type Space = Readonly<Record<string, readonly unknown[] | NumberRange>>;

/**
 * A value for each option of the search space.
 *
 * @example
 * ```ts
 * import { type Choice } from "@lockstep/lockstep";
 *
 * const choice: Choice = { learningRate: 0.01, hidden: [16] };
 * console.log(choice.hidden); // [16]
 * ```
 */
export type Choice = Readonly<Record<string, unknown>>;

/** Stream of the seed's generator from which values are drawn; networks, splits and folds have others. */
const SPACE_STREAM = 3;

/** Draws of a choice that was drawn before, until it is taken again: a range may be too narrow for so many. */
const MOST_DRAWS = 1000;

/** Most choices of a grid. */
const MOST_CHOICES = 1_000_000;

/** Whether values are in a range. */
function isRange(
  values: readonly unknown[] | NumberRange,
): values is NumberRange {
  return !Array.isArray(values);
}

/**
 * Checks what is tried.
 *
 * @throws {TypeError} If it is no object, or values are neither in an array nor a range.
 * @throws {RangeError} If there are none, or a range isn't from a number to a larger one.
 */
export function requireSpace(action: string, space: unknown): Space {
  if (
    typeof space !== "object" || space === null || Array.isArray(space) ||
    Object.keys(space).length === 0
  ) {
    const wanted = "an object with values of one option or more";
    throw new WrongTypeError(wrong(action, "space", wanted, space));
  }
  for (const [name, values] of Object.entries(space)) {
    if (Array.isArray(values)) {
      if (values.length > 0) continue;
      throw new WrongValueError(
        wrong(action, `${name}.length`, "1 or more", 0),
      );
    }
    if (typeof values !== "object" || values === null) {
      const wanted = "an array of values, or { from, to }";
      throw new WrongTypeError(wrong(action, name, wanted, values));
    }
    requireOptions(action, values, ["from", "to", "log", "whole"]);
    requireRange(action, name, values);
  }
  return space as Space;
}

function requireRange(action: string, name: string, range: NumberRange): void {
  const { from, to, log = false, whole = false } = range;
  requireBoolean(action, `${name}.log`, log);
  requireBoolean(action, `${name}.whole`, whole);
  for (const [end, value] of Object.entries({ from, to })) {
    if (typeof value === "number") continue;
    throw new WrongTypeError(
      wrong(action, `${name}.${end}`, "a number", value),
    );
  }
  const ends = [from, to];
  if (
    ends.every(Number.isFinite) && from < to && (!log || from > 0) &&
    (!whole || ends.every(Number.isSafeInteger))
  ) return;
  const wanted = `${whole ? "whole " : ""}numbers${
    log ? " of more than 0" : ""
  }, the second larger than the first`;
  throw new WrongValueError(wrong(action, name, wanted, ends));
}

/**
 * The choices to try: all of a grid, or some by chance. Where there are no more than are asked for, these are all. Otherwise
 * none comes twice.
 *
 * @throws {RangeError} If a grid has a range, or there are more than a million choices.
 */
export function choicesOf(
  action: string,
  space: Space,
  { method, trials, seed }: {
    readonly method: SearchMethod;
    readonly trials: number;
    readonly seed: number;
  },
): Choice[] {
  // So that it doesn't matter in which order they are given.
  const names = Object.keys(space).sort();
  const lists = names.map((name) => space[name]).filter((values) =>
    !isRange(values)
  ) as (readonly unknown[])[];
  const size = lists.length < names.length
    ? Infinity
    : lists.reduce((product, { length }) => product * length, 1);
  if (method === "grid") {
    const range = names.find((name) => isRange(space[name]));
    if (range !== undefined) {
      const wanted = "a list of values for the method 'grid'";
      throw new WrongValueError(wrong(action, range, wanted, space[range]));
    }
    if (size > MOST_CHOICES) {
      const wanted = `at most ${MOST_CHOICES} choices for the method 'grid'`;
      throw new WrongValueError(wrong(action, "space", wanted, size));
    }
  }
  if (method === "grid" || size <= trials) {
    return Array.from({ length: size }, (_, at) => choiceAt(space, names, at));
  }
  const random = new Xoshiro128(seed, SPACE_STREAM);
  const before = new Set<string>();
  return Array.from({ length: trials }, () => {
    let choice: Choice = {};
    for (let draws = 0; draws < MOST_DRAWS; draws++) {
      choice = Object.fromEntries(
        names.map((name) => [name, draw(space[name], random)]),
      );
      if (before.size < before.add(JSON.stringify(choice)).size) break;
    }
    return choice;
  });
}

/** A choice of a grid: the last option by name changes from each to the next. */
function choiceAt(space: Space, names: readonly string[], at: number): Choice {
  const choice: Record<string, unknown> = {};
  for (const name of names.toReversed()) {
    const values = space[name] as readonly unknown[];
    choice[name] = values[at % values.length];
    at = Math.floor(at / values.length);
  }
  return Object.fromEntries(names.map((name) => [name, choice[name]]));
}

function draw(
  values: readonly unknown[] | NumberRange,
  random: Xoshiro128,
): unknown {
  if (!isRange(values)) return values[random.below(values.length)];
  const { from, to, log = false, whole = false } = values;
  const fraction = random.nextFloat();
  // Whole numbers from half below the first to half above the last, so that all are as likely.
  const [first, last] = whole ? [from - 0.5, to + 0.5] : [from, to];
  const value = log
    ? Math.exp(Math.log(first) + fraction * Math.log(last / first))
    : first + fraction * (last - first);
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(to, Math.max(from, rounded));
}
