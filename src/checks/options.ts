/** Objects of options, and what was typed: names that nobody reads are refused, with the one that may have been meant. */

import { WrongTypeError } from "./errors.ts";
import { nearest, plain } from "./nearest.ts";
import { wrong } from "./validate.ts";
import { quotedName } from "./visible.ts";

/** So many names at most are listed where none is near. */
const MOST_LISTED = 8;

/** What other names mean, written in small letters and digits alone: a known name, or a sentence. */
export type Hints = Readonly<Record<string, string>>;

/** `'learning_rate' is no option: did you mean 'learningRate'?` */
export function noOption(
  name: string,
  known: readonly string[],
  hints: Hints = {},
): string {
  const key = plain(name);
  const hint = Object.hasOwn(hints, key) ? hints[key] : undefined;
  const meant = hint === undefined || known.includes(hint)
    ? hint ?? nearest(name, known)
    : undefined;
  const what = `${quotedName(name)} is no option`;
  if (meant !== undefined) return `${what}: did you mean '${meant}'?`;
  if (hint !== undefined) return `${what}: ${hint}`;
  return known.length > MOST_LISTED
    ? what
    : `${what}: there are ${known.map((one) => `'${one}'`).join(", ")}`;
}

/** The names of the options in T: all of them, and no others, as the compiler checks. */
export function namesOf<T>(
  names: Readonly<Record<keyof T, true>>,
): readonly string[] {
  return Object.keys(names);
}

/**
 * Refuses what is no object, or has a field that is no option. What is `undefined` counts as left out.
 *
 * @throws {TypeError} If so.
 */
export function requireOptions(
  action: string,
  options: unknown,
  known: readonly string[],
  hints?: Hints,
): void {
  if (
    typeof options !== "object" || options === null || Array.isArray(options) ||
    // What a map holds are no fields, and neither are a date's or a URL's.
    Symbol.iterator in options || options instanceof Date ||
    options instanceof URL
  ) {
    throw new WrongTypeError(wrong(action, "options", "an object", options));
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    throw new WrongTypeError(
      `Cannot ${action} as ${noOption(name, known, hints)}`,
    );
  }
}
