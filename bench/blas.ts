/**
 * `deno task bench:blas`: what a whole training step keeps of the speed of the BLAS. The three products of a layer of
 * 1024 × 1024 with 500 samples, each worker on its quarter without waiting for anybody, beside epochs of a network with
 * two hidden layers of 1024. The same for machine code, where there is such.
 */
import { Mlp, type Samples } from "../mod.ts";
import { PROVIDERS } from "../src/providers/providers.ts";
import { Arena } from "../src/memory/arena.ts";
import { batchRange } from "../src/step/split.ts";
import { Xoshiro128 } from "../src/units/random.ts";
import type { BareWork } from "./blas/worker.ts";
import { machine } from "./lib/machine.ts";
import { median, spread } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

const WIDTH = 1024;
const BATCH = 500;
const LAYERS = [784, WIDTH, WIDTH, 10];
const SAMPLES = 10_000;
const REPEATS = 20;
const ROUNDS = 5;

const workers = navigator.hardwareConcurrency;
const random = new Xoshiro128(1);

/** Multiply-adds count twice; nothing is propagated to the inputs. */
function epochFlops(): number {
  const weights = LAYERS.slice(1).map((outputs, n) => outputs * LAYERS[n]);
  const all = weights.reduce((sum, count) => sum + count, 0);
  return 2 * SAMPLES * (3 * all - weights[0]);
}

function denseSamples(): Samples {
  const [inputs, outputs] = [LAYERS[0], LAYERS.at(-1)!];
  const x = Float32Array.from(
    { length: SAMPLES * inputs },
    () => random.nextFloat(),
  );
  const y = new Float32Array(SAMPLES * outputs);
  for (let s = 0; s < SAMPLES; s++) y[s * outputs + random.below(outputs)] = 1;
  return { x, y, count: SAMPLES, inputs, outputs };
}

/** Operations a second of the bare products, all workers together. */
async function bareProducts(provider: BareWork["provider"]): Promise<number> {
  const arena = new Arena();
  const [w, a, z, grad] = [WIDTH + 1, BATCH, BATCH, WIDTH + 1].map((columns) =>
    arena.allocateMatrix(WIDTH, columns)
  );
  for (const { offset, ld, columns } of [w, a, z]) {
    const values = arena.floats(offset, ld * columns);
    for (let at = 0; at < values.length; at++) values[at] = random.nextFloat();
  }
  const common = { slot: 0, layer: 1, outputs: WIDTH, inputs: WIDTH };
  const product = { ...common, w: w.offset, ldw: w.ld, packed: w.offset };
  const all = Array.from({ length: workers }, async (_, ith) => {
    const worker = new Worker(new URL("./blas/worker.ts", import.meta.url), {
      type: "module",
    });
    const done = new Promise<number>((resolve, reject) => {
      worker.addEventListener("message", ({ data }) => resolve(data));
      worker.addEventListener("error", reject);
    });
    const layer = { a: a.offset, aStep: 0, lda: a.ld };
    const work: BareWork = {
      provider,
      memory: arena.memory,
      forward: {
        ...{ ...product, ...layer, code: "forward" },
        ...{ z: z.offset, ldz: z.ld },
      },
      delta: {
        ...{ ...product, code: "delta", delta: z.offset, ldd: z.ld },
        ...{ result: a.offset, ldr: a.ld },
      },
      gradient: {
        ...{ ...common, ...layer, code: "gradient" },
        ...{ delta: z.offset, ldd: z.ld, grad: grad.offset, ldg: grad.ld },
      },
      batch: BATCH,
      samples: batchRange(BATCH, workers, ith),
      inputs: batchRange(WIDTH, workers, ith),
      repeats: REPEATS,
    };
    worker.postMessage(work);
    const seconds = await done;
    worker.terminate();
    const share = (work.samples[1] - work.samples[0]) / BATCH * 2 +
      (work.inputs[1] - work.inputs[0]) / WIDTH;
    return 2 * WIDTH * WIDTH * BATCH * share * REPEATS / seconds;
  });
  return (await Promise.all(all)).reduce((sum, rate) => sum + rate);
}

console.log(`${machine()}, ${workers} workers\n`);
const samples = denseSamples();
const rows: string[][] = [];
for (const name of ["native", "blas"] as const) {
  const found = await PROVIDERS[name].find({ layers: LAYERS });
  if (found.words === undefined) {
    console.error(`Cannot measure '${name}' as ${found.reason}`);
    continue;
  }
  const { setup } = found;
  await using mlp = new Mlp({
    preset: "article",
    layers: LAYERS,
    kernels: name,
  });
  const epochs = mlp.fit(samples, { epochs: ROUNDS + 1, learningRate: 1e-5 })
    [Symbol.asyncIterator]();
  await epochs.next();
  const [bare, whole]: number[][] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await bareProducts({ name, setup }) / 1e9);
    const { value } = await epochs.next();
    whole.push(epochFlops() / value!.seconds / 1e9);
  }
  await epochs.return!();
  rows.push([
    found.words,
    spread(bare),
    spread(whole),
    (median(whole) / median(bare)).toFixed(2),
  ]);
}
console.log(table([
  "computed by",
  `GFLOPS of bare products ${WIDTH}×${BATCH}×${WIDTH} (least … most)`,
  `of epochs of ${LAYERS.join("-")}, batch ${BATCH}`,
  "ratio",
], rows));
