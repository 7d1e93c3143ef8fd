/** Refuses unknown names of options, and says which one may have been meant. */

import { WrongTypeError } from "./errors.ts";
import { nearest, plain } from "./nearest.ts";
import { wrong } from "./validate.ts";
import { quotedName } from "./visible.ts";

/** Most known names that are listed where none is near. */
const MOST_LISTED = 8;

/** What names of other libraries mean: a known name, or a sentence. The names are written as by {@linkcode plain}. */
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

/** The names of all options in T. The compiler checks that none is missing, and that there are no others. */
export function namesOf<T>(
  names: Readonly<Record<keyof T, true>>,
): readonly string[] {
  return Object.keys(names);
}

/**
 * Checks an object of options. A field that is `undefined` counts as left out.
 *
 * @throws {TypeError} If `options` isn't a plain object, or has a field that is no option.
 */
export function requireOptions(
  action: string,
  options: unknown,
  known: readonly string[],
  hints?: Hints,
): void {
  if (
    typeof options !== "object" || options === null || Array.isArray(options) ||
    // The contents of maps, dates and URLs are not in fields, and would be ignored.
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
