import fc from "fast-check";
import assert from "node:assert/strict";
import { SPARSE_INPUTS } from "../../src/kernels/kernels.ts";
import { instantiateKernels } from "../../src/kernels/wasm.ts";
import { kernelProducts } from "../../src/kernels/products.ts";
import { Arena } from "../../src/memory/arena.ts";
import { runOp } from "../../src/plan/ops.ts";
import { loadSparse } from "../../src/samples/load_sparse.ts";
import { loadTransposed } from "../../src/samples/load_transposed.ts";
import {
  type DataLayout,
  layOutData,
  type SparseLayout,
} from "../../src/step/data_layout.ts";
import { layOutBatch, layOutWeights } from "../../src/step/layout.ts";
import { gradientOps } from "../../src/step/ops/gradient.ts";
import { shardsOfRank } from "../../src/step/shards.ts";
import { batchRange } from "../../src/step/split.ts";
import { isWorthTransposing } from "../../src/step/transposed.ts";
import { Slots } from "../../src/step/timing_slots.ts";
import { trainSettings } from "../../src/training/options/train_settings.ts";
import { Xoshiro128 } from "../../src/units/random.ts";

const SHAPES = fc.record({
  inputs: fc.integer({ min: 1, max: 110 }),
  nodes: fc.constantFrom(1, 8, 30, 41, 70),
  samples: fc.integer({ min: 1, max: 400 }),
  batches: fc.constantFrom(1, 2, 3),
  shards: fc.constantFrom(1, 2, 4),
  density: fc.constantFrom(0.1, 0.4, 1),
  stripSamples: fc.constantFrom(7, 96, Infinity),
  seed: fc.nat(),
  cut: fc.nat(),
}).filter(({ samples, batches }) => samples >= batches);

const arena = new Arena();
const empty = arena.mark();
const kernels = instantiateKernels(arena.memory);
const products = kernelProducts(kernels);

Deno.test("the gradient from inputs that lie input by input has the bits of that from samples, in any pieces and epochs", async () => {
  let transposed = 0;
  await fc.assert(
    fc.asyncProperty(SHAPES, async (shape) => {
      arena.release(empty);
      const { inputs, nodes, samples, batches, stripSamples } = shape;
      const parts = { shards: shardsOfRank(shape.shards, 1, 0), unit: 6 };
      const random = new Xoshiro128(shape.seed % 1000);
      const x = Float32Array.from(
        { length: samples * inputs },
        () => random.nextFloat() < shape.density ? random.nextFloat() - 0.5 : 0,
      );
      const entries = x.filter((value) => value !== 0).length;
      const layers = [inputs, nodes];
      const weights = layOutWeights(arena, layers);
      const order = Int32Array.from({ length: samples }, (_, s) => s);
      random.shuffle(order);
      const layOut = async (again: boolean): Promise<DataLayout> => {
        const data = layOutData(arena, {
          ...{ inputs, outputs: nodes, samples, batches, shards: 1, entries },
          ...{ inOrder: true, weighted: false },
          ...(again ? { transposed: { nodes, stripSamples, parts } } : {}),
        });
        const sparse = data.x as SparseLayout;
        const { ld } = weights[0].w;
        const source = { x, count: samples, inputs };
        await loadSparse(source, { entries }, arena, sparse, ld, order);
        await loadTransposed(arena, sparse, inputs, samples, batches);
        for (let s = 0; s < samples; s++) {
          arena.integers(data.indices, samples)[s] = s;
        }
        return data;
      };
      const gradient = (data: DataLayout) => {
        const network = {
          ...{ layers, activations: [], output: "sigmoid" } as const,
          task: "classes" as const,
          loss: "binaryCrossEntropy" as const,
        };
        const size = Math.ceil(samples / batches);
        const training = trainSettings({ batchSize: size }, {
          ...{ samples, layers, validated: false },
        });
        const batch = layOutBatch(arena, network, size, {
          ...{ data, dropout: [], trainable: training.trainable },
        });
        const noise = new Xoshiro128(5);
        const delta = arena.matrix(batch.delta[1]);
        delta.fromPacked(
          Float32Array.from(
            { length: nodes * batch.capacity },
            () => noise.nextFloat() - 0.5,
          ),
        );
        const sparse = data.x as SparseLayout;
        const buffers = {
          ...{ network, weights, batch, data, training, sparse },
          slots: new Slots(),
        };
        const { shards, unit } = parts;
        const ops = Array.from({ length: shards.count }, (_, shard) => {
          const { first, parts } = shards;
          const grads = [weights[0].grad];
          const target = { shard, first, parts, unit, ith: shard, grads };
          const [op] = gradientOps(
            buffers,
            0,
            shards.count === 1 ? undefined : target,
          );
          return op;
        });
        return (index: number, shard: number, from: number, to: number) => {
          const [start, end] = batchRange(samples, batches, index);
          const op = ops[shard];
          runOp(
            {
              ...{ memory: arena.memory, kernels, products },
              ...{ inputs: undefined, scratch: 0, vector: 0 },
            },
            op,
            {
              ...{ start, size: end - start, index, step: 1 },
              ...{
                total: end - start,
                learningRate: 1,
                seed: 1,
              },
            },
            from,
            to,
          );
        };
      };
      const before = gradient(await layOut(false));
      const data = await layOut(true);
      if (!("transposed" in data.x)) return;
      transposed++;
      const now = gradient(data);
      const units = Math.ceil(inputs / SPARSE_INPUTS);
      const middle = Math.min(shape.cut % units * SPARSE_INPUTS, inputs);
      const grad = arena.matrix(weights[0].grad);
      for (let epoch = 0; epoch < 2; epoch++) {
        for (let step = 0; step < batches * shape.shards; step++) {
          const shard = step % shape.shards;
          const index = (step - shard) / shape.shards;
          before(index, shard, 0, inputs);
          const expected = grad.values.slice();
          grad.values.fill(NaN);
          // The later inputs first, and in the second epoch all at once.
          if (epoch === 0) now(index, shard, middle, inputs);
          now(index, shard, 0, epoch === 0 ? middle : inputs);
          if (epoch === 0 && middle === 0) now(index, shard, 0, inputs);
          assert.deepEqual(bits(grad.values), bits(expected));
        }
      }
    }),
    { seed: 7, numRuns: 150 },
  );
  assert.ok(transposed > 80, `${transposed} of 150`);
});

function bits(values: Float32Array): Int32Array {
  return Int32Array.from(new Int32Array(values.slice().buffer));
}

Deno.test("inputs are transposed where a batch has some entries of each, and memory isn't wasted", () => {
  const shape = { inputs: 784, nodes: 70, samples: 60_000, stripSamples: 96 };
  const is = (batches: number, entries: number, shards = 1) =>
    isWorthTransposing({
      ...{ ...shape, batches, entries },
      parts: { shards: shardsOfRank(shards, 1, 0), unit: 6 },
    });
  assert.equal(is(120, 9_000_000), true);
  assert.equal(is(120, 9_000_000, 16), true);
  assert.equal(is(120, 9_000_000, 32), false);
  assert.equal(is(2_000, 9_000_000), true);
  assert.equal(is(3_750, 9_000_000), false);
  assert.equal(is(120, 2 ** 26), true);
  assert.equal(is(120, 2 ** 26 + 1), false);
});
