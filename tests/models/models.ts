import fc from "fast-check";
import { ACTIVATION_NAMES } from "../../src/units/activations.ts";
import type { Model, ModelDescription } from "../../src/models/model.ts";
import { OUTPUT_NAMES, type OutputName } from "../../src/units/outputs.ts";
import { EXACT } from "../exact_activations.ts";
import { Xoshiro128 } from "../../src/units/random.ts";

/** Numbers in [-1, 1) from a seed. */
export function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  const random = new Xoshiro128(seed);
  return Float32Array.from({ length }, () => 2 * random.nextFloat() - 1);
}

/** Weights for a description: noise, so large that all parts of an activation are reached. */
export function withNoise(description: ModelDescription): Model {
  const { layers, seed } = description;
  const weights = layers.slice(1).map((outputs, n) =>
    noise(outputs * (layers[n] + 1), seed + n).map((value) => 2 * value)
  );
  return { description, weights };
}

/** Networks of all kinds, with random weights. */
export const MODELS: fc.Arbitrary<Model> = fc.record({
  layers: fc.array(fc.integer({ min: 1, max: 9 }), {
    minLength: 2,
    maxLength: 5,
  }),
  activation: fc.nat(),
  output: fc.constantFrom(...OUTPUT_NAMES),
  loss: fc.constantFrom("binaryCrossEntropy", "halfSquaredError"),
  seed: fc.integer({ min: 0, max: 0xffff_fff0 }),
  scaled: fc.boolean(),
  named: fc.boolean(),
}).map(({ layers, activation, output, loss, seed, scaled, named }) => {
  const outputs = layers.at(-1)!;
  const [inputOffset, targetOffset] = [
    [...noise(layers[0], seed)],
    [...noise(outputs, seed + 1)],
  ];
  return withNoise({
    layers,
    activations: layers.slice(2).map((_, n) =>
      ACTIVATION_NAMES[(activation + n) % ACTIVATION_NAMES.length]
    ),
    output,
    loss: loss as "binaryCrossEntropy" | "halfSquaredError",
    seed,
    ...(named && { classNames: targetOffset.map((_, at) => `ç "${at}"`) }),
    ...(scaled && {
      preprocessing: {
        offset: inputOffset,
        scale: inputOffset.map((value) => Math.fround(value + 2)),
      },
      targets: {
        center: targetOffset,
        unit: targetOffset.map((value) => value + 2),
      },
      training: { epochs: 3, notes: ["a", null] },
    }),
  });
});

/** erf by its Maclaurin series, https://dlmf.nist.gov/7.6.E1. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let sum = 0;
  let power = x;
  for (let n = 0; n < 150; n++) {
    sum += power / (2 * n + 1);
    power *= -x * x / (n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** With an independent erf, as exported files compute the exact function. */
const gelu = (z: number) => z * (1 + erf(z / Math.SQRT2)) / 2;

const OUTPUTS: Record<OutputName, (z: number[]) => number[]> = {
  sigmoid: (z) => z.map(sigmoid),
  softmax: (z) => {
    const powers = z.map((value) => Math.exp(value - Math.max(...z)));
    const sum = powers.reduce((total, value) => total + value);
    return powers.map((value) => value / sum);
  },
  linear: (z) => z,
};

/** Outputs for one sample, from inputs before their scaling to targets after theirs: plain loops in float64. */
export function forward(model: Model, inputs: readonly number[]): number[] {
  const { layers, activations, output, preprocessing, targets } =
    model.description;
  const { offset, scale } = preprocessing ?? {};
  let a = inputs.map((value, i) =>
    offset && scale ? (value - offset[i]) * scale[i] : value
  );
  for (const [n, weights] of model.weights.entries()) {
    const outputs = layers[n + 1];
    const z = Array.from(
      { length: outputs },
      (_, o) =>
        a.reduce(
          (sum, value, i) => sum + weights[(i + 1) * outputs + o] * value,
          weights[o],
        ),
    );
    a = n === activations.length
      ? OUTPUTS[output](z)
      : z.map(activations[n] === "gelu" ? gelu : EXACT[activations[n]].exact);
  }
  return a.map((y, o) => targets ? y * targets.unit[o] + targets.center[o] : y);
}
