/**
 * `deno task bench:peers`: the article's network on the 60,000 digits, by Lockstep and by the alternatives, one after
 * another in every round. Each has to reach the accuracy that Lockstep reaches in as many epochs.
 * Without options that leave programs out, writes `bench/results/peers-N.svg` for batches of N.
 *
 * Options: `--batch-size N` (default: 500), `--rounds N` (default: 3), `--hidden N,N` (default: 70,30),
 * `--standardize` (Lockstep and NumPy alone), `--fast` (without those that take minutes).
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { mnist60kFolder } from "../src/data/mnist.ts";
import { barChart } from "./lib/chart.ts";
import { machine } from "./lib/machine.ts";
import {
  lockstep,
  npm,
  type Peer,
  PeerMissing,
  type PeerRun,
  python,
  runPeer,
} from "./lib/peer.ts";
import { median, spread } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

/** From here on a batch is large: it takes many epochs to learn anything from so few steps. */
const LARGE_BATCH = 5_000;

const cores = navigator.hardwareConcurrency;

const { values } = parseArgs({
  options: {
    "batch-size": { type: "string", default: "500" },
    rounds: { type: "string", default: "3" },
    hidden: { type: "string", default: "70,30" },
    standardize: { type: "boolean", default: false },
    fast: { type: "boolean", default: false },
  },
});
const batchSize = Number(values["batch-size"]);
/** Epochs of a run; the first warms up and is not counted. */
const epochs = batchSize < LARGE_BATCH ? 5 : 35;
/** The article's rates. */
const learningRate = batchSize < LARGE_BATCH ? 0.001 : 0.0001;
/**
 * A peer may miss Lockstep's accuracy by so much, as initial weights and order of samples are its own. After 35 epochs of
 * 3 large batches all are still at the steepest part of their way, from 0.55 to 0.67 by their seed.
 */
const tolerance = batchSize < LARGE_BATCH ? 0.03 : 0.1;
const threads = [...new Set([1, cores])];

const FAST: Peer[] = [
  ...threads.map((count) => lockstep(count)),
  ...threads.map((count) => lockstep(count, "native")),
  lockstep(cores, "dense"),
  lockstep(cores, "BLAS"),
  ...threads.map((count) => python("NumPy", "numpy_mlp.py", count)),
];
const OTHERS: Peer[] = [
  ...threads.map((count) => python("PyTorch", "pytorch_mlp.py", count)),
  python("scikit-learn", "sklearn_mlp.py", cores),
];
const SLOW: Peer[] = [
  npm("TensorFlow.js, wasm", "tfjs_mlp.ts", false, "--backend", "wasm"),
  npm("jax-js, wasm", "jaxjs_mlp.ts", false),
  npm("TensorFlow.js, cpu", "tfjs_mlp.ts", true, "--backend", "cpu"),
  // At the others' rate it learns nothing: it averages where they sum.
  npm("brain.js", "brainjs_mlp.ts", true, "--learning-rate", "0.05"),
];
const peers = values.standardize
  ? FAST
  : [...FAST, ...OTHERS, ...(values.fast ? [] : SLOW)];

const settings = [
  ...["--data", fileURLToPath(await mnist60kFolder())],
  ...["--hidden", values.hidden, "--batch-size", `${batchSize}`],
  ...["--epochs", `${epochs}`, "--learning-rate", `${learningRate}`],
  ...(values.standardize ? ["--standardize"] : []),
];

console.log(machine());
console.log(
  `784-${values.hidden.replaceAll(",", "-")}-10, batch ${batchSize}\n`,
);

/** Runs by peer; none where it is missing. */
const runs = new Map<Peer, PeerRun[]>();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const peer of peers) {
    if (round > 0 && (peer.slow === true || !runs.has(peer))) continue;
    try {
      runs.set(peer, [
        ...(runs.get(peer) ?? []),
        await runPeer(peer, settings),
      ]);
    } catch (error) {
      if (!(error instanceof PeerMissing)) throw error;
      console.log(`${peer.name} is left out: ${error.message}`);
    }
  }
}

/** Seconds of all epochs but each run's first. */
function seconds(peer: Peer): number[] {
  return runs.get(peer)!.flatMap((run) => run.seconds.slice(1));
}

const [own] = FAST.filter(({ name }) => name === lockstep(cores).name);
const ownSeconds = median(seconds(own));
const wanted = runs.get(own)![0].testAccuracy - tolerance;
const rows: (string | number)[][] = [];
const bars: { name: string; value: number }[] = [];
for (const [peer, [first]] of runs) {
  const valid = first.testAccuracy > wanted;
  const value = median(seconds(peer));
  rows.push([
    peer.name,
    first.version,
    spread(seconds(peer)),
    (value / ownSeconds).toFixed(2),
    first.testAccuracy.toFixed(3),
    valid ? "yes" : "no: accuracy",
  ]);
  if (valid) {
    bars.push({ name: peer.name, value: Number(value.toPrecision(3)) });
  }
}
console.log(table(
  [
    "program",
    "version",
    "s/epoch (least … most)",
    "ratio",
    "accuracy",
    "counts",
  ],
  rows,
));

// The chart is of the whole comparison, not of a part of it.
const whole = !values.fast && !values.standardize && values.hidden === "70,30";
if (whole) {
  const folder = new URL("./results/", import.meta.url);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    new URL(`peers-${batchSize}.svg`, folder),
    barChart({
      title:
        `Seconds for an epoch of 60,000 digits, batch ${batchSize} (${machine()})`,
      unit: "seconds, logarithmic",
      bars: bars.toSorted((a, b) => a.value - b.value),
    }),
  );
}
