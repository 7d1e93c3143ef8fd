/**
 * Text of others in messages, notes and tables: names, cells, keys, values. A terminal would obey some of it, turn the line
 * around, or begin another one, so it is shown as what it is; and what is long is cut, with its length told.
 */

/** The longest value that is shown as a whole. */
const VALUE_LENGTH = 200;

/** The longest name of something. */
const NAME_LENGTH = 100;

/** The longest message: what others wrote should be short by then, so that it is a limit for what was forgotten. */
const MESSAGE_LENGTH = 2000;

/** How deep arrays within arrays are shown. */
const DEPTH = 3;

/**
 * Controls, marks of direction and other characters without a shape, separators of lines, halves of surrogate pairs. The two
 * joiners stay: words of some languages are written with them, and emoji.
 */
const UNSAFE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]--[\u200c\u200d]]/gv;

const SHORT: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * Text in which nothing is left that a terminal obeys or hides: `\x1b`, `\u202e`. Text that is made visible twice is the same.
 *
 * @example
 * ```ts
 * import { visible } from "./visible.ts";
 *
 * console.log(visible("red: \x1b[31m")); // red: \x1b[31m
 * ```
 */
export function visible(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0)!;
    const digits = code.toString(16);
    if (code < 0x100) {
      return SHORT[character] ?? `\\x${digits.padStart(2, "0")}`;
    }
    return code < 0x1_0000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
  });
}

/** JSON in which such characters are escapes, which mean the same. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""));
}

/** The first part of a text, not ending in half a character, and what tells of the rest. */
function cut(text: string, most: number): [shown: string, rest: string] {
  if (text.length <= most) return [visible(text), ""];
  const whole = text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  return [`${visible(whole)}…`, ` (${text.length} characters)`];
}

/** A name, for a table or a list. */
export function visibleName(name: string): string {
  return cut(name, NAME_LENGTH).join("");
}

/** A name in quotes, for a sentence. */
export function quotedName(name: string): string {
  const [shown, rest] = cut(name, NAME_LENGTH);
  return `'${shown}'${rest}`;
}

/** A message, for a person. */
export function visibleMessage(message: string): string {
  return cut(message, MESSAGE_LENGTH).join("");
}

/** A value as errors show it. */
export function describe(value: unknown): string {
  return describeWithin(value, DEPTH);
}

function describeWithin(value: unknown, depth: number): string {
  if (typeof value === "string") {
    const [shown, rest] = cut(value, VALUE_LENGTH);
    return `'${shown}'${rest}`;
  }
  if (value === null) return "null";
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return describeList(value, depth);
  if (typeof value !== "object") {
    return cut(String(value), VALUE_LENGTH).join("");
  }
  // Not `value.constructor`: parsed JSON may have a field of that name.
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "object";
}

function describeList(values: readonly unknown[], depth: number): string {
  if (values.length === 0) return "[]";
  if (depth === 0) return "[…]";
  let text = "";
  for (const [at, value] of values.entries()) {
    const part = describeWithin(value, depth - 1);
    if (at > 0 && text.length + part.length > VALUE_LENGTH) {
      return `[${text}, …] (${values.length} values)`;
    }
    text += at === 0 ? part : `, ${part}`;
  }
  return `[${text}]`;
}
