/** Activations, losses and updates in machine code: run by native_test.ts in a process that may call it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Kernels, PANEL, roundUp } from "../../../src/kernels/kernels.ts";
import { Contents, noise } from "./same_bits.ts";

/** Multiples of 4 that leave every sort of remainder. */
const counts = fc.constantFrom(4, 8, 12, 16, 20, 28, 32, 60, 64, 68, 2000);
const seeds = fc.integer({ min: 1, max: 1_000_000 });
const scales = fc.constantFrom(1e-30, 1e-3, 0.5, 1, 8, 50, 200);

/** Values at which functions do something else, and noise. */
function values(count: number, seed: number, scale: number): Float32Array {
  const special = [
    ...[0, -0, NaN, Infinity, -Infinity, 1e-40, -1e-40, 88.9, -88.9, 0.625],
  ];
  return noise(count, seed).map((value, n) =>
    (n + seed) % 13 === 0 ? special[n % special.length] : value * scale
  );
}

for (
  const name of [
    ...["sigmoid", "tanh", "relu"] as const,
  ]
) {
  Deno.test(`${name} and its derivative: the bits of WebAssembly`, () => {
    fc.assert(
      fc.property(counts, seeds, scales, (count, seed, scale) => {
        const contents = new Contents();
        const z = contents.place(values(count, seed, scale));
        const a = contents.place(new Float32Array(count));
        const delta = contents.place(noise(count, seed + 1));
        contents.assertSame((kernels) => {
          kernels[name](z, a, count);
          kernels[`${name}Derivative`](delta, z, a, count);
          kernels[name](z, z, count);
        });
      }),
      { seed: 20261130, numRuns: 60 },
    );
  });
}

/** The optimizers, with arguments as they come after some steps. */
const UPDATES: [string, keyof Kernels, number[]][] = [
  ["article", "articleUpdate", [0.001, 0.00005]],
  ["sgd", "sgdUpdate", [0.01, 0.9, 0]],
  ["sgd with Nesterov's momentum", "sgdUpdate", [0.01, 0.9, 1]],
  ["adam", "adamUpdate", [0.0037, 0.9, 0.999, 1e-8, 5.1, 1e-5]],
];

for (const [name, kernel, scalars] of UPDATES) {
  Deno.test(`the update of ${name}: the bits of WebAssembly`, () => {
    fc.assert(
      fc.property(counts, seeds, scales, (count, seed, scale) => {
        const contents = new Contents();
        const [w, grad] = [0, 1].map((n) =>
          contents.place(values(count, seed + n, scale))
        );
        const [first, second] = [2, 3].map((n) =>
          contents.place(noise(count, seed + n).map(Math.abs))
        );
        contents.assertSame((kernels) =>
          (kernels[kernel] as (...args: number[]) => void)(
            ...[w, grad, first, second, count, ...scalars],
          )
        );
      }),
      { seed: 20261131, numRuns: 40 },
    );
  });
}

Deno.test("penalties, differences and factors: the bits of WebAssembly", () => {
  fc.assert(
    fc.property(counts, seeds, scales, (count, seed, scale) => {
      const contents = new Contents();
      const [w, grad, result] = [0, 1, 2].map((n) =>
        contents.place(values(count, seed + n, scale))
      );
      contents.assertSame((kernels) => {
        kernels.regularize(grad, w, count, 0.003, 0.02);
        kernels.difference(w, grad, result, count);
        kernels.scale(w, count, 0.3);
      });
    }),
    { seed: 20261132, numRuns: 40 },
  );
});

Deno.test("sums of penalties: the bits of WebAssembly", () => {
  const sizes = fc.constantFrom(1, 8, 10, 30, 70, 130, 513, 600);
  const columns = fc.constantFrom(1, 2, 3, 8, 25);
  fc.assert(
    fc.property(sizes, columns, seeds, (rows, columns, seed) => {
      const contents = new Contents();
      const ld = roundUp(rows, PANEL);
      const w = contents.matrix(rows, ld, columns + 1, seed);
      const squares = contents.place(new Float32Array(columns + 1));
      const magnitudes = contents.place(new Float32Array(columns + 1));
      contents.assertSame((kernels) =>
        kernels.penalties(w, ld, squares, magnitudes, 1, columns + 1)
      );
    }),
    { seed: 20261133, numRuns: 40 },
  );
});

Deno.test("losses, errors and hits: the bits of WebAssembly", () => {
  const outputs = fc.constantFrom(1, 2, 3, 8, 9, 10, 16, 17, 26, 40, 65, 100);
  const samples = fc.constantFrom(1, 2, 7, 48);
  let right = 0;
  fc.assert(
    fc.property(outputs, samples, seeds, scales, (rows, count, seed, scale) => {
      const contents = new Contents();
      const ld = roundUp(rows, PANEL);
      const a = contents.place(values(ld * count, seed, scale));
      const y = contents.place(
        noise(ld * count, seed + 1).map((x, n) =>
          Math.floor(n / ld + seed) % rows === n % ld ? 1 : x > 0.9 ? x : 0
        ),
      );
      const [losses, entropies, errors, hits] = [0, 1, 2, 3].map(() =>
        contents.place(new Float32Array(count))
      );
      const out = contents.place(new Float32Array(ld * count));
      const after = contents.assertSame((kernels) => {
        const where = [a, y, ld, rows] as const;
        for (const [from, to] of [[1, count], [0, 1]]) {
          kernels.binaryCrossEntropy(...where, losses, from, to);
          kernels.crossEntropy(...where, entropies, from, to);
          kernels.softmax(a, out, ld, rows, from, to);
          kernels.absoluteError(...where, errors, from, to);
          kernels.correct(...where, hits, from, to);
        }
      });
      for (let s = 0; s < count; s++) right += after[hits / 4 + s];
    }),
    { seed: 20261134, numRuns: 100 },
  );
  // Some are right, as a kernel that says no to all would not be noticed.
  assert.ok(right > 50);
});

Deno.test("zeros in the padding: the bits of WebAssembly", () => {
  const sizes = fc.constantFrom(1, 7, 8, 9, 30, 70, 71, 130);
  fc.assert(
    fc.property(sizes, fc.constantFrom(0, 8, 24), seeds, (rows, more, seed) => {
      const contents = new Contents();
      const ld = roundUp(rows, PANEL) + more;
      const a = contents.place(values(7 * ld, seed, 1));
      contents.assertSame((kernels) => kernels.clearPadding(a, ld, rows, 2, 6));
    }),
    { seed: 20261135, numRuns: 40 },
  );
});
