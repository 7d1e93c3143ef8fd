/** What a checkpoint says of the samples: how many, their checksum, and in which orders they come. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import {
  requireArray,
  requireKnownFields,
  requireObject,
} from "../checks/json_checks.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import type { Tensor } from "../models/safetensors.ts";
import { requireXoshiroState, type Xoshiro128State } from "../units/random.ts";
import type { PartProgress, Progress } from "./progress.ts";

/** Takes the order of the samples, and checks that each is there once. */
export function orderOf(
  left: Map<string, Tensor>,
  samples: number,
  action: string,
): Int32Array<ArrayBuffer> {
  const found = left.get("order");
  if (found?.dtype !== "I32" || `${found.shape}` !== `${samples}`) {
    const shown = found && `${found.dtype} of [${found.shape.join(", ")}]`;
    const wanted = `I32 of shape [${samples}]`;
    throw new WrongValueError(wrong(action, "order", wanted, shown));
  }
  left.delete("order");
  const order = found.data as Int32Array<ArrayBuffer>;
  // As many as the file holds, so that its size is a limit.
  const seen = new Uint8Array(order.length);
  for (const [at, sample] of order.entries()) {
    // Out of bounds is undefined.
    if (seen[sample]++ === 0) continue;
    const wanted = `a number from 0 to ${samples - 1} that is there once`;
    throw new WrongValueError(wrong(action, `order[${at}]`, wanted, sample));
  }
  return order;
}

/** What is known of the samples: of those of all ranks where each has its own, and then of the first rank's. */
export function samplesOf(
  action: string,
  fields: Record<string, unknown>,
): Pick<Progress, "samples" | "data" | "shuffles" | "parts"> {
  if (fields.parts === undefined) {
    const { samples, data, state } = factsOf(action, "", fields, "shuffles");
    return { samples, data, shuffles: state };
  }
  for (const name of ["samples", "data", "shuffles"]) {
    if (fields[name] === undefined) continue;
    const wanted = "left out where there are parts";
    throw new WrongValueError(wrong(action, name, wanted, fields[name]));
  }
  const all = requireArray(action, "parts", fields.parts);
  if (all.length === 0) {
    throw new WrongValueError(wrong(action, "parts.length", "1 or more", 0));
  }
  const parts = all.map((value, rank): PartProgress => {
    const path = `parts[${rank}]`;
    const part = requireObject(action, path, value);
    requireKnownFields(action, path, part, ["samples", "data", "start"]);
    const found = factsOf(action, `${path}.`, part, "start");
    return { samples: found.samples, data: found.data, start: found.state };
  });
  const [{ samples, data, start }] = parts;
  return { samples, data, shuffles: start, parts };
}

/** Checks what is known of some samples, with the state of a generator. */
function factsOf(
  action: string,
  path: string,
  { samples, data, ...others }: Record<string, unknown>,
  generator: "shuffles" | "start",
): { samples: number; data: string; state: Xoshiro128State } {
  requireInteger(action, `${path}samples`, samples, 0, Infinity);
  if (typeof data !== "string" || !/^[0-9a-f]{8}$/.test(data)) {
    const Wrong = typeof data === "string" ? WrongValueError : WrongTypeError;
    throw new Wrong(wrong(action, `${path}data`, "8 digits in hex", data));
  }
  const state = others[generator];
  requireXoshiroState(action, `${path}${generator}`, state);
  return { samples: samples as number, data, state };
}
