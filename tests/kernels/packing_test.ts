import assert from "node:assert/strict";
import fc from "fast-check";
import {
  packedColumns,
  packedOutputs,
  PANEL,
  roundUp,
} from "../../src/kernels/kernels.ts";
import { assertSameBits, AWKWARD_SIZES, GUARD, Image } from "./references.ts";

const size = fc.constantFrom(...AWKWARD_SIZES);
const share = fc.tuple(fc.nat(785), fc.nat(785));
const layer = fc.record({ outputs: size, inputs: size, share }).filter((
  { outputs, inputs },
) => outputs * inputs <= 60_000);

Deno.test("packing: same as the references for any range of columns", () => {
  fc.assert(
    fc.property(layer, ({ outputs, inputs, share }) => {
      const image = new Image();
      const ld = roundUp(outputs, PANEL);
      const w = image.placeMatrix(outputs, ld, inputs + 1, 1);
      // Garbage in the padding of W must not get into the panels.
      if (ld > outputs) image.floats[w / 4 + outputs] = NaN;
      const packed = image.placeOutput(ld * packedColumns(inputs));
      const transposed = image.placeOutput(
        roundUp(inputs, PANEL) * packedOutputs(outputs),
      );
      const [from, to] = share.map((column) => column % (inputs + 1))
        .sort((a, b) => a - b);
      image.compare((kernels) => {
        kernels.packWeights(w, ld, outputs, inputs, packed, from, to + 1);
        kernels.packTransposed(w, ld, outputs, inputs, transposed, from, to);
      }, 0);
    }),
    { seed: 5, numRuns: 60 },
  );
});

Deno.test("packing: panels are as the interface describes them", () => {
  const image = new Image();
  const [outputs, inputs, ld] = [11, 5, 16];
  const w = image.place(
    Array.from({ length: ld * (inputs + 1) }, (_, n) => n % ld < 11 ? n : 0),
  );
  const packed = image.placeOutput(ld * packedColumns(inputs));
  const transposed = image.placeOutput(PANEL * packedOutputs(outputs));
  const after = image.run("wasm", (kernels) => {
    kernels.packWeights(w, ld, outputs, inputs, packed, 0, inputs + 1);
    kernels.packTransposed(w, ld, outputs, inputs, transposed, 0, inputs);
  });
  const panel = packed / 4 + PANEL * packedColumns(inputs);
  // Column 2, rows 8 to 10 of W, then zeros.
  assert.deepEqual(
    [...after.slice(panel + 2 * PANEL, panel + 3 * PANEL)],
    [40, 41, 42, 0, 0, 0, 0, 0],
  );
  // Output 9 of the inputs 0 to 4, which are the columns 1 to 5; lanes without an input are left alone.
  assert.deepEqual(
    [...after.slice(transposed / 4 + 9 * PANEL, transposed / 4 + 10 * PANEL)],
    [25, 41, 57, 73, 89, ...Array(3).fill(Math.fround(GUARD / 2))],
  );
});

Deno.test("gather: copies whole columns in the order of the indices", () => {
  fc.assert(
    fc.property(
      size,
      fc.array(fc.nat(19), { minLength: 1, maxLength: 20 }),
      fc.nat(19),
      (rows, order, start) => {
        const image = new Image();
        const ld = roundUp(rows, PANEL);
        const source = image.placeMatrix(rows, ld, 20, 1);
        const indices = image.place(
          new Float32Array(Int32Array.from(order).buffer),
        );
        const target = image.placeOutput(ld * order.length);
        const from = start % order.length;
        const after = image.compare(
          (kernels) =>
            kernels.gather(source, indices, target, ld, from, order.length),
          0,
        );
        for (let s = 0; s < order.length; s++) {
          const at = s < from ? target / 4 + s * ld : source / 4 +
            order[s] * ld;
          assertSameBits(
            after.slice(target / 4 + s * ld, target / 4 + (s + 1) * ld),
            image.floats.slice(at, at + ld),
          );
        }
      },
    ),
    { seed: 6, numRuns: 40 },
  );
});

Deno.test("clearPadding: sets the padding to zero and nothing else", () => {
  fc.assert(
    fc.property(size, fc.nat(9), fc.nat(9), (rows, first, last) => {
      const image = new Image();
      const ld = roundUp(rows, PANEL);
      const a = image.placeMatrix(ld, ld, 10, 2);
      for (let column = 0; column < 10; column++) {
        image.allow(a + 4 * (column * ld + rows), ld - rows);
      }
      const [from, to] = [Math.min(first, last), Math.max(first, last)];
      const after = image.compare(
        (kernels) => kernels.clearPadding(a, ld, rows, from, to),
        0,
      );
      for (let column = from; column < to; column++) {
        for (let row = rows; row < ld; row++) {
          assert.ok(Object.is(after[a / 4 + column * ld + row], 0));
        }
      }
    }),
    { seed: 7, numRuns: 40 },
  );
});
