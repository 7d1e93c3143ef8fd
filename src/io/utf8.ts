import { WrongValueError } from "../checks/errors.ts";

/** The longest string of the runtime, in UTF-16 units. Text never has more of them than it has bytes in UTF-8. */
const MOST_BYTES = 2 ** 29 - 24;

/** Bytes that are checked together when the wrong line is looked for. */
const PART_BYTES = 1 << 16;

const LINE_END = "\n".charCodeAt(0);

/**
 * Decodes text that must be UTF-8. Other encodings are refused: they would give wrong letters, and different words would
 * become the same.
 *
 * @param name Of the file, for errors.
 *
 * @throws {RangeError} If it isn't UTF-8, naming the line, or is longer than a string can be.
 */
export function utf8(bytes: Uint8Array, name: string): string {
  if (bytes.length > MOST_BYTES) {
    throw new WrongValueError(
      `Cannot read '${name}' as its length must be ${MOST_BYTES} bytes or less, being one text: current value is ${bytes.length}`,
    );
  }
  try {
    return decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw notUtf8(bytes, name, cause);
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** An error that names the first line that isn't UTF-8; the bytes may be more than a string can hold. */
function notUtf8(
  bytes: Uint8Array,
  name: string,
  cause: unknown,
): WrongValueError {
  /** The end of the line that `at` is in. In UTF-8, a byte of 10 is always a line end. */
  const endAfter = (at: number) =>
    bytes.indexOf(LINE_END, at) + 1 || bytes.length;
  let [line, from] = [1, 0];
  for (let length = PART_BYTES; from < bytes.length;) {
    const to = endAfter(from + length - 1);
    const part = bytes.subarray(from, to);
    if (isUtf8(part)) {
      for (const byte of part) if (byte === LINE_END) line++;
      from = to;
    } // The wrong line is in this part: look again, line by line.
    else if (length > 1) length = 1;
    else break;
  }
  return new WrongValueError(
    `Cannot read '${name}' as it must be UTF-8: line ${line} is not`,
    { cause },
  );
}
