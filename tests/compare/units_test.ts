/** Activations and initial weights compared with other libraries. */
import assert from "node:assert/strict";
import { type ActivationName, type InitializerName, Mlp } from "../../mod.ts";
import { near, reference, row } from "./rows.ts";

const { activations, initializers } = reference;

/** What an activation makes of the numbers of the reference. */
async function activated(activation: ActivationName): Promise<Float32Array> {
  const one = Float32Array.of(0, 1);
  await using mlp = new Mlp({
    preset: "article",
    layers: [1, 1, 1],
    activation,
    output: "linear",
    weights: [one, one],
    workers: 1,
  });
  return await mlp.predict(activations.z.map((z) => [z]));
}

row("`gelu`", async () => {
  const found = await activated("gelu");
  near(found, activations.gelu);
  assert.throws(
    () => near(found, activations.geluTanh, 1e-4),
    assert.AssertionError,
  );
});

/** Compares one that is the same everywhere. */
async function same(name: "elu" | "leakyRelu" | "swish"): Promise<void> {
  near(await activated(name), activations[name]);
}

row("`elu`", () => same("elu"));
row("`leakyRelu`", () => same("leakyRelu"));
row("`swish`", () => same("swish"));

/** The largest bias and the largest weight of a layer with 400 inputs and 300 outputs. */
function largest(initializer: InitializerName): [number, number] {
  const [weights] =
    new Mlp({ preset: "article", layers: [400, 300], initializer, workers: 1 })
      .weights;
  const most = (values: Float32Array) =>
    values.reduce((sum, value) => Math.max(sum, Math.abs(value)), 0);
  return [most(weights.subarray(0, 300)), most(weights.subarray(300))];
}

row("`uniform`", () => {
  const [bias, weight] = largest("uniform");
  const [otherWeight, otherBias] = initializers.torchLinear;
  reach(1 / 20, 0.98, [bias, weight, otherWeight, otherBias]);
});

/** Fails unless numbers, of which there are many, reach up to a bound. */
function reach(bound: number, part: number, found: readonly number[]): void {
  for (const most of found) {
    assert.ok(most <= bound && most > part * bound, `${most} to ${bound}`);
  }
}

/** Compares weights whose biases are 0. */
function bounded(name: InitializerName, other: number, bound: number): void {
  const [bias, weight] = largest(name);
  assert.equal(bias, 0);
  reach(bound, 0.999, [weight, other]);
}

row("`glorot`", () => {
  const bound = Math.sqrt(6 / 700);
  bounded("glorot", initializers.glorot, bound);
  // scikit-learn draws biases too, and has another bound for "logistic".
  reach(bound, 0.98, initializers.sklearnRelu);
  reach(Math.sqrt(2 / 700), 0.98, initializers.sklearnLogistic);
});

row("`he`", () => bounded("he", initializers.he, Math.sqrt(6 / 400)));
row("`lecun`", () => bounded("lecun", initializers.lecun, Math.sqrt(3 / 400)));
