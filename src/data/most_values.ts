import { WrongValueError } from "../checks/errors.ts";

/** Most values of one array: as float32 they take 4 GiB, all that a training can share. */
export const MOST_VALUES = 2 ** 30;

/**
 * Looks how much room an array takes before it is made: else there is either none, or none left for anybody.
 *
 * @param sizes Of its dimensions.
 *
 * @throws {RangeError} If that is more than {@linkcode MOST_VALUES}.
 */
export function requireFewValues(
  action: string,
  name: string,
  ...sizes: readonly number[]
): void {
  if (sizes.reduce((all, size) => all * size, 1) <= MOST_VALUES) return;
  throw new WrongValueError(
    `Cannot ${action} as '${name}' must be of ${MOST_VALUES} values or less: current value is ${
      sizes.join(" × ")
    }`,
  );
}
