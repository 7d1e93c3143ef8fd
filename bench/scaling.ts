/**
 * `deno task bench:scaling`: seconds of an epoch for 1 worker up to one for each core, for several batch sizes and
 * widths; speed-up and efficiency; and where the time goes that is lost. Writes `bench/results/scaling.csv` and `.svg`.
 *
 * Options: `--kernels` (default: auto), `--workers N,N`, `--hidden N,N` for one width alone.
 *
 * The rounds go over all worker counts in turn, so that a machine whose clock drifts slows all of them.
 */
import { parseArgs } from "node:util";
import Papa from "papaparse";
import {
  type Dataset,
  type KernelSetName,
  loadDataset,
  Mlp,
  type Timing,
} from "../mod.ts";
import { machine } from "./lib/machine.ts";
import { lineChart } from "./lib/chart.ts";
import { median } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

const numbers = (text: string) => text.split(",").map(Number);
const { values: options } = parseArgs({
  options: {
    kernels: { type: "string", default: "auto" },
    workers: { type: "string" },
    hidden: { type: "string" },
  },
});
const kernels = options.kernels as KernelSetName;
const counts = options.workers === undefined
  ? Array.from({ length: navigator.hardwareConcurrency }, (_, at) => at + 1)
  : numbers(options.workers);
const WIDTHS = options.hidden === undefined
  ? [[70, 30], [512, 512], [1024, 1024]]
  : [numbers(options.hidden)];
const BATCH_SIZES = [32, 128, 500, 2_000, 20_000];
const ROUNDS = 3;

/** Samples of an epoch: fewer where a network is wide, so that the whole run takes minutes. */
function samplesOf(hidden: readonly number[], batchSize: number): number {
  if (hidden[0] > 100) return Math.max(batchSize, 4_000);
  return batchSize > 2_000 ? 40_000 : 20_000;
}

/** One row of the result. */
interface Row {
  hidden: string;
  batchSize: number;
  workers: number;
  seconds: number;
  speedup: number;
  efficiency: number;
  barrierShare: number;
  betweenOpsShare: number;
}

/** The first `count` training samples. */
function head({ train }: Dataset, count: number) {
  return {
    ...train,
    count,
    x: train.x.subarray(0, count * train.inputs),
    y: train.y.subarray(0, count * train.outputs),
  };
}

/** Part of the workers' time that ops of `part` took. */
function share(timings: readonly Timing[], part: Timing["part"]): number {
  const sum = (rows: readonly Timing[]) =>
    rows.reduce((total, { milliseconds }) => total + milliseconds, 0);
  return sum(timings.filter((timing) => timing.part === part)) / sum(timings);
}

async function measure(
  data: Dataset,
  hidden: readonly number[],
  batchSize: number,
  counts: readonly number[],
): Promise<Row[]> {
  const samples = head(data, samplesOf(hidden, batchSize));
  const layers = [samples.inputs, ...hidden, samples.outputs];
  await using stack = new AsyncDisposableStack();
  const runs = counts.map((workers) => {
    const mlp = stack.use(
      new Mlp({ preset: "article", layers, workers, kernels }),
    );
    return {
      workers,
      epochs: mlp.fit(samples, {
        batchSize,
        learningRate: 1e-5,
        epochs: ROUNDS + 1,
        timings: true,
      })[Symbol.asyncIterator](),
      seconds: [] as number[],
      timings: [] as readonly Timing[],
    };
  });
  for (let round = 0; round <= ROUNDS; round++) {
    for (const run of runs) {
      const { value } = await run.epochs.next();
      // The first round is for the compilers to warm up.
      if (round > 0) {
        run.seconds.push(value!.seconds);
        run.timings = value!.timings!;
      }
    }
  }
  const one = median(runs[0].seconds);
  return runs.map(({ workers, seconds, timings }) => ({
    hidden: hidden.join("-"),
    batchSize,
    workers,
    seconds: median(seconds),
    speedup: one / median(seconds),
    efficiency: one / median(seconds) / workers,
    barrierShare: share(timings, "barrier"),
    betweenOpsShare: share(timings, "other"),
  }));
}

console.log(`${machine()}\n`);
const data = await loadDataset("mnist-60k");
const rows: Row[] = [];
for (const hidden of WIDTHS) {
  for (const batchSize of BATCH_SIZES) {
    rows.push(...await measure(data, hidden, batchSize, counts));
  }
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
console.log(table(
  [
    "hidden",
    "batch",
    "workers",
    "s/epoch",
    "speed-up",
    "efficiency",
    "at barriers",
    "between ops",
  ],
  rows.map((row) => [
    row.hidden,
    row.batchSize,
    row.workers,
    row.seconds.toFixed(4),
    row.speedup.toFixed(2),
    percent(row.efficiency),
    percent(row.barrierShare),
    percent(row.betweenOpsShare),
  ]),
));

const folder = new URL("./results/", import.meta.url);
await Deno.mkdir(folder, { recursive: true });
await Deno.writeTextFile(
  new URL("scaling.csv", folder),
  `${Papa.unparse(rows, { newline: "\n" })}\n`,
);
await Deno.writeTextFile(
  new URL("scaling.svg", folder),
  lineChart({
    title: "Speed-up over one worker",
    x: "workers",
    y: "speed-up",
    lines: WIDTHS.flatMap((hidden) =>
      BATCH_SIZES.map((batchSize) => ({
        name: `${hidden.join("-")}, batch ${batchSize}`,
        points: rows.filter((row) =>
          row.hidden === hidden.join("-") && row.batchSize === batchSize
        ).map((row): [number, number] => [row.workers, row.speedup]),
      }))
    ),
  }),
);
