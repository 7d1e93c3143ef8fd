/** Checks of what a caller passed, with the same wording everywhere: action, value wanted, value found. */

import { WrongTypeError, WrongValueError } from "./errors.ts";
import { describe, quotedName } from "./visible.ts";

export { describe };

/** Choices that are told of: columns of a table may be thousands. */
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
    : `${least} or more`;
  if (typeof value !== "number") {
    throw new WrongTypeError(
      wrong(action, name, `a whole number ${range}`, value),
    );
  }
  if (!Number.isSafeInteger(value)) {
    throw new WrongValueError(
      wrong(action, name, `a whole number ${range}`, value),
    );
  }
  if (value < least || value > most) {
    throw new WrongValueError(wrong(action, name, range, value));
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
  const wanted = "a finite number of 0 or more";
  if (typeof value !== "number") {
    throw new WrongTypeError(wrong(action, name, wanted, value));
  }
  if (!Number.isFinite(value) || value < 0) {
    throw new WrongValueError(wrong(action, name, wanted, value));
  }
  return value;
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
    throw new WrongValueError(wrong(action, name, wanted, value));
  }
  return value as T;
}

/** @throws {RangeError} If a text is there twice. */
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
