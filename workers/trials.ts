/** The entry of a thread that trains small networks by itself, one after another. */
import { isMistake } from "../src/checks/errors.ts";
import type { Part } from "../src/choosing/candidate.ts";
import {
  type FromTrials,
  runTrial,
  type ToTrials,
} from "../src/choosing/trial.ts";
import { setPools } from "../src/pool/make_pool.ts";
import { workerPort } from "../src/runtime/worker_port.ts";
import { OwnPool } from "../src/pool/own_pool.ts";

let parts: readonly Part[] = [];

const main = workerPort<ToTrials, FromTrials>();

setPools((options) => new OwnPool(options));

async function answer(
  { part, candidate }: ToTrials & { readonly type: "train" },
): Promise<FromTrials> {
  try {
    return { type: "done", done: await runTrial(parts[part], candidate) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const { message, stack } = error;
    return { type: "failed", mistake: isMistake(error), message, stack };
  }
}

main.onMessage(async (data) => {
  if (data.type === "parts") parts = data.parts;
  else main.post(await answer(data));
});
