import fc from "fast-check";
import assert from "node:assert/strict";
import { Mlp } from "../../src/mlp/mlp.ts";
import {
  INITIALIZER_NAMES,
  type InitializerName,
  initialWeights,
} from "../../src/units/initializers.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { assertNear } from "../assert_close.ts";
import { forward, unpack } from "../float64_mlp.ts";

const { sqrt } = Math;

/** Bounds for 300 inputs and 200 outputs, by hand from the sources. */
const BOUNDS: Record<InitializerName, number> = {
  uniform: 1 / sqrt(300),
  glorot: sqrt(6 / 500),
  he: sqrt(0.02),
  lecun: 0.1,
  zeros: 0,
};

const mean = (values: Float32Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

for (const initializer of INITIALIZER_NAMES) {
  const bound = BOUNDS[initializer];
  Deno.test(`${initializer}: weights are spread evenly within the bounds of their layer, biases as documented`, () => {
    for (const seed of [0, 1, 0xffff_ffff]) {
      const [layer, next] = initialWeights([300, 200, 7], seed, initializer);
      assert.equal(layer.length, 200 * 301);
      assert.equal(next.length, 7 * 201);
      const [biases, weights] = [layer.subarray(0, 200), layer.subarray(200)];
      if (initializer === "uniform") {
        checkUniform(biases, bound);
        assert.equal(biases.every((bias) => bias !== 0), true);
      } else {
        assert.ok(biases.every((bias) => Object.is(bias, 0)));
        assert.ok(next.subarray(0, 7).every((bias) => Object.is(bias, 0)));
      }
      if (initializer === "zeros") {
        assert.ok(weights.every((weight) => Object.is(weight, 0)));
        assert.ok(next.every((weight) => Object.is(weight, 0)));
      } else checkUniform(weights, bound);
    }
  });
}

/** Compares with the uniform distribution in ±bound: ends, mean, variance and quarters, within five deviations. */
function checkUniform(values: Float32Array, bound: number): void {
  const count = values.length;
  const most = Math.max(...values.map(Math.abs));
  assert.ok(most <= Math.fround(bound), `${most} is beyond ${bound}`);
  assert.ok(most > bound * (1 - 10 / count), `${most} is far from ${bound}`);
  const scaled = values.map((value) => value / bound);
  const five = 5 / sqrt(count);
  assert.ok(Math.abs(mean(scaled)) < five * sqrt(1 / 3));
  const squares = mean(scaled.map((value) => value ** 2));
  assert.ok(Math.abs(squares - 1 / 3) < five * sqrt(4 / 45));
  for (const limit of [-0.5, 0, 0.5]) {
    const fraction = mean(scaled.map((value) => Number(value < limit)));
    const wanted = (limit + 1) / 2;
    assert.ok(Math.abs(fraction - wanted) < five * sqrt(wanted * (1 - wanted)));
  }
}

Deno.test("weights are drawn from stream 0 of the seed, layer by layer, column by column", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), {
    minLength: 2,
    maxLength: 5,
  });
  const name = fc.constantFrom(
    ...["uniform", "glorot", "he", "lecun"] as const,
  );
  fc.assert(
    fc.property(sizes, fc.nat(0xffff_ffff), name, (layers, seed, name) => {
      const random = new Xoshiro128(seed);
      const found = initialWeights(layers, seed, name);
      for (const [n, outputs] of layers.slice(1).entries()) {
        const inputs = layers[n];
        const bound = {
          uniform: inputs ** -0.5,
          glorot: sqrt(6 / (inputs + outputs)),
          he: sqrt(6 / inputs),
          lecun: sqrt(3 / inputs),
        }[name];
        const wanted = Array.from(
          { length: outputs * (inputs + 1) },
          (_, at) =>
            at < outputs && name !== "uniform"
              ? 0
              : (2 * random.nextFloat() - 1) * bound,
        );
        for (const [at, value] of wanted.entries()) {
          assertNear(found[n][at], value, 1.2e-7, `W[${n}][${at}]`);
        }
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("a network starts from the weights of its seed and initializer, and of the article draws 'uniform' by default", async () => {
  const layers = [9, 8, 5];
  const sums = new Set<string>();
  for (const seed of [1, 2]) {
    for (const initializer of INITIALIZER_NAMES) {
      await using mlp = new Mlp({
        preset: "article",
        layers,
        seed,
        initializer,
      });
      assert.deepEqual(mlp.weights, initialWeights(layers, seed, initializer));
      sums.add(await mlp.weightsSha256());
    }
  }
  // Zeros are the same for both seeds.
  assert.equal(sums.size, 2 * INITIALIZER_NAMES.length - 1);
  await using mlp = new Mlp({ preset: "article", layers });
  assert.deepEqual(mlp.weights, initialWeights(layers, 1, "uniform"));
});

Deno.test("a network draws 'he' before activations like relu, and 'glorot' before others and the outputs", async () => {
  const layers = [9, 8, 7, 5];
  await using relu = new Mlp({ layers });
  const wanted = initialWeights(layers, 1, ["he", "he", "glorot"]);
  assert.deepEqual(relu.activations, ["relu", "relu"]);
  assert.deepEqual(relu.weights, wanted);
  await using mixed = new Mlp({ layers, activation: ["tanh", "gelu"] });
  assert.deepEqual(
    mixed.weights,
    initialWeights(layers, 1, ["glorot", "he", "glorot"]),
  );
});

Deno.test("a network computes with weights of one's own, which are copied", async () => {
  const layers = [9, 8, 5];
  const own = initialWeights(layers, 77, "he").map((values) =>
    values.map((value, at) => value + at / 100)
  );
  const kept = own.map((values) => values.slice());
  await using mlp = new Mlp({
    preset: "article",
    layers,
    weights: own,
    workers: 2,
    seed: 3,
  });
  own[0].fill(9);
  mlp.weights[0].fill(8);
  assert.deepEqual(mlp.weights, kept);
  const x = Float32Array.from({ length: 9 }, (_, i) => i / 9 - 0.5);
  const settings = {
    activation: "sigmoid",
    loss: "binaryCrossEntropy",
    l1: 0,
    l2: 0,
  } as const;
  const exact = forward(unpack(kept, layers), [...x], settings);
  for (const [o, value] of (await mlp.predict(x)).entries()) {
    assertNear(value, exact.a[2][o], 1e-6, `output ${o}`);
  }
});

Deno.test("weights of one's own that don't fit the layers are refused", () => {
  const layers = [2, 1];
  const make = (weights: unknown) => () =>
    new Mlp({ preset: "article", layers, weights: weights as Float32Array[] });
  assert.throws(make([[1, 2, 3]]), {
    name: "TypeError",
    message:
      "Cannot make a network as 'weights[0]' must be a Float32Array: current value is [1, 2, 3]",
  });
  assert.throws(make([new Float32Array(4)]), {
    name: "RangeError",
    message:
      "Cannot make a network as 'weights[0].length' must be 3: current value is 4",
  });
  assert.throws(make([Float32Array.of(1, NaN, 2)]), {
    name: "RangeError",
    message:
      "Cannot make a network as 'weights[0][1]' must be a finite number: current value is NaN",
  });
});
