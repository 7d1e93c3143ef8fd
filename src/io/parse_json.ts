import { WrongValueError } from "../checks/errors.ts";
import { describe } from "../checks/validate.ts";

/** How deep lists and objects may be nested. Models need six; a recursive walk through much deeper ones overflows the stack. */
export const MAXIMUM_DEPTH = 100;

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
const COLON = ":".charCodeAt(0);
const [LIST, LIST_END] = ["[".charCodeAt(0), "]".charCodeAt(0)];
const [OBJECT, OBJECT_END] = ["{".charCodeAt(0), "}".charCodeAt(0)];

/** The place after the closing quote of the string that starts at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at + 1;
}

/**
 * Calls `visit` with the place and the character code of each bracket and each opening quote, until it returns true. A
 * regular expression finds them: to go through the 22 MB of a model letter by letter took half a second.
 */
function visitStructure(
  text: string,
  visit: (at: number, code: number) => boolean,
): void {
  const structure = /["[\]{}]/g;
  while (structure.test(text)) {
    const at = structure.lastIndex - 1;
    const code = text.charCodeAt(at);
    if (code === QUOTE) structure.lastIndex = endOfString(text, at);
    if (visit(at, code)) return;
  }
}

/** Whether lists and objects are nested deeper than `most`, in text that may not be JSON at all. */
function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  visitStructure(text, (_, code) => {
    if (code === LIST || code === OBJECT) depth++;
    else if (code === LIST_END || code === OBJECT_END) depth--;
    return depth > most;
  });
  return depth > most;
}

/** The first key that an object has twice, in text that JSON.parse() has accepted. */
function findDuplicateKey(text: string): string | undefined {
  const objects: Set<string>[] = [];
  let found: string | undefined;
  visitStructure(text, (at, code) => {
    if (code === OBJECT) objects.push(new Set());
    else if (code === OBJECT_END) objects.pop();
    else if (code === QUOTE) {
      const end = endOfString(text, at);
      let next = end;
      while (" \t\n\r".includes(text[next] ?? "]")) next++;
      if (text.charCodeAt(next) !== COLON) return false;
      const key = JSON.parse(text.slice(at, end)) as string;
      const keys = objects.at(-1)!;
      if (keys.has(key)) found = key;
      keys.add(key);
    }
    return found !== undefined;
  });
  return found;
}

/**
 * Parses JSON, and refuses an object that has a key twice, of which JSON.parse() would take the last.
 *
 * @param name Of the file, for errors.
 * @param what What the text is, for errors: `Cannot read 'FILE' as WHAT must be JSON`.
 * @param most How deep lists and objects may be nested.
 *
 * @throws {RangeError} If it isn't JSON, there is a key twice, or it is nested deeper.
 */
export function parseJson(
  text: string,
  name: string,
  what: string,
  most = MAXIMUM_DEPTH,
): unknown {
  // Before parsing, as the parsed lists would already take the memory.
  if (isDeeperThan(text, most)) {
    throw new WrongValueError(
      `Cannot read '${name}' as ${what} must be nested at most ${most} deep`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WrongValueError(
      `Cannot read '${name}' as ${what} must be JSON: ${
        (cause as Error).message
      }`,
      { cause },
    );
  }
  const key = findDuplicateKey(text);
  if (key !== undefined) {
    throw new WrongValueError(
      `Cannot read '${name}' as ${what} must have each key once: ${
        describe(key)
      } is there twice`,
    );
  }
  return value;
}
