/** The dense products in machine code: run by native_test.ts in a process that may call it. */
import fc from "fast-check";
import {
  gradientScratchBytes,
  leadingDimension,
  packedColumns,
  packedOutputs,
  PANEL,
  roundUp,
  TILE_INPUTS,
  TILE_SAMPLES,
} from "../../../src/kernels/kernels.ts";
import { kernelProducts } from "../../../src/kernels/products.ts";
import { Contents } from "./same_bits.ts";

const layer = fc.record({
  outputs: fc.constantFrom(1, 2, 8, 10, 13, 30, 33, 64, 70, 72, 97, 130, 264),
  inputs: fc.constantFrom(1, 2, 3, 5, 6, 8, 11, 12, 30, 70, 71, 130, 256, 785),
  batch: fc.constantFrom(1, 2, 5, 6, 7, 12, 13, 19, 48, 301, 600),
  wider: fc.constantFrom(0, 8),
  cut: fc.nat(),
  /** Whether all products are -0: a sum of them stays so, unless the terms of padding come behind. */
  minusZero: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
}).filter(({ outputs, inputs, batch }) =>
  outputs * inputs <= 60_000 && inputs * batch <= 100_000 &&
  outputs * batch <= 60_000
);

type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

function createLayer(
  { outputs, inputs, batch, wider, minusZero, seed }: Layer,
) {
  const contents = new Contents();
  const ldo = roundUp(outputs, PANEL) + wider;
  const ldi = roundUp(inputs, PANEL) + wider;
  const capacity = roundUp(batch, TILE_SAMPLES);
  const zeros = (count: number) => contents.place(new Float32Array(count));
  const packed = contents.scratch(
    roundUp(outputs, PANEL) * packedColumns(inputs),
  );
  const transposed = contents.scratch(
    leadingDimension(inputs) * packedOutputs(outputs),
  );
  for (
    const [at, count] of [
      [packed, roundUp(outputs, PANEL) * packedColumns(inputs)],
      [transposed, leadingDimension(inputs) * packedOutputs(outputs)],
    ]
  ) contents.floats.fill(0, at / 4, at / 4 + count);
  const matrix = (
    rows: number,
    ld: number,
    columns: number,
    seed: number,
    change: (value: number) => number,
  ) => {
    const offset = contents.matrix(rows, ld, columns, seed);
    if (!minusZero) return offset;
    const values = contents.floats.subarray(offset / 4).subarray(
      0,
      ld * columns,
    );
    values.forEach((value, n) => {
      if (n % ld < rows) values[n] = change(value);
    });
    return offset;
  };
  const toMinusZero = () => -0;
  return {
    ...{ contents, ldo, ldi, packed, transposed },
    w: matrix(outputs, ldo, inputs + 1, seed, toMinusZero),
    a: matrix(inputs, ldi, capacity, seed + 1, Math.abs),
    delta: matrix(outputs, ldo, capacity, seed + 2, Math.abs),
    z: zeros(ldo * capacity),
    back: zeros(ldi * capacity),
    grad: zeros(ldo * (inputs + 1)),
    scratch: contents.scratch(gradientScratchBytes(outputs) / 4),
  };
}

Deno.test("dense products: the bits of WebAssembly, in any pieces", () => {
  fc.assert(
    fc.property(layer, (drawn) => {
      const { outputs, inputs, batch, cut } = drawn;
      const { contents, ldo, ldi, ...at } = createLayer(drawn);
      const tiles = Math.ceil(batch / TILE_SAMPLES);
      const middle = TILE_SAMPLES * (cut % tiles);
      const input = TILE_INPUTS * (cut % Math.ceil(inputs / TILE_INPUTS));
      contents.assertSame((kernels, native) => {
        const products = native?.products ?? kernelProducts(kernels);
        const shape = [at.w, ldo, outputs, inputs] as const;
        for (const [from, to] of [[input, inputs], [0, input]]) {
          const first = from === 0 ? 0 : from + 1;
          kernels.packWeights(...shape, at.packed, first, to + 1);
          kernels.packTransposed(...shape, at.transposed, from, to);
        }
        const weights = { w: at.w, ldw: ldo, outputs, inputs };
        for (const [from, to] of [[middle, batch], [0, middle]]) {
          products.forward(
            {
              ...{ ...weights, packed: at.packed, a: at.a, aStep: 0, lda: ldi },
              ...{ z: at.z, ldz: ldo },
            },
            ...[0, from, to] as const,
          );
          products.delta(
            {
              ...{ ...weights, packed: at.transposed, delta: at.delta },
              ...{ ldd: ldo, result: at.back, ldr: ldi },
            },
            ...[from, to] as const,
          );
        }
        for (const [from, to] of [[input, inputs], [0, input]]) {
          products.gradient(
            {
              ...{ delta: at.delta, ldd: ldo, outputs, a: at.a, aStep: 0 },
              ...{ lda: ldi, grad: at.grad, ldg: ldo },
            },
            { start: 0, size: batch },
            ...[from, to, at.scratch] as const,
          );
        }
        kernels.biasGradient(at.delta, ldo, outputs, batch, at.grad);
      });
    }),
    { seed: 20261129, numRuns: 80 },
  );
});
