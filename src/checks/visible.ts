/**
 * Makes text from files and callers fit to be shown: names, cells, keys, values. A terminal would obey some characters, turn
 * the line around at others, or begin a new one, so those are shown as escapes; long text is cut, and its length shown.
 */

/** Most characters of a value that are shown. */
const VALUE_LENGTH = 200;

/** Most characters of a name that are shown. */
const NAME_LENGTH = 100;

/** Most characters of a message. Names and values in it are cut before; this is for those that were forgotten. */
const MESSAGE_LENGTH = 2000;

/** How many levels of nested arrays are shown. */
const DEPTH = 3;

/**
 * Control characters, marks of direction and other invisible characters, line separators, lone surrogates. The two joiners
 * U+200C and U+200D stay: some languages and emoji are written with them.
 */
const UNSAFE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]--[\u200c\u200d]]/gv;

const SHORT: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * Text in which characters that a terminal obeys or hides are escapes, such as `\x1b` or `\u202e`. To do this twice changes
 * nothing more.
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

/** JSON in which such characters are JSON escapes, so that it parses to the same value. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""));
}

/** The beginning of a text, which doesn't end in half a surrogate pair, and its length in words if it was cut. */
function cut(text: string, most: number): [shown: string, rest: string] {
  if (text.length <= most) return [visible(text), ""];
  const whole = text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  return [`${visible(whole)}…`, ` (${text.length} characters)`];
}

/** A name as tables and lists show it. */
export function visibleName(name: string): string {
  return cut(name, NAME_LENGTH).join("");
}

/** A name in quotes, as sentences show it. */
export function quotedName(name: string): string {
  const [shown, rest] = cut(name, NAME_LENGTH);
  return `'${shown}'${rest}`;
}

/** A message as people see it. */
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
    const text = typeof value === "bigint" ? `${value}n` : String(value);
    return cut(text, VALUE_LENGTH).join("");
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
