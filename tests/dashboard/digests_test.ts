/** What pages are told, in numbers. */
import assert from "node:assert/strict";
import { BatchLosses } from "../../src/dashboard/batch_losses.ts";
import {
  histogramOf,
  idleNodes,
  spansDigest,
} from "../../src/dashboard/digests.ts";
import { View } from "../../src/dashboard/view.ts";

Deno.test("histograms count all that is finite; nodes are dead or saturated by their samples", () => {
  const values = Float32Array.from({ length: 401 }, (_, at) => at / 10);
  const { least, greatest, counts } = histogramOf(values);
  assert.deepEqual([least, greatest, counts.length], [0, 40, 40]);
  assert.deepEqual(counts.slice(-2), [10, 11]);
  assert.deepEqual(histogramOf(Float32Array.of(2, NaN, 2, Infinity)), {
    ...{ least: 2, greatest: 2, counts: [2] },
  });
  // Three nodes, two samples.
  const some = Float32Array.of(0, 0.01, 0.5, 0, 0.99, 0.5);
  assert.deepEqual(idleNodes(some, 3, "sigmoid"), {
    ...{ dead: 1 / 3, saturated: 1 / 3 },
  });
  assert.deepEqual(idleNodes(some, 3, "relu"), { dead: 1 / 3 });
});

Deno.test("losses of batches are those of all snapshots once, by their numbers; many become means", () => {
  const all = new BatchLosses();
  const add = (epoch: number, batch: number, ...losses: number[]) =>
    all.add({
      ...{ epoch, batch, batches: 4, spans: [] },
      losses: Float64Array.from(losses),
    });
  add(1, 2, 8, 7);
  add(1, 3, 8, 7, 6);
  add(2, 0, 8, 7, 6, 5);
  add(2, 0, 8, 7, 6, 5);
  add(2, 1, 4);
  assert.deepEqual(all.since(0, 10), [[1, 2, 3, 4, 5], [8, 7, 6, 5, 4]]);
  assert.deepEqual(all.since(3, 10), [[4, 5], [5, 4]]);
  assert.deepEqual(all.since(0, 3), [[2, 4, 5], [7.5, 5.5, 4]]);
});

Deno.test("spans are numbered by the layer to which weights lead, in microseconds", () => {
  const span = { worker: 0, step: 7, part: "backward" } as const;
  const spans = [
    { ...span, name: "gradient", layer: 0, begin: 5, end: 5.25 },
    { ...span, name: "delta", layer: 1, begin: 5.25, end: 5.5 },
    { ...span, worker: 1, name: "gradient", layer: 0, begin: 5.125, end: 6 },
  ];
  assert.deepEqual(spansDigest(spans), {
    ops: [
      { part: "backward", name: "gradient", layer: 1 },
      { part: "backward", name: "delta", layer: 1 },
    ],
    workers: [[0, 0, 250, 7, 1, 250, 500, 7], [0, 125, 1000, 7]],
  });
});

Deno.test("a page is told once what is new; a new one gets a course of 5,000 epochs in few points, the last among them", () => {
  const view = new View();
  const old = view.news();
  const event = (epoch: number) => ({
    ...{ epoch, seconds: 1, learningRate: 0.1, loss: 1 / epoch },
    lastBatch: { cost: 1, regularizationFraction: 0 },
  });
  view.addEpoch(event(1));
  assert.equal(JSON.parse(old()!).epochs.length, 1);
  assert.equal(old(), undefined);
  for (let epoch = 2; epoch <= 5_000; epoch++) view.addEpoch(event(epoch));
  const { epochs } = JSON.parse(view.news()()!);
  assert.ok(epochs.length > 1_000 && epochs.length <= 2_000);
  assert.equal(epochs.at(-1).epoch, 5_000);
});
