/** Checks of what a caller passed, with the same wording everywhere: action, value wanted, value found. */

import { WrongTypeError, WrongValueError } from "./errors.ts";
import { CHOICES_OF_OTHERS } from "./choices_of_others.ts";
import { nearest, plain } from "./nearest.ts";
import { describe, quotedName } from "./visible.ts";

export { describe };

/** Most choices that an error lists: a table may have thousands of columns. */
const MOST_CHOICES = 20;

/** `Cannot ACTION as 'NAME' must be WANTED: current value is VALUE`. */
export function wrong(
  action: string,
  name: string,
  wanted: string,
  value: unknown,
): string {
  return `Cannot ${action} as ${
    quotedName(name)
  } must be ${wanted}: current value is ${describe(value)}`;
}

/**
 * @throws {TypeError} If `value` is not a number.
 * @throws {RangeError} If it is not a whole number from `least` to `most`.
 */
export function requireInteger(
  action: string,
  name: string,
  value: unknown,
  least: number,
  most: number,
): number {
  const range = Number.isFinite(most)
    ? `from ${least} to ${most}`
    : `of ${least} or more`;
  return requireNumber(action, name, value, {
    wanted: `a whole number ${range}`,
    holds: (value) =>
      Number.isSafeInteger(value) && value >= least && value <= most,
  });
}

/** A condition that a number has to meet, in words and as a function. */
export interface Condition {
  readonly wanted: string;
  readonly holds: (value: number) => boolean;
  /** Whether it has to hold after rounding to float32 as well, as kernels compute: 1e-46 becomes 0, 1e39 infinite. */
  readonly float32?: true;
}

/** 0 or more. */
export const AMOUNT: Condition = {
  wanted: "a finite number of 0 or more",
  holds: (value) => Number.isFinite(value) && value >= 0,
  float32: true,
};

/** More than 0. */
export const POSITIVE: Condition = {
  wanted: "a finite number of more than 0",
  holds: (value) => Number.isFinite(value) && value > 0,
  float32: true,
};

/** From 0 up to but not 1. */
export const FRACTION: Condition = {
  wanted: "a number from 0 up to but not 1",
  holds: (value) => value >= 0 && value < 1,
};

/** From 0 to 1. */
export const FACTOR: Condition = {
  wanted: "a number from 0 to 1",
  holds: (value) => value >= 0 && value <= 1,
};

/** A whole number, `least` or more. */
export function wholeFrom(least: number): Condition {
  return {
    wanted: `a whole number of ${least} or more`,
    holds: (value) => Number.isSafeInteger(value) && value >= least,
  };
}

/**
 * @throws {TypeError} If `value` is not a number.
 * @throws {RangeError} If it doesn't meet the condition.
 */
export function requireNumber(
  action: string,
  name: string,
  value: unknown,
  { wanted, holds, float32 }: Condition,
): number {
  if (typeof value !== "number") {
    throw new WrongTypeError(wrong(action, name, wanted, value));
  }
  if (!holds(value)) {
    throw new WrongValueError(wrong(action, name, wanted, value));
  }
  if (float32 && !holds(Math.fround(value))) {
    const rounded = `${wanted} as a float32`;
    throw new WrongValueError(wrong(action, name, rounded, value));
  }
  return value;
}

/**
 * @throws {TypeError} If `value` is not a number.
 * @throws {RangeError} If it is negative, infinite or NaN.
 */
export function requireNonNegative(
  action: string,
  name: string,
  value: unknown,
): number {
  return requireNumber(action, name, value, AMOUNT);
}

/** @throws {TypeError} If `value` is neither true nor false. */
export function requireBoolean(
  action: string,
  name: string,
  value: unknown,
): boolean {
  if (typeof value === "boolean") return value;
  throw new WrongTypeError(wrong(action, name, "true or false", value));
}

/**
 * @throws {TypeError} If `value` is not a string.
 * @throws {RangeError} If it is none of `choices`.
 */
export function requireChoice<T extends string>(
  action: string,
  name: string,
  value: unknown,
  choices: readonly T[],
): T {
  const some = choices.slice(0, MOST_CHOICES).map(quotedName).join(" or ");
  const wanted = choices.length > MOST_CHOICES
    ? `${some} or … (${choices.length} of them)`
    : some;
  if (typeof value !== "string") {
    throw new WrongTypeError(wrong(action, name, wanted, value));
  }
  if (!(choices as readonly string[]).includes(value)) {
    const question = didYouMean(value, choices);
    throw new WrongValueError(wrong(action, name, wanted, value) + question);
  }
  return value as T;
}

/** The end of an error that asks for the choice that was meant: what other libraries call it, or spelled nearly the same. */
export function didYouMean(value: unknown, choices: readonly string[]): string {
  if (typeof value !== "string") return "";
  const key = plain(value);
  const others = Object.hasOwn(CHOICES_OF_OTHERS, key)
    ? CHOICES_OF_OTHERS[key]
    : [];
  const meant = others.find((choice) => choices.includes(choice)) ??
    nearest(value, choices);
  return meant === undefined ? "" : `, did you mean ${quotedName(meant)}?`;
}

/** @throws {RangeError} If two texts are the same. */
export function requireDifferent(
  action: string,
  name: string,
  texts: readonly string[],
): void {
  const before = new Map<string, number>();
  for (const [at, text] of texts.entries()) {
    const first = before.get(text);
    if (first !== undefined) {
      const wanted = `another one than ${name}[${first}]`;
      throw new WrongValueError(
        wrong(action, `${name}[${at}]`, wanted, text),
      );
    }
    before.set(text, at);
  }
}
