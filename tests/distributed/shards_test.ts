import assert from "node:assert/strict";
import fc from "fast-check";
import { Mlp } from "../../mod.ts";
import {
  additionsOf,
  shardRange,
  shardsOfRank,
  subtrees,
} from "../../src/step/shards.ts";
import { Slots } from "../../src/step/timing_slots.ts";
import { samples, train, TRAININGS } from "./trainings.ts";

const count = fc.integer({ min: 0, max: 6 }).map((power) => 2 ** power);

Deno.test("shards are whole units, side by side, and make up the batch", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      count,
      fc.constantFrom(6, 66, 126),
      (size, count, unit) => {
        let end = 0;
        for (let shard = 0; shard < count; shard++) {
          const [from, to] = shardRange(
            ...[size, { first: 0, parts: count }, shard, unit] as const,
          );
          assert.equal(from, end);
          assert.ok(from % unit === 0 || from === size);
          assert.ok(to >= from);
          end = to;
        }
        assert.equal(end, size);
      },
    ),
    { seed: 31 },
  );
});

/** The tree as text: "((0+1)+(2+3))". */
function treeOf(from: number, to: number): string {
  if (to - from === 1) return `${from}`;
  const middle = (from + to) / 2;
  return `(${treeOf(from, middle)}+${treeOf(middle, to)})`;
}

Deno.test("any number of ranks adds up the shards in the same tree", () => {
  fc.assert(
    fc.property(count, fc.integer({ min: 1, max: 64 }), (count, ranks) => {
      fc.pre(ranks <= count);
      const sums = new Map<number, string>();
      const add = ([to, of]: readonly [number, number]) => {
        sums.set(to, `(${sums.get(to)}+${sums.get(of)})`);
      };
      const roots = new Set<number>();
      for (let rank = 0; rank < ranks; rank++) {
        const own = shardsOfRank(count, ranks, rank);
        for (let n = own.from; n < own.to; n++) sums.set(n, `${n}`);
        const trees = subtrees(own, count);
        trees.additions.forEach(add);
        trees.roots.forEach((root) => roots.add(root));
      }
      additionsOf(0, count, roots).forEach(add);
      assert.equal(sums.get(0), treeOf(0, count));
    }),
    { seed: 32, numRuns: 300 },
  );
});

Deno.test("shards give the same bits for any number of workers, near those of whole batches", async () => {
  const [first, dense] = TRAININGS;
  // Of two or three units of samples from batch to batch, so that the shards without any are others each time.
  const training = { ...dense.training, dropout: 0, batchSize: 13, shards: 8 };
  const uneven = { ...dense, training };
  for (const each of [first, dense, TRAININGS[2], uneven]) {
    const [one, three] = [
      await train({ ...each, network: { ...each.network, workers: 1 } }),
      await train({ ...each, network: { ...each.network, workers: 3 } }),
    ];
    assert.deepEqual(three, one);
    const whole = await train({
      ...each,
      training: { ...each.training, shards: 1 },
    });
    assert.notEqual(whole.weights, one.weights);
    assert.ok(Math.abs(whole.loss - one.loss) < 1e-5 * Math.abs(one.loss));
  }
});

Deno.test("fit() refuses shards that make no tree", async () => {
  await using mlp = new Mlp({ layers: [50, 4] });
  const run = mlp.fit(samples(), { shards: 6 });
  await assert.rejects(
    async () => await run,
    {
      name: "RangeError",
      message: /'shards' must be a power of two, such as 8: current value is 6/,
    },
  );
});

Deno.test("timings have one row for what several ops do, and its bytes", async () => {
  await using mlp = new Mlp({ layers: [50, 21, 4], workers: 1 });
  const options = { epochs: 1, shards: 8, timings: true };
  const { epochs: [{ timings = [] }] } = await mlp.fit(samples(), options);
  const names = timings.map(({ name, layer }) => `${name} ${layer}`);
  assert.deepEqual(names, [...new Set(names)]);
  assert.ok(names.includes("gradient 1"));

  const slots = new Slots();
  const add = (name: string, bytes: number) =>
    slots.add("communication", name, 0, bytes);
  assert.deepEqual(
    [add("gradients", 5400), add("weights", 900), add("gradients", 2700)],
    [0, 1, 0],
  );
  assert.deepEqual(slots.list.map(({ name }) => name), [
    "gradients, 9 kB a step",
    "weights, 1 kB a step",
  ]);
});
