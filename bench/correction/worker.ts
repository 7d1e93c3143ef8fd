/** Runs single steps on its share, and answers with the milliseconds that each took. */
import { instantiateKernels } from "../../src/kernels/wasm.ts";
import { type Buffers, share, steps } from "./steps.ts";

/** What the worker is asked: which steps, on what, and how often. */
export interface Question {
  readonly memory: WebAssembly.Memory;
  readonly buffers: Buffers;
  readonly ith: number;
  readonly nth: number;
  readonly version: "before" | "since";
  readonly rounds: number;
}

const port = self as unknown as Pick<
  Worker,
  "postMessage" | "addEventListener"
>;

port.addEventListener("message", ({ data }: MessageEvent<Question>) => {
  const { memory, buffers, ith, nth } = data;
  const kernels = instantiateKernels(memory);
  const own = share(buffers, ith, nth);
  const all = steps(memory, kernels, buffers, own)[data.version];
  const times = all.map(() => [] as number[]);
  for (let round = 0; round < data.rounds; round++) {
    for (const [at, step] of all.entries()) {
      const before = performance.now();
      step?.();
      times[at].push(step === undefined ? 0 : performance.now() - before);
    }
  }
  port.postMessage(times);
});
