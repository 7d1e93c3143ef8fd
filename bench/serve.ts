/**
 * `deno task bench:serve`: requests a second, and how long they take, of `deno task serve` and of a plain server with ONNX
 * Runtime, on the same network of digits, in turn: alone, and from many at once.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Mlp } from "../mod.ts";
import { machine } from "./lib/machine.ts";
import { median } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

const INPUTS = 784;
const ROUNDS = 5;
const SECONDS = Number(Deno.args[0] ?? 3);
/** Requests that are under way at a time, and rows of each. */
const LOADS = [[1, 1], [32, 1], [4, 100]] as const;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Starts a server, and returns its address. */
async function start(args: readonly string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-read", "--allow-net=127.0.0.1", ...args],
    stdout: "piped",
  }).spawn();
  let text = "";
  for await (
    const part of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    text += part;
    const address = /http:\S+\/(?=\s|")/.exec(text)?.[0];
    if (address !== undefined) return { child, address };
  }
  throw new Error(`The server has ended: ${text}`);
}

/** Milliseconds of each request, under so many at a time. */
async function load(
  url: string,
  body: string,
  atOnce: number,
): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + 1000 * SECONDS;
  const headers = { "content-type": "application/json" };
  const loop = async () => {
    while (performance.now() < end) {
      const before = performance.now();
      const response = await fetch(url, { method: "POST", headers, body });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`Status ${response.status}`);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return times.sort((one, other) => one - other);
}

const folder = await Deno.makeTempDir();
const path = join(folder, "digits.onnx");
await new Mlp({ layers: [INPUTS, 70, 30, 10] }).save(path);
const servers = [
  await start([here("../src/cli/serve.ts"), "--model", path, "--port", "0"]),
  await start([here("serve/plain_server.ts"), path]),
];
const urls = [`${servers[0].address}predict`, servers[1].address];
console.log(machine());
const rows: string[][] = [];
try {
  for (const [atOnce, count] of LOADS) {
    // Pixels of a digit, most of them 0.
    const row = Array.from(
      { length: INPUTS },
      (_, at) => at % 5 === 0 ? Number((at % 97 / 97).toFixed(3)) : 0,
    );
    const body = JSON.stringify({ rows: Array(count).fill(row) });
    const found = urls.map(() => ({
      rate: [] as number[],
      p99: [] as number[],
    }));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [at, url] of urls.entries()) {
        const times = await load(url, body, atOnce);
        if (round === 0) continue;
        found[at].rate.push(times.length / SECONDS);
        found[at].p99.push(times[Math.floor(0.99 * times.length)]);
      }
    }
    rows.push([
      `${atOnce}`,
      `${count}`,
      ...found.flatMap(({ rate, p99 }) => [
        median(rate).toFixed(0),
        `${median(p99).toFixed(2)} ms`,
      ]),
    ]);
  }
} finally {
  for (const { child } of servers) child.kill();
  await Deno.remove(folder, { recursive: true });
}
console.log(table(
  ["at once", "rows", "Lockstep / s", "p99", "ONNX Runtime / s", "p99"],
  rows,
));
Deno.exit();
