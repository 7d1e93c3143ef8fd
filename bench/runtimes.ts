/**
 * `deno task bench:runtimes`: epochs of the article's network on 60,000 digits in Deno, Node and browsers, all of them in
 * turn in every round, each with the same bits in the end. Node and browsers have the package that `deno task build:npm` makes.
 *
 * Options: `--rounds N` (default: 15), `--samples N` (default: 60,000), `--no-browsers`.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadDataset } from "../mod.ts";
import { BROWSER } from "../tests/browser/chromium.ts";
import { inFolder } from "../tests/in_folder.ts";
import { machine } from "./lib/machine.ts";
import { median, spread } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";
import {
  commandText,
  installPackage,
  type Result,
  type Runtime,
  servePage,
  startChromium,
  startProgram,
} from "./runtimes/runtime.ts";

const NODES = ["22", "24"];

const { values } = parseArgs({
  allowNegative: true,
  options: {
    rounds: { type: "string", default: "15" },
    samples: { type: "string", default: "60000" },
    browsers: { type: "boolean", default: true },
  },
});
const rounds = Number(values.rounds);
const samples = Number(values.samples);

/** Pixels as bytes, then classes. */
async function digits(): Promise<Uint8Array> {
  const { train } = await loadDataset("mnist-60k");
  const { x, y, inputs, outputs } = train;
  const pixels = samples * inputs;
  const bytes = new Uint8Array(pixels + samples);
  for (let at = 0; at < pixels; at++) bytes[at] = Math.round(255 * x[at]);
  for (let sample = 0; sample < samples; sample++) {
    const target = y.subarray(sample * outputs, (sample + 1) * outputs);
    bytes[pixels + sample] = target.indexOf(1);
  }
  return bytes;
}

async function bench(folder: string): Promise<void> {
  await Deno.writeFile(join(folder, "digits.bin"), await digits());
  await installPackage(folder);
  const program = join(folder, "program.js");
  const library = new URL("../mod.ts", import.meta.url).href;
  const deno = [
    Deno.execPath(),
    "run",
    "--no-prompt",
    "--no-check",
    "--allow-read",
  ];
  await using open = new AsyncDisposableStack();
  const runtimes: Runtime[] = [];
  const add = (runtime: Runtime) => runtimes.push(open.use(runtime));
  const name = `Deno ${Deno.version.deno}`;
  add(startProgram(name, [...deno, program], folder, library));
  add(
    startProgram(
      `${name}, machine code`,
      [...deno, "--allow-ffi", program],
      folder,
      library,
    ),
  );
  for (const version of NODES) {
    const node = await commandText(
      "npx",
      "-y",
      `node@${version}`,
      "-p",
      "process.execPath",
    );
    const found = await commandText(node, "--version");
    add(
      startProgram(
        `Node ${found.slice(1)}`,
        [node, program],
        folder,
        "@lockstep/lockstep",
      ),
    );
  }
  if (values.browsers && BROWSER !== undefined) {
    const server = open.use(await servePage(folder));
    const url = `http://127.0.0.1:${server.addr.port}/`;
    add(await startChromium(folder, url));
  }

  const seconds: number[][] = runtimes.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, runtime] of runtimes.entries()) {
      const found = await runtime.epoch();
      // The first round is for the compilers to warm up.
      if (round > 0) seconds[at].push(found);
    }
  }
  const results: Result[] = [];
  for (const runtime of runtimes) results.push(await runtime.result());
  const [{ sha256, workers }] = results;
  console.log(`${machine()}`);
  console.log(
    `784-70-30-10, ${samples} digits, batch 500, ${workers} workers, ${rounds} rounds\n`,
  );
  console.log(table(
    ["runtime", "ms/epoch (least … most)", "ratio", "weights"],
    runtimes.map(({ name }, at) => [
      name,
      spread(seconds[at].map((value) => 1000 * value), 1),
      (median(seconds[at]) / median(seconds[0])).toFixed(2),
      results[at].sha256 === sha256 ? "the same" : "others",
    ]),
  ));
}

await inFolder(bench);
