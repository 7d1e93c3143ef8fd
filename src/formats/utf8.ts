import { WrongValueError } from "../errors.ts";

/**
 * Decodes text that must be UTF-8: another encoding would give wrong letters, and make different words the same.
 *
 * @param name Of the file, for errors.
 *
 * @throws {RangeError} If it isn't, with the line.
 */
export function utf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const text = new TextDecoder().decode(bytes);
    const line = text.slice(0, text.indexOf("\ufffd")).split("\n").length;
    throw new WrongValueError(
      `Cannot read '${name}' as it must be UTF-8: line ${line} is not`,
      { cause },
    );
  }
}
