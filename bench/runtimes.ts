/**
 * `deno task bench:runtimes`: epochs of the article's network on 60,000 digits in Deno, Node and browsers, all of them in
 * turn in every round, and whether their weights are the same in the end. Node and browsers have the package that
 * `deno task build:npm` makes.
 *
 * Options: `--rounds N` (default: 15), `--samples N` (default: 60,000), `--no-browsers`.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadDataset } from "../mod.ts";
import { BROWSER, Chromium } from "../tests/browser/chromium.ts";
import { FIREFOX, Firefox } from "../tests/browser/firefox.ts";
import { inFolder } from "../tests/in_folder.ts";
import { bundled, servePages } from "../tests/npm/in_page.ts";
import { DENO, install, nodePath, packed, run } from "../tests/npm/package.ts";
import { machine } from "./lib/machine.ts";
import { median, spread } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";
import {
  type Result,
  type Runtime,
  startPage,
  startProgram,
} from "./runtimes/runtime.ts";

const NODES = ["20", "22", "24"];

/** Epochs of each for the compilers to warm up. */
const WARM_UP = 2;

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
async function digits(): Promise<Uint8Array<ArrayBuffer>> {
  const { x, y, inputs, outputs } = (await loadDataset("mnist-60k")).train;
  const pixels = samples * inputs;
  const bytes = new Uint8Array(pixels + samples);
  for (let at = 0; at < pixels; at++) bytes[at] = Math.round(255 * x[at]);
  for (let sample = 0; sample < samples; sample++) {
    const target = y.subarray(sample * outputs, (sample + 1) * outputs);
    bytes[pixels + sample] = target.indexOf(1);
  }
  return bytes;
}

/** Starts all that are here; `add` keeps each until the end. */
async function startAll(
  folder: string,
  add: <T extends AsyncDisposable>(what: T) => T,
): Promise<Runtime[]> {
  const app = join(folder, "app");
  await install(app, await packed(folder));
  for (const name of ["program.js", "page.js", "training.js"]) {
    const from = new URL(`runtimes/${name}`, import.meta.url);
    await Deno.copyFile(fileURLToPath(from), join(app, name));
  }
  const bytes = await digits();
  await Deno.writeFile(join(app, "digits.bin"), bytes);

  const sources = ["program.js", new URL("../mod.ts", import.meta.url).href];
  const name = `Deno ${Deno.version.deno}`;
  const native = [...DENO, "--allow-ffi", ...sources];
  const runtimes: Runtime[] = [
    add(startProgram(name, app, ...DENO, ...sources)),
    add(startProgram(`${name}, machine code`, app, ...native)),
  ];
  for (const version of NODES) {
    const node = await nodePath(app, version);
    const name = `Node ${(await run(app, node, "--version")).slice(1)}`;
    const command = [node, "program.js", "@lockstep/lockstep"];
    runtimes.push(add(startProgram(name, app, ...command)));
  }
  if (!values.browsers) return runtimes;
  const server = add(
    servePages({ ...await bundled(app), "digits.bin": bytes }),
  );
  const url = `http://127.0.0.1:${server.addr.port}/isolated/`;
  for (
    const start of [
      ...(BROWSER === undefined ? [] : [Chromium.start]),
      ...(FIREFOX === undefined ? [] : [Firefox.start]),
    ]
  ) {
    const browser = add(await start(folder));
    runtimes.push(await startPage(browser, url));
  }
  return runtimes;
}

async function bench(folder: string): Promise<void> {
  await using open = new AsyncDisposableStack();
  const runtimes = await startAll(folder, (what) => open.use(what));
  const milliseconds: number[][] = runtimes.map(() => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [at, runtime] of runtimes.entries()) {
      const seconds = await runtime.epoch();
      if (round >= 0) milliseconds[at].push(1000 * seconds);
    }
  }
  const results: Result[] = [];
  for (const runtime of runtimes) results.push(await runtime.result());

  const [{ sha256, workers }] = results;
  console.log(machine());
  console.log(
    `784-70-30-10, ${samples.toLocaleString("en")} digits, batch 500, ` +
      `${workers} workers, ${rounds} rounds\n`,
  );
  console.log(table(
    ["runtime", "ms/epoch (least … most)", "ratio", "weights"],
    runtimes.map(({ name }, at) => [
      name,
      spread(milliseconds[at], 1),
      (median(milliseconds[at]) / median(milliseconds[0])).toFixed(2),
      results[at].sha256 === sha256 ? "the same" : "other last digits",
    ]),
  ));
}

await inFolder(bench);
