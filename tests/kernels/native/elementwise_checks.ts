/** Activations, losses and updates in machine code: run by native_test.ts in a process that may call it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Kernels, PANEL, roundUp } from "../../../src/kernels/kernels.ts";
import {
  type ActivationName,
  ACTIVATIONS,
  isComputed,
} from "../../../src/units/activations.ts";
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
  const name of (Object.keys(ACTIVATIONS) as ActivationName[]).filter(
    isComputed,
  )
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
          // Of gelu and swish, Z has a place of its own.
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
  ["nadam", "nadamUpdate", [0.002, 0.011, 0.9, 0.999, 1e-8, 5.1]],
  ["rmsprop", "rmspropUpdate", [0.002, 0.9, 1e-7]],
];

for (const [name, kernel, scalars] of UPDATES) {
  Deno.test(`the update of ${name}: the bits of WebAssembly`, () => {
    fc.assert(
      fc.property(counts, seeds, scales, (count, seed, scale) => {
        const contents = new Contents();
        // The second ones are written past the caches.
        const buffers = [0, 4].map((more) => [
          ...[0, 1].map((n) =>
            contents.place(values(count, seed + n + more, scale))
          ),
          ...[2, 3].map((n) =>
            contents.place(noise(count, seed + n + more).map(Math.abs))
          ),
        ]);
        contents.assertSame((kernels, native) => {
          const sets = [kernels, native?.kernels.streaming ?? kernels];
          for (const [n, set] of sets.entries()) {
            (set as Kernels)[kernel as "sgdUpdate"](
              ...[...buffers[n], count, ...scalars] as Parameters<
                Kernels["sgdUpdate"]
              >,
            );
          }
        });
      }),
      { seed: 20261131, numRuns: 40 },
    );
  });
}

Deno.test("penalties, differences and factors: the bits of WebAssembly", () => {
  fc.assert(
    fc.property(counts, seeds, scales, (count, seed, scale) => {
      const contents = new Contents();
      const [w, grad, result, other] = [0, 1, 2, 3].map((n) =>
        contents.place(values(count, seed + n, scale))
      );
      contents.assertSame((kernels) => {
        kernels.regularize(grad, w, count, 0.003, 0.02);
        kernels.difference(w, grad, result, count);
        kernels.clampedDifference(w, grad, other, count);
        kernels.scale(w, count, 0.3);
        kernels.add(w, result, count);
      });
    }),
    { seed: 20261132, numRuns: 40 },
  );
});

Deno.test("sums of penalties: the bits of WebAssembly", () => {
  const sizes = fc.constantFrom(1, 8, 10, 30, 70, 128, 130, 513, 600);
  const columns = fc.constantFrom(1, 2, 3, 8, 25);
  fc.assert(
    fc.property(sizes, columns, seeds, (rows, columns, seed) => {
      const contents = new Contents();
      const ld = roundUp(rows, PANEL);
      const w = contents.matrix(rows, ld, columns + 1, seed);
      const squares = contents.place(new Float32Array(columns + 1));
      const magnitudes = contents.place(new Float32Array(columns + 1));
      const norms = contents.place(new Float32Array(columns + 1));
      contents.assertSame((kernels) => {
        kernels.penalties(w, ld, squares, magnitudes, 1, columns + 1);
        kernels.columnSquares(w, ld, norms, 1, columns + 1);
      });
    }),
    { seed: 20261133, numRuns: 40 },
  );
});

Deno.test("losses, errors and hits: the bits of WebAssembly", () => {
  const outputs = fc.constantFrom(
    ...[1, 2, 3, 8, 9, 10, 16, 17, 26, 32, 40, 64, 65, 80, 96, 100, 250],
  );
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
      const [losses, entropies, errors, hits, halves, hubers, labels] = [
        ...[0, 1, 2, 3, 4, 5, 6],
      ].map(() => contents.place(new Float32Array(count)));
      const out = contents.place(new Float32Array(ld * count));
      const after = contents.assertSame((kernels) => {
        const where = [a, y, ld, rows] as const;
        for (const [from, to] of [[1, count], [0, 1]]) {
          kernels.binaryCrossEntropy(...where, losses, from, to);
          kernels.crossEntropy(...where, entropies, from, to);
          kernels.softmax(a, out, ld, rows, from, to);
          kernels.absoluteError(...where, errors, from, to);
          kernels.correct(...where, hits, from, to);
          kernels.halfSquaredError(...where, halves, from, to);
          kernels.huber(...where, hubers, from, to);
          kernels.correctLabels(...where, labels, from, to);
        }
      });
      for (let s = 0; s < count; s++) right += after[hits / 4 + s];
    }),
    { seed: 20261134, numRuns: 150 },
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

Deno.test("dropout: the bits of WebAssembly", () => {
  const keys = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const thresholds = fc.constantFrom(0, 1, 2 ** 30, 2 ** 31, 2 ** 32 - 1);
  const lds = fc.constantFrom(8, 16, 24, 72, 136);
  fc.assert(
    fc.property(lds, keys, keys, thresholds, (ld, low, high, threshold) => {
      const contents = new Contents();
      const source = contents.place(values(14 * ld, low, 1));
      const target = contents.place(new Float32Array(14 * ld));
      contents.assertSame((kernels) => {
        const rest = [low, high, threshold, 1.25] as const;
        for (const [from, to] of [[1, 7], [7, 8], [8, 14]]) {
          kernels.dropout(source, target, ld, from, to, ...rest);
        }
        kernels.dropout(source, source, ld, 6, 14, ...rest);
      });
    }),
    { seed: 20261136, numRuns: 60 },
  );
});

Deno.test("columns gathered, filled and weighed: the bits of WebAssembly", () => {
  const lds = fc.constantFrom(8, 16, 24, 72, 136, 784, 792);
  fc.assert(
    fc.property(lds, seeds, (ld, seed) => {
      const contents = new Contents();
      const [samples, from, to] = [23, 2, 13];
      const source = contents.place(values(samples * ld, seed, 1));
      const order = noise(to, seed + 1).map((x) =>
        Math.floor((x + 1) / 2 * samples)
      );
      // The last sample comes last, behind which there is nothing.
      order[to - 1] = samples - 1;
      const indices = contents.integers(order);
      const [target, filled] = [0, 1].map(() =>
        contents.place(new Float32Array(to * ld))
      );
      const weights = contents.place(noise(to, seed + 2));
      const results = contents.place(noise(to, seed + 3));
      contents.assertSame((kernels) => {
        kernels.gather(source, indices, target, ld, from, to);
        kernels.fillColumns(source, filled, ld, from, to);
        kernels.scaleColumns(target, ld, weights, 0.7, from, to - 3);
        kernels.scaleColumns(target, ld, 0, 0.3, to - 3, to);
        kernels.weighResults(results, weights, from, to);
      });
    }),
    { seed: 20261137, numRuns: 60 },
  );
});

Deno.test("weighted sums and outer products: the bits of WebAssembly", () => {
  const sizes = fc.constantFrom(1, 8, 10, 30, 70, 130, 250);
  const inputs = fc.constantFrom(1, 2, 7, 70);
  fc.assert(
    fc.property(sizes, inputs, seeds, (outputs, inputs, seed) => {
      const contents = new Contents();
      const ld = roundUp(outputs, PANEL);
      const w = contents.matrix(outputs, ld, inputs + 1, seed);
      const given = contents.place(noise(inputs, seed + 1));
      const sum = contents.place(new Float32Array(ld));
      const grad = contents.matrix(outputs, ld, inputs + 1, seed + 2);
      contents.assertSame((kernels) => {
        kernels.weightedSum(w, ld, outputs, inputs, given, sum);
        const middle = inputs >> 1;
        for (const [from, to] of [[0, middle], [middle, inputs]]) {
          kernels.addOuter(sum, given, grad, ld, from, to);
        }
      });
    }),
    { seed: 20261138, numRuns: 40 },
  );
});
