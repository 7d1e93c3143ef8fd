/** Checks of parsed JSON, worded as those in `src/checks/validate.ts`. */
import { WrongTypeError, WrongValueError } from "./errors.ts";
import { wrong } from "./validate.ts";

/** @throws {TypeError} If `value` is not an object, or is an array. */
export function requireObject(
  action: string,
  name: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WrongTypeError(wrong(action, name, "an object", value));
  }
  return value as Record<string, unknown>;
}

/** @throws {RangeError} If there is a field that isn't in `known`; fields that are `undefined` don't count. */
export function requireKnownFields(
  action: string,
  name: string,
  fields: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined && !known.includes(field)) {
      throw new WrongValueError(
        wrong(action, `each field of ${name}`, known.join(" or "), field),
      );
    }
  }
}

/** @throws {TypeError} If `value` is not an array. */
export function requireArray(
  action: string,
  name: string,
  value: unknown,
  wanted = "an array",
): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new WrongTypeError(wrong(action, name, wanted, value));
  }
  return value;
}

/** @throws {TypeError} If `value` is not an array of strings. */
export function requireStrings(
  action: string,
  name: string,
  value: unknown,
): readonly string[] {
  const list = requireArray(action, name, value, "an array of strings");
  return list.map((item, at) => requireString(action, `${name}[${at}]`, item));
}

/** @throws {TypeError} If `value` is not a string. */
export function requireString(
  action: string,
  name: string,
  value: unknown,
): string {
  if (typeof value !== "string") {
    throw new WrongTypeError(wrong(action, name, "a string", value));
  }
  return value;
}

/**
 * @throws {TypeError} If `value` is not an array of numbers.
 * @throws {RangeError} If one of them isn't finite as a float32.
 */
export function requireFloats(
  action: string,
  name: string,
  value: unknown,
): readonly number[] {
  return requireArray(action, name, value).map((item, at) => {
    if (typeof item !== "number") {
      throw new WrongTypeError(
        wrong(action, `${name}[${at}]`, "a finite number", item),
      );
    }
    if (!Number.isFinite(Math.fround(item))) {
      throw new WrongValueError(
        wrong(action, `${name}[${at}]`, "finite as a float32", item),
      );
    }
    return item;
  });
}

/** @throws {RangeError} If the array called `name` has the length `found` rather than `wanted`. */
export function requireLength(
  action: string,
  name: string,
  found: number,
  wanted: number,
  reason: string,
): void {
  if (found !== wanted) {
    throw new WrongValueError(
      wrong(action, `${name}.length`, `${wanted} for ${reason}`, found),
    );
  }
}

/** @throws {TypeError} If `value` is neither a number nor null. */
export function numberOrNull(
  action: string,
  name: string,
  value: unknown,
): number | null {
  if (value === null || typeof value === "number") return value;
  throw new WrongTypeError(wrong(action, name, "a number or null", value));
}
