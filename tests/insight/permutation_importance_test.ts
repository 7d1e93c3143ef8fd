import assert from "node:assert/strict";
import {
  Mlp,
  permutationImportance,
  samplesFrom,
  TableEncoder,
} from "../../mod.ts";
import { Xoshiro128 } from "../../src/units/random.ts";

/** Rows in which `big` tells ten times as much as `color`, and `noise` nothing. */
const random = new Xoshiro128(5, 1);
const COLORS = ["blue", "green", "red"];
const ROWS = Array.from({ length: 120 }, () => {
  const [big, noise] = [random.nextFloat() * 10, random.nextFloat()];
  const color = random.below(3);
  return { noise, color: COLORS[color], big, price: 10 * big + 5 * color };
});

Deno.test("a linear network: importance is what its weights make of a column's spread", async () => {
  const encoder = await TableEncoder.fit(ROWS, {
    target: "price",
    scale: "none",
  });
  // noise, blue, green, red, big → price, exactly; targets are standardized.
  const { center: [center], unit: [unit] } = encoder.targetScaling!;
  const weights = [-center, 0, 0, 5, 10, 10].map((value) => value / unit);
  await using mlp = new Mlp({
    encoder,
    hidden: [],
    weights: [Float32Array.from(weights)],
    workers: 1,
  });
  const samples = await encoder.samples(ROWS);
  const { r2 } = await mlp.evaluate(samples);
  assert.ok(r2! > 0.999999);
  const found = await permutationImportance(mlp, ROWS, {
    repeats: 40,
    seed: 3,
  });
  assert.deepEqual(found.map(({ name }) => name), ["noise", "color", "big"]);
  const [noise, color, big] = found;
  assert.equal(noise.mean, 0);
  assert.equal(noise.deviation, 0);
  // Where one part of a sum is permuted, twice its variance is lost.
  const variance = (values: readonly number[]) => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  };
  const all = variance(ROWS.map(({ price }) => price));
  const wanted = (of: (row: typeof ROWS[number]) => number) =>
    2 * variance(ROWS.map(of)) / all;
  assert.ok(
    Math.abs(big.mean - wanted((row) => 10 * row.big)) < 0.05,
    `${big.mean}`,
  );
  const colors = wanted((row) => 5 * COLORS.indexOf(row.color));
  assert.ok(Math.abs(color.mean / colors - 1) < 0.1, `${color.mean} ${colors}`);
  const { values, mean, deviation } = big;
  assert.equal(values.length, 40);
  assert.ok(Math.abs(deviation - Math.sqrt(variance(values))) < 1e-12);
  assert.ok(Math.abs(mean - values.reduce((a, b) => a + b) / 40) < 1e-12);
  // The same samples, and other numbers of workers, give the same.
  await using other = new Mlp({
    encoder,
    hidden: [],
    weights: mlp.weights,
    workers: 2,
  });
  assert.deepEqual(
    await permutationImportance(other, samples, { repeats: 40, seed: 3 }),
    found,
  );
  const loss = await permutationImportance(mlp, samples, {
    score: "loss",
    repeats: 1,
  });
  assert.ok(loss[2].mean > loss[1].mean && loss[1].mean > 0.001);
  assert.equal(loss[0].mean, 0);
});

Deno.test("plain samples: each input by itself, by accuracy", async () => {
  const samples = samplesFrom({
    x: Array.from({ length: 40 }, (_, at) => [at % 2, at % 3, 7]),
    labels: Array.from({ length: 40 }, (_, at) => at % 2),
  });
  // The first input alone decides: biases, then three inputs of two outputs.
  const weights = [Float32Array.of(0, -5, 0, 10, 0, 0, 0, 0)];
  await using mlp = new Mlp({ layers: [3, 2], weights, workers: 1 });
  const [first, ...others] = await permutationImportance(mlp, samples);
  assert.equal(first.name, "x[0]");
  assert.ok(Math.abs(first.mean - 0.5) < 0.15, `${first.mean}`);
  assert.equal(first.values.length, 5);
  for (const value of first.values) {
    assert.equal(value * 40, Math.round(value * 40));
  }
  assert.deepEqual(others.map(({ name, mean }) => [name, mean]), [["x[1]", 0], [
    "x[2]",
    0,
  ]]);
});

Deno.test("what isn't right is refused", async () => {
  await using mlp = new Mlp({ layers: [2, 2], workers: 1 });
  const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
  const refused = async (message: RegExp, name: string, ...args: unknown[]) =>
    await assert.rejects(
      () =>
        permutationImportance(
          ...args as Parameters<typeof permutationImportance>,
        ),
      { name, message },
    );
  await refused(
    /'score' must be 'accuracy' or 'loss' for the task 'classes'/,
    "RangeError",
    mlp,
    samples,
    { score: "r2" },
  );
  await refused(
    /'repeats' must be a whole number of 1/,
    "RangeError",
    mlp,
    samples,
    { repeats: 0 },
  );
  await refused(
    /'source' must be samples, as the network has no encoder/,
    "TypeError",
    mlp,
    [[1, 2, "a"]],
  );
  await refused(
    /'repeat' is no option: did you mean 'repeats'/,
    "TypeError",
    mlp,
    samples,
    { repeat: 2 },
  );
  await refused(/'network' must be a network/, "TypeError", samples, mlp);
  const sparse = {
    ...samples,
    x: {
      data: Float32Array.of(1),
      indices: Uint32Array.of(0),
      indptr: Uint32Array.of(0, 1, 1),
    },
  };
  await refused(/'source' must be dense/, "RangeError", mlp, sparse);
});
