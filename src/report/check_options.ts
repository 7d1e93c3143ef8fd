/** Options of a report are what they should be. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import {
  requireArray,
  requireObject,
  requireString,
  requireStrings,
} from "../checks/json_checks.ts";
import { requireOptions } from "../checks/options.ts";
import { requireInteger, wrong } from "../checks/validate.ts";

const NAMES = ["title", "history", "test", "image", "notes", "facts"];

/**
 * Checks all options but the samples.
 *
 * @param inputs Of the network, which an image must have.
 *
 * @throws {TypeError} If one is unknown or of the wrong type.
 * @throws {RangeError} If an image has another size.
 */
export function requireReportOptions(
  action: string,
  options: object,
  inputs: number,
): void {
  requireOptions(action, options, NAMES);
  const { title, history, image, notes, facts } = options as Record<
    string,
    unknown
  >;
  if (title !== undefined) requireString(action, "title", title);
  if (history !== undefined) {
    const { epochs } = requireObject(action, "history", history);
    requireArray(action, "history.epochs", epochs);
  }
  if (image !== undefined) {
    const { width, height } = requireObject(action, "image", image);
    for (const [name, value] of Object.entries({ width, height })) {
      requireInteger(action, `image.${name}`, value, 1, inputs);
    }
    if (width as number * (height as number) !== inputs) {
      const wanted = `of ${inputs} pixels`;
      throw new WrongValueError(
        wrong(action, "image", wanted, [width, height]),
      );
    }
  }
  if (notes !== undefined) requireStrings(action, "notes", notes);
  if (facts === undefined) return;
  for (
    const [name, value] of Object.entries(requireObject(action, "facts", facts))
  ) {
    if (typeof value === "string" || typeof value === "number") continue;
    const wanted = "text or a number";
    throw new WrongTypeError(wrong(action, `facts['${name}']`, wanted, value));
  }
}
