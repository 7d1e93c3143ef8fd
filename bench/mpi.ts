/**
 * `deno task bench:mpi`: an epoch of the article's network by 1, 2 and 4 ranks on this machine, by as many workers of one
 * process, and by PyTorch's DistributedDataParallel, in turn. `--ranks 1,2`, `--rounds 3`, `--epochs 8`, `--batch-size 500`,
 * `--mpirun mpirun.mpich`.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { mnist60kFolder } from "../src/data/mnist.ts";
import { machine } from "./lib/machine.ts";
import {
  lockstep,
  type Peer,
  PeerMissing,
  python,
  runPeer,
} from "./lib/peer.ts";
import { median, spread } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

const string = (value: string) => ({ type: "string", default: value }) as const;
const { values } = parseArgs({
  options: {
    ranks: string("1,2,4"),
    rounds: string("3"),
    epochs: string("8"),
    "batch-size": string("500"),
    mpirun: string("mpirun"),
  },
});
const counts = values.ranks.split(",").map(Number);

/** As root, and with more ranks than cores, Open MPI wants to be asked twice. */
const OPEN_MPI = ["--allow-run-as-root", "--oversubscribe"];

async function starter(ranks: number): Promise<string[]> {
  const { stdout } = await new Deno.Command(values.mpirun, {
    args: ["--version"],
  }).output();
  const openMpi = new TextDecoder().decode(stdout).includes("Open MPI");
  return [values.mpirun, ...(openMpi ? OPEN_MPI : []), "-n", `${ranks}`];
}

async function overMpi(ranks: number): Promise<Peer> {
  const { command } = lockstep(1, "native");
  return {
    name: `Lockstep, ${ranks} ranks of 1 worker`,
    command: [...await starter(ranks), ...command],
    own: ["--backend", "native", "--mpi"],
  };
}

const peers: Peer[] = [];
for (const count of counts) {
  peers.push(lockstep(count, "native"), await overMpi(count));
  peers.push({
    ...python("PyTorch DDP with gloo", "pytorch_ddp.py", 1),
    name: `PyTorch DDP with gloo, ${count} processes`,
    own: ["--ranks", `${count}`],
  });
}
const settings = [
  ...["--data", fileURLToPath(await mnist60kFolder())],
  ...["--batch-size", values["batch-size"], "--epochs", values.epochs],
];
console.log(
  `${machine()}\n784-70-30-10, 60,000 digits, batch ${values["batch-size"]}\n`,
);
const seconds = new Map<string, number[]>();
const missing = new Map<string, string>();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const peer of peers) {
    if (missing.has(peer.name)) continue;
    try {
      const run = await runPeer(peer, settings);
      // The first epoch warms up.
      seconds.set(peer.name, [
        ...(seconds.get(peer.name) ?? []),
        ...run.seconds.slice(1),
      ]);
    } catch (error) {
      if (!(error instanceof PeerMissing)) throw error;
      missing.set(peer.name, error.message);
    }
  }
}
const best = Math.min(...[...seconds.values()].map((all) => median(all)));
console.log(table(
  ["program", "s/epoch (least … most)", "to the best"],
  [...seconds].map(([name, all]) => [
    name,
    spread(all),
    (median(all) / best).toFixed(2),
  ]),
));
for (const [name, reason] of missing) console.log(`${name}: ${reason}`);
