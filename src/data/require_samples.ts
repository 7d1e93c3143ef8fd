import { WrongTypeError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { Samples, SparseSamples } from "./dataset.ts";

/** How samples are made of a table. */
const OF_TABLE =
  "samples: write await encoder.samples(table), with a TableEncoder";

/** How samples are made of arrays. */
const MADE =
  "as samplesFrom({ x, y }) or samplesFrom({ x, labels }) makes them";

function hasAll(value: object, ...names: string[]): boolean {
  return names.every((name) => name in value);
}

/** What to write instead of a value that isn't samples. */
function wantedFor(value: unknown): string {
  if (typeof value !== "object" || value === null) return `samples, ${MADE}`;
  const has = (...names: string[]) => hasAll(value, ...names);
  if (value instanceof Promise) return "samples: write await before them";
  if (has("train", "test")) return "a part of the dataset: its train or test";
  if (has("x", "labels")) return "samples: write samplesFrom({ x, labels })";
  if (has("x", "y")) return "samples: write samplesFrom({ x, y })";
  if (has("rows", "columns")) return OF_TABLE;
  return `samples, ${MADE}`;
}

/**
 * Refuses what isn't samples, and says what to write. Lengths and values are looked at elsewhere.
 *
 * @param wanted What else may be given.
 *
 * @throws {TypeError} If `value` isn't an object with inputs, targets and how many they are.
 */
export function requireSamples(
  action: string,
  name: string,
  value: unknown,
  wanted = "",
): asserts value is Samples | SparseSamples {
  if (
    typeof value === "object" && value !== null &&
    hasAll(value, "x", "y", "count", "inputs", "outputs")
  ) return;
  throw new WrongTypeError(
    wrong(action, name, `${wantedFor(value)}${wanted}`, value),
  );
}

/**
 * Refuses what has inputs in it, but is none, and says what to write. Everything else is looked at elsewhere.
 *
 * @throws {TypeError} If `value` is samples, a table or a promise.
 */
export function requireInputs(action: string, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const wanted = value instanceof Promise
    ? "inputs: write await before them"
    : hasAll(value, "x")
    ? "the inputs alone: write .x"
    : hasAll(value, "rows", "columns")
    ? "inputs: make the network with an encoder, or write await encoder.inputs(table)"
    : undefined;
  if (wanted === undefined) return;
  throw new WrongTypeError(wrong(action, "x", wanted, value));
}
