/**
 * `deno task bench:peers`: the article's network on the 60,000 digits, by Lockstep and by the alternatives, one after
 * another in every round. Each has to reach the accuracy that Lockstep reaches with as many epochs and samples.
 * Writes `bench/results/peers.svg`.
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

/** Epochs of a run; the first warms up and is not counted. */
const EPOCHS = 5;

/** A peer may miss Lockstep's accuracy by so much: initial weights and order of samples are its own. */
const TOLERANCE = 0.03;

const DIGITS = 60_000;
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
const threads = [...new Set([1, cores])];

const ENVIRONMENT = ["--allow-read", "--allow-env"];
const FAST: Peer[] = [
  ...threads.map(lockstep),
  ...threads.map((count) => python("NumPy", "numpy_mlp.py", count)),
];
const OTHERS: Peer[] = [
  ...threads.map((count) => python("PyTorch", "pytorch_mlp.py", count)),
  python("scikit-learn", "sklearn_mlp.py", cores),
];
const SLOW: Peer[] = [
  npm(
    "TensorFlow.js, wasm",
    "tfjs_mlp.ts",
    ENVIRONMENT,
    12_000,
    "--backend",
    "wasm",
  ),
  npm("jax-js, wasm", "jaxjs_mlp.ts", ENVIRONMENT, 12_000),
  npm(
    "TensorFlow.js, cpu",
    "tfjs_mlp.ts",
    ENVIRONMENT,
    3_000,
    "--backend",
    "cpu",
  ),
  npm(
    "brain.js",
    "brainjs_mlp.ts",
    ENVIRONMENT,
    3_000,
    "--learning-rate",
    "0.05",
  ),
];
const peers = values.standardize
  ? FAST
  : [...FAST, ...OTHERS, ...(values.fast ? [] : SLOW)];

const settings = [
  ...["--data", fileURLToPath(await mnist60kFolder())],
  ...["--hidden", values.hidden, "--batch-size", `${batchSize}`],
  ...["--epochs", `${EPOCHS}`, "--learning-rate", `${0.5 / batchSize}`],
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
    if (round > 0 && (peer.samples !== undefined || !runs.has(peer))) continue;
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

/** Seconds for 60,000 samples, of all epochs but each run's first. */
function seconds(peer: Peer): number[] {
  const factor = DIGITS / (peer.samples ?? DIGITS);
  return runs.get(peer)!.flatMap((run) =>
    run.seconds.slice(1).map((value) => value * factor)
  );
}

const [own] = FAST.filter(({ name }) => name === lockstep(cores).name);
const ownSeconds = median(seconds(own));
const expected = new Map<number | undefined, number>();
const rows: (string | number)[][] = [];
const bars: { name: string; value: number }[] = [];
for (const [peer, [first]] of runs) {
  if (!expected.has(peer.samples)) {
    const reference = peer.samples === undefined
      ? runs.get(own)![0]
      : await runPeer({ ...own, samples: peer.samples }, settings);
    expected.set(peer.samples, reference.testAccuracy);
  }
  const wanted = expected.get(peer.samples)!;
  const valid = first.testAccuracy > wanted - TOLERANCE;
  const value = median(seconds(peer));
  rows.push([
    peer.name,
    first.version,
    spread(seconds(peer)),
    (value / ownSeconds).toFixed(2),
    first.testAccuracy.toFixed(3),
    wanted.toFixed(3),
    valid ? `${peer.samples ?? DIGITS}` : "does not count: accuracy",
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
    "Lockstep's",
    "samples",
  ],
  rows,
));

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
