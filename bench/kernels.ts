/**
 * `deno task bench:kernels`: times the kernels on one core beside the ceiling of that core.
 * With `--kernels native`, for which `--allow-ffi` is needed, those in machine code.
 *
 * All cases run in turn, again and again, as the clock of a machine drifts; the table has the medians.
 */
import { parseArgs } from "node:util";
import {
  gradientScratchBytes,
  leadingDimension,
  packedColumns,
  packedOutputs,
  roundUp,
  TILE_SAMPLES,
} from "../src/kernels/kernels.ts";
import type { ProviderName } from "../src/providers/names.ts";
import { PROVIDERS } from "../src/providers/providers.ts";
import type { NativeSetup } from "../src/kernels/native/open.ts";
import { machine } from "./lib/machine.ts";
import { PEAK_OPERATIONS, runPeak } from "./lib/peak.ts";
import { nativePeak } from "./lib/native_peak.ts";
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
const { values: { kernels: kernelSet } } = parseArgs({
  options: { kernels: { type: "string", default: "wasm" } },
});
const provider = PROVIDERS[kernelSet as ProviderName];
const found = await provider.find({ layers: [784, 70, 30, 10] });
if (found.words === undefined) {
  throw new Error(`Cannot measure '${kernelSet}' as ${found.reason}`);
}
const { kernels, products } = await provider.open(memory, found.setup);

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
  const [ldo, ldi] = [leadingDimension(outputs), leadingDimension(inputs)];
  const capacity = roundUp(batch, TILE_SAMPLES);
  const w = allocate(ldo * (inputs + 1));
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
        products.forward(
          {
            ...{ w, ldw: ldo, packed, outputs, inputs },
            ...{ a, aStep: 0, lda: ldi, z, ldz: ldo },
          },
          ...[0, 0, batch] as const,
        ),
    },
    {
      name: `delta ${shape}`,
      run: () =>
        products.delta(
          {
            ...{ w, ldw: ldo, packed: transposed, outputs, inputs },
            ...{ delta, ldd: ldo, result, ldr: ldi },
          },
          ...[0, batch] as const,
        ),
    },
    {
      name: `gradient ${shape}`,
      run: () =>
        products.gradient(
          {
            ...{ delta, ldd: ldo, outputs, grad, ldg: ldo },
            ...{ a, aStep: 0, lda: ldi },
          },
          ...[{ start: 0, size: batch }, 0, inputs, scratch] as const,
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

const peak = kernelSet === "native"
  ? nativePeak((found.setup as NativeSetup).level)
  : { run: runPeak, operations: PEAK_OPERATIONS };
const reference: Case = { name: "peak", ...peak, times: [] };
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

console.log(`${machine()}; ${found.words}`);
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
