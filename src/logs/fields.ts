/** What is known of an epoch as names and values, one level deep: `validation.loss` is the loss of `validation`. */
import type { EpochEvent } from "../history/events.ts";

/** A value of a log: numbers, or text such as which kernels ran. */
export type Value = number | string;

/** All that is known of an epoch, by name. Times of ops are `timings.forward.product.1`: part, name and layer. */
export function fieldsOf(epoch: EpochEvent): Map<string, Value> {
  const { timings, ...others } = epoch;
  const found = new Map<string, Value>();
  add(others, "", found);
  for (const { part, name, layer, milliseconds } of timings ?? []) {
    found.set(`timings.${part}.${name}.${layer}`, milliseconds);
  }
  return found;
}

function add(
  fields: object,
  prefix: string,
  found: Map<string, Value>,
): void {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "number" || typeof value === "string") {
      found.set(prefix + name, value);
    } else if (typeof value === "object" && value !== null) {
      add(value, `${prefix}${name}.`, found);
    }
  }
}
