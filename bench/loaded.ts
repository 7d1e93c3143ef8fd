/**
 * `deno task bench:loaded`: the same epoch while other processes keep 1, 2 and all cores busy, by Lockstep and by NumPy,
 * in turn. The slow-down is against the same program on the idle machine.
 */
import { fileURLToPath } from "node:url";
import { mnist60kFolder } from "../src/data/mnist.ts";
import { machine } from "./lib/machine.ts";
import { lockstep, type Peer, python, runPeer } from "./lib/peer.ts";
import { median, spread } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

const EPOCHS = 6;
const ROUNDS = 3;
const cores = navigator.hardwareConcurrency;

const PEERS: readonly Peer[] = [
  lockstep(cores),
  python("NumPy", "numpy_mlp.py", cores),
  python("NumPy", "numpy_mlp.py", 1),
];
const settings = [
  ...["--data", fileURLToPath(await mnist60kFolder())],
  ...["--batch-size", "500", "--epochs", `${EPOCHS}`],
];

/** Runs `use` while `count` processes do nothing but compute. */
async function underLoad<T>(count: number, use: () => Promise<T>): Promise<T> {
  const busy = Array.from(
    { length: count },
    () =>
      new Deno.Command(Deno.execPath(), {
        args: ["eval", "while (true);"],
        stdout: "null",
        stderr: "null",
      }).spawn(),
  );
  try {
    return await use();
  } finally {
    for (const process of busy) process.kill();
    await Promise.all(busy.map((process) => process.status));
  }
}

console.log(`${machine()}\n784-70-30-10, 60,000 digits, batch 500\n`);
const loads = [...new Set([0, 1, 2, cores])];
const seconds = new Map<string, number[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const load of loads) {
    for (const peer of PEERS) {
      const run = await underLoad(load, () => runPeer(peer, settings));
      const key = `${peer.name}/${load}`;
      // The first epoch warms up.
      seconds.set(key, [...(seconds.get(key) ?? []), ...run.seconds.slice(1)]);
    }
  }
}
console.log(table(
  ["program", "busy processes", "s/epoch (least … most)", "slow-down"],
  PEERS.flatMap(({ name }) =>
    loads.map((load) => {
      const own = seconds.get(`${name}/${load}`)!;
      const idle = median(seconds.get(`${name}/0`)!);
      return [name, load, spread(own), (median(own) / idle).toFixed(2)];
    })
  ),
));
