import assert from "node:assert/strict";
import fc from "fast-check";
import {
  gradientScratchBytes,
  type Kernels,
  packedColumns,
  PANEL,
  roundUp,
  SPARSE_INPUTS,
  sparseStrips,
  STRIP_BLOCKS,
  TILE_INPUTS,
  TILE_SAMPLES,
} from "../../src/kernels/kernels.ts";
import { assertSameBits, AWKWARD_SIZES, Image, noise } from "./references.ts";

const size = fc.constantFrom(...AWKWARD_SIZES);
const layer = fc.record({
  outputs: fc.constantFrom(1, 8, 13, 30, 33, 40, 41, 70, 71),
  inputs: fc.oneof(
    size,
    fc.constantFrom(SPARSE_INPUTS, SPARSE_INPUTS + 1, 97, 192),
  ),
  batch: fc.constantFrom(1, 2, 5, 12, 13, 300),
  density: fc.constantFrom(0, 0.05, 0.2, 0.7, 1),
  shift: fc.constantFrom(0, 1, 3, 8),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
}).filter(({ outputs, inputs, batch }) =>
  outputs * inputs * batch <= 1_500_000 && outputs * inputs <= 60_000 &&
  inputs * batch <= 30_000 && outputs * batch <= 40_000
);

type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

function blocksOf(inputs: number): number {
  return sparseStrips(inputs) * STRIP_BLOCKS;
}

/** The same inputs dense and sparse; samples lie in the dataset in reverse order, behind one that isn't used. */
function createLayer({ outputs, inputs, batch, density, shift, seed }: Layer) {
  const image = new Image();
  const [ldo, ldi] = [roundUp(outputs, PANEL), roundUp(inputs, PANEL)];
  const capacity = roundUp(batch, TILE_SAMPLES);
  const values = noise(inputs * batch, seed);
  const present = noise(inputs * batch, seed + 1);
  const dense = new Float32Array(ldi * capacity).map((_, at) => {
    const [n, i] = [Math.floor(at / ldi), at % ldi];
    if (n >= batch || i >= inputs) return 0;
    const kept = (present[n * inputs + i] + 1) / 2 < density;
    return kept ? values[n * inputs + i] : 0;
  });
  const entries: number[] = [3, 99];
  const starts: number[] = [];
  const size = 2 ** shift;
  for (let group = 0; group <= batch; group += size) {
    for (let block = 0; block < blocksOf(inputs); block += STRIP_BLOCKS) {
      for (let n = group; n < group + size; n++) {
        for (let b = block; b < block + STRIP_BLOCKS; b++) {
          starts.push(entries.length / 2);
          if (n === 0 || n > batch) continue;
          for (let i = b * SPARSE_INPUTS; i < (b + 1) * SPARSE_INPUTS; i++) {
            const value = i < inputs ? dense[(batch - n) * ldi + i] : 0;
            if (value !== 0) entries.push(4 * ldo * i, value);
          }
        }
      }
    }
  }
  starts.push(entries.length / 2);
  const indices = Array.from({ length: batch }, (_, n) => batch - n);
  const place = (numbers: number[]) =>
    image.place(new Float32Array(Int32Array.from(numbers).buffer));
  const entryBits = new ArrayBuffer(4 * entries.length);
  for (const [at, value] of entries.entries()) {
    if (at % 2 === 0) new Int32Array(entryBits)[at] = value;
    else new Float32Array(entryBits)[at] = value;
  }
  const at = {
    a: image.place(dense),
    starts: place(starts),
    entries: image.place(new Float32Array(entryBits)),
    indices: place(indices),
    w: image.placeMatrix(outputs, ldo, inputs + 1, seed + 2),
    delta: image.placeMatrix(outputs, ldo, batch, seed + 3),
    packed: image.placeOutput(ldo * packedColumns(inputs)),
    z: image.placeOutput(ldo * capacity),
    grad: image.placeOutput(ldo * (inputs + 1)),
  };
  // Columns of packed weights behind the last input are zero.
  image.floats.fill(
    0,
    at.packed / 4,
    at.packed / 4 + ldo * packedColumns(inputs),
  );
  const bytes = gradientScratchBytes(outputs);
  const scratch = image.place(new Float32Array(bytes / 4).fill(NaN));
  image.allow(scratch, bytes / 4);
  return { image, at, ldo, ldi, scratch, bytes };
}

function sparse(layer: Layer, made: ReturnType<typeof createLayer>) {
  const { outputs, batch } = layer;
  const { at, ldo } = made;
  const strips = sparseStrips(layer.inputs);
  const { shift } = layer;
  const inputs = [strips, shift, at.starts, at.entries, at.indices] as const;
  return {
    forward: (kernels: Kernels, from = 0, to: number = batch) =>
      kernels.forwardSparse(
        ...[at.w, ldo, outputs, at.w, ...inputs, at.z, ldo, from, to] as const,
      ),
    gradient: (kernels: Kernels, from = 0, to = layer.inputs) =>
      kernels.gradientSparse(
        ...[at.delta, ldo, outputs, ...inputs] as const,
        ...[at.grad, ldo, from, to, batch] as const,
      ),
  };
}

Deno.test("sparse products: same as their references at awkward sizes and densities", () => {
  fc.assert(
    fc.property(layer, (drawn) => {
      const made = createLayer(drawn);
      const { forward, gradient } = sparse(drawn, made);
      made.image.compare(
        (kernels) => {
          forward(kernels);
          gradient(kernels);
        },
        1e-7 * (10 + Math.max(drawn.batch, drawn.inputs)),
        { offset: made.scratch, bytes: made.bytes },
      );
    }),
    { seed: 20261123, numRuns: 60 },
  );
});

Deno.test("sparse products: the same bits as the dense ones", () => {
  fc.assert(
    fc.property(layer, (drawn) => {
      const { outputs, inputs, batch } = drawn;
      const made = createLayer(drawn);
      const { image, at, ldo, ldi, scratch } = made;
      const { forward, gradient } = sparse(drawn, made);
      const skipping = image.run("wasm", (kernels) => {
        forward(kernels);
        gradient(kernels);
      });
      const dense = image.run("wasm", (kernels) => {
        kernels.packWeights(
          ...[at.w, ldo, outputs, inputs, at.packed, 0, inputs + 1] as const,
        );
        kernels.forwardProduct(
          ...[
            at.packed,
            outputs,
            inputs,
            at.a,
            ldi,
            at.z,
            ldo,
            0,
            batch,
          ] as const,
        );
        kernels.gradientProduct(
          ...[at.delta, ldo, outputs, at.a, ldi, at.grad, ldo] as const,
          ...[0, inputs, batch, scratch] as const,
        );
      });
      const part = (all: Float32Array, offset: number, count: number) =>
        all.slice(offset / 4, offset / 4 + count).map((value) => value + 0);
      assertSameBits(
        part(skipping, at.z, ldo * batch),
        part(dense, at.z, ldo * batch),
      );
      const columns = at.grad + 4 * ldo;
      assertSameBits(
        part(skipping, columns, ldo * inputs),
        part(dense, columns, ldo * inputs),
      );
    }),
    { seed: 20261124, numRuns: 60 },
  );
});

Deno.test("sparse products: any pieces give the same bits", () => {
  fc.assert(
    fc.property(layer, fc.nat(), (drawn, cut) => {
      const { inputs, batch } = drawn;
      const made = createLayer(drawn);
      const { forward, gradient } = sparse(drawn, made);
      const blocks = Math.ceil(inputs / SPARSE_INPUTS);
      const input = cut % blocks * SPARSE_INPUTS;
      const sample = cut % (batch + 1);
      const whole = made.image.run("wasm", (kernels) => {
        forward(kernels);
        gradient(kernels);
      });
      const pieces = made.image.run("wasm", (kernels) => {
        forward(kernels, sample, batch);
        forward(kernels, 0, sample);
        gradient(kernels, input, inputs);
        gradient(kernels, 0, input);
      });
      const { at, ldo } = made;
      for (
        const [offset, count] of [[at.z, ldo * batch], [
          at.grad,
          ldo * (inputs + 1),
        ]]
      ) {
        assertSameBits(
          whole.slice(offset / 4, offset / 4 + count),
          pieces.slice(offset / 4, offset / 4 + count),
        );
      }
    }),
    { seed: 20261125, numRuns: 40 },
  );
  assert.ok(SPARSE_INPUTS % TILE_INPUTS === 0);
});

Deno.test("modes of columns: products same as their references, and as their definitions", () => {
  fc.assert(
    fc.property(layer, (drawn) => {
      const { outputs, inputs, seed } = drawn;
      const { image, at, ldo } = createLayer(drawn);
      const modes = image.place(noise(inputs, seed + 4));
      const sum = image.placeOutput(ldo);
      const bias = image.placeMatrix(outputs, ldo, 1, seed + 5);
      const after = image.compare((kernels) => {
        kernels.weightedSum(at.w, ldo, outputs, inputs, modes, sum);
        kernels.addOuter(bias, modes, at.grad, ldo, 0, inputs);
      }, 1e-7 * (10 + inputs));
      const f = image.floats;
      for (let o = 0; o < ldo; o++) {
        let expected = f[at.w / 4 + o];
        for (let i = 0; i < inputs; i++) {
          expected += f[at.w / 4 + (i + 1) * ldo + o] * f[modes / 4 + i];
        }
        assert.ok(Math.abs(after[sum / 4 + o] - expected) < 1e-5 * inputs);
      }
    }),
    { seed: 20261126, numRuns: 40 },
  );
});
