import { isMistake } from "../checks/errors.ts";

/**
 * Makes sure that what is to be written can be read again: it must not take the place of an older file that can.
 *
 * @param name Of the file, for errors.
 * @param read Reads it as from the file, and throws if it isn't right.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or a length doesn't fit.
 */
export function requireReadable(name: string, read: () => void): void {
  try {
    read();
  } catch (cause) {
    if (!isMistake(cause)) throw cause;
    const Kind = cause.constructor as ErrorConstructor;
    throw new Kind(
      `Cannot write '${name}' as it could not be read again: ${cause.message}`,
      { cause },
    );
  }
}
