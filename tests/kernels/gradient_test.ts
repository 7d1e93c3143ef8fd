import assert from "node:assert/strict";
import fc from "fast-check";
import {
  gradientScratchBytes,
  type Kernels,
  PANEL,
  roundUp,
  SAMPLE_BLOCK,
  TILE_INPUTS,
} from "../../src/kernels/kernels.ts";
import { assertSameBits, AWKWARD_SIZES, Image } from "./references.ts";

const size = fc.constantFrom(...AWKWARD_SIZES);
const batch = fc.constantFrom(
  ...[1, 2, 3, 4, 5, 12, 13, 70, SAMPLE_BLOCK - 1, SAMPLE_BLOCK] as const,
  ...[SAMPLE_BLOCK + 1, SAMPLE_BLOCK + 6, 2 * SAMPLE_BLOCK + 3] as const,
);
const seed = fc.integer({ min: 1, max: 1_000_000 });
const layer = fc.record({ outputs: size, inputs: size, batch, seed }).filter((
  { outputs, inputs, batch },
) =>
  outputs * inputs * batch <= 1_500_000 && outputs * inputs <= 60_000 &&
  inputs * batch <= 80_000 && outputs * batch <= 40_000
);

function createLayer(
  outputs: number,
  inputs: number,
  batch: number,
  seed: number,
) {
  const image = new Image();
  const [ldo, ldi] = [roundUp(outputs, PANEL), roundUp(inputs, PANEL)];
  const a = image.placeMatrix(inputs, ldi, batch, seed);
  const delta = image.placeMatrix(outputs, ldo, batch, seed + 1);
  const grad = image.placeOutput(ldo * (inputs + 1));
  const bytes = gradientScratchBytes(outputs);
  // The previous contents of the scratch buffer must not matter, even NaN.
  const scratch = image.place(new Float32Array(bytes / 4).fill(NaN));
  image.allow(scratch, bytes / 4);
  const gradient = (kernels: Kernels, from: number, to: number) =>
    kernels.gradientProduct(
      ...[delta, ldo, outputs, a, ldi] as const,
      ...[grad, ldo, from, to, batch, scratch] as const,
    );
  const bias = (kernels: Kernels) =>
    kernels.biasGradient(delta, ldo, outputs, batch, grad);
  return { image, gradient, bias, a, delta, grad, ldo, scratch, bytes };
}

Deno.test("gradients: same as their references at awkward sizes, padding rows zero", () => {
  fc.assert(
    fc.property(layer, ({ outputs, inputs, batch, seed }) => {
      const { image, gradient, bias, grad, ldo, scratch, bytes } = createLayer(
        ...[outputs, inputs, batch, seed] as const,
      );
      const after = image.compare(
        (kernels) => {
          bias(kernels);
          gradient(kernels, 0, inputs);
        },
        1e-7 * (10 + batch),
        { offset: scratch, bytes },
      );
      for (let column = 0; column <= inputs; column++) {
        for (let row = outputs; row < ldo; row++) {
          assert.equal(after[grad / 4 + column * ldo + row], 0);
        }
      }
    }),
    { seed: 3, numRuns: 60 },
  );
});

Deno.test("gradients: a range writes its own columns only, and the bits don't depend on it", () => {
  fc.assert(
    fc.property(
      layer,
      fc.nat(20),
      fc.nat(20),
      ({ outputs, inputs, batch, seed }, first, last) => {
        const from = Math.min(TILE_INPUTS * Math.min(first, last), inputs);
        const to = Math.min(TILE_INPUTS * Math.max(first, last), inputs);
        const { image, gradient, grad, ldo } = createLayer(
          ...[outputs, inputs, batch, seed] as const,
        );
        const columns = (memory: Float32Array, from: number, to: number) =>
          memory.slice(grad / 4 + (from + 1) * ldo, grad / 4 + (to + 1) * ldo);
        const whole = image.run("wasm", (k) => gradient(k, 0, inputs));
        const part = image.run("wasm", (k) => gradient(k, from, to));
        assertSameBits(columns(part, from, to), columns(whole, from, to));
        const rest = [[-1, from], [to, inputs]] as const;
        for (const [start, end] of rest) {
          assertSameBits(
            columns(part, start, end),
            columns(image.floats, start, end),
          );
        }
      },
    ),
    { seed: 4, numRuns: 60 },
  );
});

Deno.test("gradients: one sample gives the outer product, and delta for the bias", () => {
  const { image, gradient, bias, a, delta, grad, ldo } = createLayer(
    ...[2, 3, 1, 5] as const,
  );
  const after = image.run("wasm", (kernels) => {
    bias(kernels);
    gradient(kernels, 0, 3);
  });
  for (let o = 0; o < 2; o++) {
    const error = image.floats[delta / 4 + o];
    assert.equal(after[grad / 4 + o], error);
    for (let i = 0; i < 3; i++) {
      const product = Math.fround(image.floats[a / 4 + i] * error);
      assert.equal(after[grad / 4 + (i + 1) * ldo + o], product);
    }
  }
});
