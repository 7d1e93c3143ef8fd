import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Kernels,
  packedColumns,
  packedOutputs,
  PANEL,
  roundUp,
  TILE_SAMPLES,
} from "../../src/kernels/kernels.ts";
import { assertSameBits, AWKWARD_SIZES, Image } from "./references.ts";

const size = fc.constantFrom(...AWKWARD_SIZES);
const samples = fc.constantFrom(1, 2, 5, 6, 7, 11, 12, 13, 41, 70);
const seed = fc.integer({ min: 1, max: 1_000_000 });

/** A layer whose matrices fit the image and whose reference is quick. */
const layer = fc.record({ outputs: size, inputs: size, samples, seed })
  .filter(({ outputs, inputs, samples }) =>
    outputs * inputs * samples <= 600_000 && outputs * inputs <= 60_000
  );

/** W, packed both ways by the kernels under test, an input and room for an output. */
function createLayer(
  outputs: number,
  inputs: number,
  samples: number,
  seed: number,
) {
  const image = new Image();
  const [ldo, ldi] = [roundUp(outputs, PANEL), roundUp(inputs, PANEL)];
  const capacity = roundUp(samples, TILE_SAMPLES);
  const w = image.placeMatrix(outputs, ldo, inputs + 1, seed);
  const packedLength = ldo * packedColumns(inputs);
  const packed = image.place(new Float32Array(packedLength));
  image.allow(packed, packedLength);
  const transposedLength = ldi * packedOutputs(outputs);
  const transposed = image.place(new Float32Array(transposedLength));
  image.allow(transposed, transposedLength);
  const pack = (kernels: Kernels) => {
    kernels.packWeights(w, ldo, outputs, inputs, packed, 0, inputs + 1);
    kernels.packTransposed(w, ldo, outputs, inputs, transposed, 0, inputs);
  };
  const a = image.placeMatrix(inputs, ldi, capacity, seed + 1);
  const delta = image.placeMatrix(outputs, ldo, capacity, seed + 2);
  const z = image.placeOutput(ldo * capacity);
  const result = image.placeOutput(ldi * capacity);
  const forward = (kernels: Kernels, from: number, to: number) =>
    kernels.forwardProduct(
      ...[packed, outputs, inputs, a, ldi] as const,
      ...[z, ldo, from, to] as const,
    );
  const back = (kernels: Kernels, from: number, to: number) =>
    kernels.deltaProduct(
      ...[transposed, outputs, inputs, delta, ldo] as const,
      ...[result, ldi, from, to] as const,
    );
  return { image, pack, forward, back, w, a, delta, z, result, ldo, ldi };
}

Deno.test("products: same as their references at awkward sizes, padding rows zero", () => {
  fc.assert(
    fc.property(layer, ({ outputs, inputs, samples, seed }) => {
      const { image, pack, forward, back, z, result, ldo, ldi } = createLayer(
        ...[outputs, inputs, samples, seed] as const,
      );
      const after = image.compare((kernels) => {
        pack(kernels);
        forward(kernels, 0, samples);
        back(kernels, 0, samples);
      }, 1e-7 * (10 + Math.max(inputs, outputs)));
      for (let s = 0; s < samples; s++) {
        for (let row = outputs; row < ldo; row++) {
          assert.equal(after[z / 4 + s * ldo + row], 0);
        }
        for (let row = inputs; row < ldi; row++) {
          assert.equal(after[result / 4 + s * ldi + row], 0);
        }
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test("products: the bits don't depend on how the samples are split", () => {
  fc.assert(
    fc.property(
      layer,
      fc.array(fc.nat(12), { maxLength: 4 }),
      ({ outputs, inputs, samples, seed }, cuts) => {
        const { image, pack, forward, back } = createLayer(
          ...[outputs, inputs, samples, seed] as const,
        );
        const whole = image.run("wasm", (kernels) => {
          pack(kernels);
          forward(kernels, 0, samples);
          back(kernels, 0, samples);
        });
        const edges = [
          0,
          ...cuts.map((tile) => Math.min(tile * TILE_SAMPLES, samples)),
          samples,
        ].sort((a, b) => a - b);
        const parts = image.run("wasm", (kernels) => {
          pack(kernels);
          for (let n = edges.length - 1; n > 0; n--) {
            forward(kernels, edges[n - 1], edges[n]);
            back(kernels, edges[n - 1], edges[n]);
          }
        });
        assertSameBits(parts, whole);
      },
    ),
    { seed: 2, numRuns: 40 },
  );
});

Deno.test("products: a sample's bits don't depend on its place in the tile", () => {
  const [outputs, inputs, samples] = [13, 71, 13];
  const { image, pack, forward, a, z, ldo, ldi } = createLayer(
    ...[outputs, inputs, samples, 7] as const,
  );
  const sample = image.floats.slice(a / 4, a / 4 + ldi);
  for (let s = 1; s < samples; s++) image.floats.set(sample, a / 4 + s * ldi);
  const after = image.run("wasm", (kernels) => {
    pack(kernels);
    forward(kernels, 0, samples);
  });
  const first = after.slice(z / 4, z / 4 + ldo);
  for (let s = 1; s < samples; s++) {
    assertSameBits(after.slice(z / 4 + s * ldo, z / 4 + (s + 1) * ldo), first);
  }
});

Deno.test("products: equal to the definition, not only to the reference", () => {
  const [outputs, inputs, samples] = [3, 5, 2];
  const { image, pack, forward, back, ...at } = createLayer(
    ...[outputs, inputs, samples, 3] as const,
  );
  const after = image.run("wasm", (kernels) => {
    pack(kernels);
    forward(kernels, 0, samples);
    back(kernels, 0, samples);
  });
  const read = (offset: number, ld: number, row: number, column: number) =>
    after[offset / 4 + column * ld + row];
  for (let s = 0; s < samples; s++) {
    for (let o = 0; o < outputs; o++) {
      let sum = read(at.w, at.ldo, o, 0);
      for (let i = 0; i < inputs; i++) {
        sum += read(at.w, at.ldo, o, i + 1) * read(at.a, at.ldi, i, s);
      }
      assert.ok(Math.abs(read(at.z, at.ldo, o, s) - sum) < 1e-6);
    }
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let o = 0; o < outputs; o++) {
        sum += read(at.w, at.ldo, o, i + 1) * read(at.delta, at.ldo, o, s);
      }
      assert.ok(Math.abs(read(at.result, at.ldi, i, s) - sum) < 1e-6);
    }
  }
});
