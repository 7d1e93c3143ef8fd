/**
 * `deno task bench:kernels`: times the kernels on one core beside the ceiling of that core.
 * All cases run in turn, again and again, as the clock of a machine drifts; the table has the medians.
 */
import {
  gradientScratchBytes,
  packedColumns,
  packedOutputs,
  PANEL,
  roundUp,
  TILE_SAMPLES,
} from "../src/kernels/kernels.ts";
import { instantiateKernels } from "../src/kernels/wasm.ts";
import { machine } from "./lib/machine.ts";
import { PEAK_OPERATIONS, runPeak } from "./lib/peak.ts";
import { median } from "./lib/statistics.ts";

const ROUNDS = 40;
const WARM_UP_ROUNDS = 10;

interface Case {
  readonly name: string;
  /** Floating-point operations; 0 for what isn't compared with the peak. */
  readonly operations: number;
  readonly run: () => void;
  readonly times: number[];
}

const memory = new WebAssembly.Memory({
  initial: 1024,
  maximum: 65_536,
  shared: true,
});
const kernels = instantiateKernels(memory);

let next = 1024;

/** Room for `count` floats between -1 and 1, 64-byte aligned. */
function allocate(count: number): number {
  const offset = next;
  next = roundUp(next + 4 * count, 64);
  const values = new Float32Array(memory.buffer, offset, count);
  for (let n = 0; n < count; n++) values[n] = Math.sin(n);
  return offset;
}

/** The three products of a layer. */
function productCases(outputs: number, inputs: number, batch: number): Case[] {
  const [ldo, ldi] = [roundUp(outputs, PANEL), roundUp(inputs, PANEL)];
  const capacity = roundUp(batch, TILE_SAMPLES);
  const packed = allocate(ldo * packedColumns(inputs));
  const transposed = allocate(ldi * packedOutputs(outputs));
  const [a, result] = [allocate(ldi * capacity), allocate(ldi * capacity)];
  const [z, delta] = [allocate(ldo * capacity), allocate(ldo * capacity)];
  const grad = allocate(ldo * (inputs + 1));
  const scratch = allocate(gradientScratchBytes(outputs) / 4);
  const shape = `${outputs}×${batch}×${inputs}`;
  const operations = 2 * outputs * inputs * batch;
  return [
    {
      name: `forward ${shape}`,
      run: () =>
        kernels.forwardProduct(
          ...[packed, outputs, inputs, a, ldi, z, ldo, 0, batch] as const,
        ),
    },
    {
      name: `delta ${shape}`,
      run: () =>
        kernels.deltaProduct(
          ...[transposed, outputs, inputs, delta, ldo] as const,
          ...[result, ldi, 0, batch] as const,
        ),
    },
    {
      name: `gradient ${shape}`,
      run: () =>
        kernels.gradientProduct(
          ...[delta, ldo, outputs, a, ldi, grad, ldo] as const,
          ...[0, inputs, batch, scratch] as const,
        ),
    },
  ].map((part) => ({ ...part, operations, times: [] }));
}

/** An activation of `count` values. */
function activationCase(name: "sigmoid" | "tanh", count: number): Case {
  const [z, a] = [allocate(count), allocate(count)];
  const run = () => kernels[name](z, a, count);
  return { name: `${name} ${count}`, operations: 0, run, times: [] };
}

/** Milliseconds of one call. */
function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

const reference: Case = {
  name: "peak",
  operations: PEAK_OPERATIONS,
  run: runPeak,
  times: [],
};
const cases = [
  reference,
  ...productCases(70, 784, 500),
  ...productCases(30, 70, 500),
  ...productCases(10, 30, 500),
  ...productCases(1024, 1024, 512),
  activationCase("sigmoid", 35_000),
  activationCase("tanh", 35_000),
];

for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
  for (const { run, times } of cases) {
    const elapsed = time(run);
    if (round >= WARM_UP_ROUNDS) times.push(elapsed);
  }
}

console.log(machine());
const speed = ({ operations, times }: Case) => operations / median(times) / 1e6;
console.log(
  "kernel (outputs×batch×inputs)        ms    GFLOPS   % of peak   best %",
);
for (const part of cases) {
  const share = 100 * speed(part) / speed(reference);
  const best = 100 * part.operations / Math.min(...part.times) / 1e6 /
    speed(reference);
  console.log(
    part.name.padEnd(30) + median(part.times).toFixed(4).padStart(10) +
      (part.operations === 0
        ? ""
        : speed(part).toFixed(1).padStart(10) + share.toFixed(0).padStart(12) +
          best.toFixed(0).padStart(9)),
  );
}
