/** The product that skips zeros as it goes: run by native_test.ts in a process that may call it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  packedColumns,
  PANEL,
  roundUp,
  TILE_SAMPLES,
} from "../../../src/kernels/kernels.ts";
import { kernelProducts } from "../../../src/kernels/products.ts";
import { Contents, levels, noise } from "./same_bits.ts";

const layer = fc.record({
  outputs: fc.constantFrom(1, 8, 13, 33, 70, 97, 200, 264),
  inputs: fc.constantFrom(1, 3, 15, 16, 17, 32, 70, 97, 256, 785),
  tiles: fc.constantFrom(1, 2, 5, 11),
  density: fc.constantFrom(0, 0.02, 0.2, 0.3, 1),
  /** What some inputs are besides. */
  odd: fc.constantFrom(undefined, -0, NaN, Infinity, 1e-45),
  /** What all weights are, if not noise: sums of -0 come of it. */
  weight: fc.constantFrom(undefined, undefined, -0, -1e-30),
  wider: fc.constantFrom(0, 8),
  cut: fc.nat(),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
}).filter(({ outputs, inputs }) => outputs * inputs <= 100_000);

Deno.test(
  "forward product that skips zeros: the bits of WebAssembly, in any pieces",
  {
    ignore: !levels.includes("avx512"),
  },
  () => {
    let [skipped, left] = [0, 0];
    fc.assert(
      fc.property(layer, (drawn) => {
        const { outputs, inputs, tiles, density, odd, weight, seed } = drawn;
        const contents = new Contents();
        const batch = TILE_SAMPLES * tiles;
        const ldo = roundUp(outputs, PANEL);
        const ldi = roundUp(inputs, PANEL) + drawn.wider;
        const w = contents.matrix(outputs, ldo, inputs + 1, seed);
        const weights = contents.floats.subarray(w / 4);
        for (let n = 0; weight !== undefined && n < ldo * inputs; n++) {
          if (n % ldo < outputs) weights[n] = weight;
        }
        const a = contents.matrix(inputs, ldi, batch, seed + 1);
        const values = contents.floats.subarray(a / 4, a / 4 + ldi * batch);
        noise(values.length, seed + 2).forEach((draw, n) => {
          if ((draw + 1) / 2 < density || n % ldi >= inputs) return;
          values[n] = odd !== undefined && draw > 0.9 ? odd : 0;
        });
        const floats = roundUp(outputs, PANEL) * packedColumns(inputs);
        const packed = contents.scratch(floats);
        contents.floats.fill(0, packed / 4, packed / 4 + floats);
        const z = contents.place(new Float32Array(ldo * batch));
        const middle = TILE_SAMPLES * (drawn.cut % tiles);
        const op = {
          ...{ w, ldw: ldo, packed, outputs, inputs, a, aStep: 0, lda: ldi },
          ...{ z, ldz: ldo },
        };
        contents.assertSame((kernels, native, memory) => {
          const x = new Float32Array(memory.buffer, a, ldi * batch);
          const products = native?.products ?? kernelProducts(kernels);
          kernels.packWeights(w, ldo, outputs, inputs, packed, 0, inputs + 1);
          for (const [from, to] of [[middle, batch], [0, middle]]) {
            if (products.forwardSkipping?.(op, x, ldi, from, to) === true) {
              skipped++;
            } else {
              products.forward(op, 0, from, to);
              if (products.forwardSkipping !== undefined) left++;
            }
          }
        });
      }),
      { seed: 20261130, numRuns: 120 },
    );
    assert.ok(skipped > 100 && left > 20, `${skipped} skipped, ${left} not`);
  },
);
