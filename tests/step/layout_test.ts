import { ONE_SHARD } from "../../src/step/shards.ts";
import { ONE_RANK } from "../../src/step/ranks.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { Allocator, Arena } from "../../src/memory/arena.ts";
import { inferencePlan } from "../../src/plan/inference_plan.ts";
import { trainingPlan } from "../../src/plan/training_plan.ts";
import { layOutData } from "../../src/step/data_layout.ts";
import { layOutBatch, layOutWeights } from "../../src/step/layout.ts";
import type { Network } from "../../src/step/network.ts";
import { trainSettings } from "../../src/training/options/train_settings.ts";

const size = fc.integer({ min: 1, max: 90 });
const PAGE = 65_536;

const SHAPES = fc.record({
  layers: fc.array(size, { minLength: 2, maxLength: 5 }),
  batchSize: size,
  batches: fc.integer({ min: 1, max: 9 }),
  entries: fc.option(fc.nat(5_000), { nil: undefined }),
  hasModes: fc.boolean(),
  inOrder: fc.boolean(),
  stripSamples: fc.constantFrom(7, 96, Infinity),
  weighted: fc.boolean(),
  workers: fc.integer({ min: 1, max: 5 }),
  blas: fc.boolean(),
  dropout: fc.constantFrom(0, 0.5),
  /** What is in use before, so that nothing starts on a cache line. */
  before: fc.nat(200),
});

type Shape = typeof SHAPES extends fc.Arbitrary<infer T> ? T : never;

/** Allocates all that a network, a training of it and a prediction need. */
function layOut(arena: Allocator, shape: Shape) {
  const { layers, batchSize, batches, workers, blas } = shape;
  const dropout = layers.length === 2 ? 0 : shape.dropout;
  const network = {
    layers,
    activations: layers.slice(2).map(() => "gelu" as const),
    task: "labels",
    output: "sigmoid",
    loss: "binaryCrossEntropy",
  } as const;
  const samples = batchSize * batches;
  const settings = trainSettings({ batchSize, dropout }, {
    ...{ samples, layers, validated: false },
  });
  const weights = layOutWeights(arena, layers);
  const ranks = ONE_RANK;
  const context = { arena, network, workers, weights, blas, ranks };
  const [inputs, outputs] = [layers[0], layers.at(-1)!];
  const { entries, stripSamples, ...rest } = shape;
  const data = layOutData(arena, {
    ...{ ...rest, inputs, outputs, samples, shards: 1 },
    ...(entries === undefined ? {} : { entries }),
    transposed: {
      ...{ nodes: layers[1], stripSamples },
      parts: { shards: ONE_SHARD, unit: 6 },
    },
  });
  const batch = layOutBatch(arena, network, batchSize, {
    ...{ data, dropout: settings.dropout, trainable: settings.trainable },
  });
  trainingPlan(context, settings, batch, data);
  const asked = layOutBatch(arena, network, batchSize);
  inferencePlan(context, asked, { losses: true, load: false, logits: false });
}

Deno.test("what a network, its training and its predictions take is counted to the byte", () => {
  const arena = new Arena();
  const empty = arena.mark();
  fc.assert(
    fc.property(SHAPES, (shape) => {
      arena.release(empty);
      arena.allocate(shape.before);
      const had = arena.memory.buffer.byteLength;
      const counter = new Allocator(arena.bytes);
      layOut(counter, shape);
      arena.layOut("the test's buffers", (arena) => layOut(arena, shape));
      assert.equal(arena.bytes, counter.bytes);
      // All of it was there from the beginning, and no page more.
      const pages = Math.ceil(counter.bytes / PAGE);
      assert.equal(
        arena.memory.buffer.byteLength,
        Math.max(had, pages * PAGE),
      );
    }),
    { seed: 4, numRuns: 300 },
  );
});

Deno.test("below the first layer that learns there is no room for deltas", () => {
  const layers = [3, 40, 50, 2];
  const arena = new Arena();
  const network: Network = {
    ...{ layers, activations: ["relu", "relu"], task: "numbers" },
    ...{ output: "linear", loss: "halfSquaredError" },
  };
  const samples = 20;
  const data = layOutData(arena, {
    ...{ inputs: 3, outputs: 2, samples, batches: 1, shards: 1 },
    ...{ inOrder: false, weighted: false },
  });
  const weights = layOutWeights(arena, layers);
  for (
    const [trainable, wanted] of [
      [[true, false, true], [0, 1, 1, 1]],
      [[false, true, false], [0, 0, 1, 1]],
      [[false, false, true], [0, 0, 0, 1]],
    ] as const
  ) {
    const settings = trainSettings({ trainable }, {
      ...{ samples, layers, validated: false },
    });
    const { dropout } = settings;
    const batch = layOutBatch(arena, network, samples, {
      ...{ data, dropout, trainable },
    });
    const rooms = batch.delta.map(({ columns }) => Math.sign(columns));
    assert.deepEqual(rooms, wanted);
    const context = { arena, network, weights, blas: false, ranks: ONE_RANK };
    trainingPlan({ ...context, workers: 1 }, settings, batch, data);
  }
});
