/**
 * `deno task bench:correction`: the article's correction of the backward pass. Its steps t1 to t6 for each layer as they
 * were before, and as they are in Lockstep, on one worker and on all, for batches of 500 and 20,000.
 *
 * Both versions compute the same deltas, which is checked first.
 */
import assert from "node:assert/strict";
import { instantiateKernels } from "../src/kernels/wasm.ts";
import { Arena } from "../src/memory/arena.ts";
import {
  type Buffers,
  makeBuffers,
  share,
  STEPS,
  steps,
} from "./correction/steps.ts";
import type { Question } from "./correction/worker.ts";
import { machine } from "./lib/machine.ts";
import { median } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

/** From layer N+1 to layer N: the name, nodes of N, nodes of N+1. */
const LAYERS = [["3 → 2", 30, 10], ["2 → 1", 70, 30]] as const;
const BATCH_SIZES = [500, 20_000];
const REPEATS = 5;

/** What the article gives for 35 epochs, in seconds, before and since. */
const ARTICLE: Record<number, string> = {
  500: "9.6 → 7.5 s",
  20_000: "8.7 → 6.7 s",
};

const workers = Array.from(
  { length: navigator.hardwareConcurrency },
  () =>
    new Worker(new URL("./correction/worker.ts", import.meta.url), {
      type: "module",
    }),
);

function ask(worker: Worker, question: Question): Promise<number[][]> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(event.error ?? new Error(event.message));
    worker.postMessage(question);
  });
}

/** Microseconds of each step: the slowest worker's median. */
async function measure(
  arena: Arena,
  buffers: Buffers,
  nth: number,
  version: Question["version"],
): Promise<number[]> {
  const rounds = buffers.batch > 1000 ? 40 : 1000;
  const { memory } = arena;
  const answers = await Promise.all(
    workers.slice(0, nth).map((worker, ith) =>
      ask(worker, { memory, buffers, ith, nth, version, rounds })
    ),
  );
  return STEPS.map((_, at) =>
    1000 * Math.max(...answers.map((times) => median(times[at])))
  );
}

/** Both versions must give the same deltas. */
function checkBoth(arena: Arena, buffers: Buffers): void {
  const kernels = instantiateKernels(arena.memory);
  const both = steps(arena.memory, kernels, buffers, share(buffers, 0, 1));
  const deltas = [both.before, both.since].map((version) => {
    for (const step of version) step?.();
    return arena.floats(buffers.result, buffers.ldi * buffers.batch).slice();
  });
  for (const [at, value] of deltas[0].entries()) {
    assert.ok(Math.abs(value - deltas[1][at]) < 1e-5);
  }
}

console.log(machine());
for (const batch of BATCH_SIZES) {
  const rows: (string | number)[][] = [];
  for (const [name, inputs, outputs] of LAYERS) {
    for (const nth of new Set([1, workers.length])) {
      const arena = new Arena();
      const kernels = instantiateKernels(arena.memory);
      const buffers = makeBuffers(arena, kernels, inputs, outputs, batch, nth);
      checkBoth(arena, buffers);
      const times = { before: [] as number[][], since: [] as number[][] };
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        for (const version of ["before", "since"] as const) {
          times[version].push(await measure(arena, buffers, nth, version));
        }
      }
      for (const version of ["before", "since"] as const) {
        const each = STEPS.map((_, at) =>
          median(times[version].map((row) => row[at]))
        );
        const sum = each.reduce((total, value) => total + value, 0);
        rows.push([
          name,
          nth,
          version,
          ...each.map((value) => value.toFixed(1)),
          sum.toFixed(1),
        ]);
      }
    }
  }
  console.log(
    `\nbatch ${batch}, µs a step; the article, 35 epochs: ${ARTICLE[batch]}\n`,
  );
  console.log(table(["layers", "workers", "version", ...STEPS, "sum"], rows));
}
for (const worker of workers) worker.terminate();
