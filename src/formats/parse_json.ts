import { WrongValueError } from "../errors.ts";

/** Where the string that starts at `from` ends, behind its closing quote. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** The first key that an object has twice, in text that JSON.parse() has accepted. */
function findDuplicateKey(text: string): string | undefined {
  const objects: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "{") objects.push(new Set());
    else if (text[at] === "}") objects.pop();
    else if (text[at] === '"') {
      const end = endOfString(text, at);
      let next = end;
      while (" \t\n\r".includes(text[next] ?? "]")) next++;
      if (text[next] === ":") {
        const key = JSON.parse(text.slice(at, end)) as string;
        const keys = objects.at(-1)!;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
}

/**
 * Parses JSON, and refuses an object that has a key twice, of which JSON.parse() would take the last.
 *
 * @param what The text is, in a file, for errors: `Cannot read 'FILE' as WHAT must be JSON`.
 *
 * @throws {RangeError} If it isn't JSON, or there is a key twice.
 */
export function parseJson(text: string, name: string, what: string): unknown {
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
      `Cannot read '${name}' as ${what} must have each key once: '${key}' is there twice`,
    );
  }
  return value;
}
