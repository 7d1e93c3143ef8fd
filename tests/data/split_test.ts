import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseCsv,
  type Samples,
  type SparseSamples,
  tableSamples,
  trainTestSplit,
} from "../../mod.ts";
import { type Defect, matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

Deno.test("trainTestSplit() gives every sample to one part, by the seed", () => {
  const samples = randomSamples(50, 3, 2, 4);
  const { train, test } = trainTestSplit(samples, 0.3, 7);
  assert.deepEqual([train.count, test.count], [35, 15]);
  const rows = (x: Float32Array) =>
    Array.from(
      { length: x.length / 3 },
      (_, at) => x.subarray(3 * at, 3 * at + 3).join(),
    );
  assert.deepEqual(
    [...rows(train.x), ...rows(test.x)].sort(),
    rows(samples.x).sort(),
  );
  assert.deepEqual(trainTestSplit(samples, 0.3, 7), { train, test });
  assert.notDeepEqual(trainTestSplit(samples, 0.3, 8).test.x, test.x);
});

Deno.test("the order of a split doesn't change from version to version", () => {
  const x = Float32Array.from({ length: 12 }, (_, at) => at);
  const samples = { x, y: x, count: 12, inputs: 1, outputs: 1 };
  const { train, test } = trainTestSplit(samples, 0.3, 7);
  assert.deepEqual([...train.x], [6, 11, 1, 10, 9, 5, 4, 8]);
  assert.deepEqual([...test.x], [2, 7, 3, 0]);
  assert.deepEqual([train.y, test.y], [train.x, test.x]);
});

/** All values in full. */
function full({ x, ...rest }: SparseSamples): Samples {
  const { count: samples, inputs } = rest;
  const values = new Float32Array(samples * inputs);
  for (let s = 0; s < samples; s++) {
    for (let at = x.indptr[s]; at < x.indptr[s + 1]; at++) {
      values[s * inputs + x.indices[at]] = x.data[at];
    }
  }
  return { ...rest, x: values };
}

/** Samples of which each value is kept with a probability of about `density`. */
function sparse(
  seed: number,
  samples: number,
  inputs: number,
  density: number,
  Index: Int32ArrayConstructor | Uint16ArrayConstructor,
): SparseSamples {
  const { x, ...rest } = randomSamples(samples, inputs, 2, seed);
  const [data, indices, indptr]: number[][] = [[], [], [0]];
  for (let s = 0; s < samples; s++) {
    for (let input = 0; input < inputs; input++) {
      const value = x[s * inputs + input];
      if ((value + 1) / 2 >= density) continue;
      data.push(value);
      indices.push(input);
    }
    indptr.push(data.length);
  }
  return {
    ...rest,
    x: {
      data: Float32Array.from(data),
      indices: Index.from(indices),
      indptr: Int32Array.from(indptr),
    },
  };
}

Deno.test("sparse samples are split as the same ones in full", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(0, 0.1, 0.5, 1),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.constantFrom(Int32Array, Uint16Array),
      (count, inputs, density, seed, Index) => {
        const samples = sparse(seed % 1000, count, inputs, density, Index);
        const { train, test } = trainTestSplit(samples, 0.5, seed);
        assert.deepEqual(
          { train: full(train), test: full(test) },
          trainTestSplit(full(samples), 0.5, seed),
        );
        assert.ok(train.x.indices instanceof Index);
        assert.equal(train.x.data.length, train.x.indptr.at(-1));
      },
    ),
    { seed: 5, numRuns: 100 },
  );
});

const SAMPLES = randomSamples(50, 3, 2, 4);
const TABLE = await parseCsv("size,kind\n1,a\n2,b\n", { name: "things.csv" });
const PART =
  "'testFraction' must be between 0 and 1, and such that of 50 samples both get some";
const MADE =
  "samples, as samplesFrom({ x, y }) or samplesFrom({ x, labels }) makes them";

/** Arguments that can't be split, and what is said of them. */
const DEFECTS: Defect<[unknown, unknown?, unknown?]>[] = [
  [[SAMPLES, 0.001, 7], RangeError, `${PART}: current value is 0.001`],
  [[SAMPLES, 0.999, 7], RangeError, `${PART}: current value is 0.999`],
  [[SAMPLES, 0, 7], RangeError, `${PART}: current value is 0`],
  [[SAMPLES, -0.5, 7], RangeError, `${PART}: current value is -0.5`],
  [[SAMPLES, 1.5, 7], RangeError, `${PART}: current value is 1.5`],
  [[SAMPLES, NaN, 7], RangeError, `${PART}: current value is NaN`],
  [[SAMPLES, "0.2", 7], TypeError, `${PART}: current value is '0.2'`],
  [[SAMPLES], TypeError, `${PART}: current value is undefined`],
  [
    [SAMPLES, 0.2],
    TypeError,
    "'seed' must be a whole number from 0 to 4294967295: current value is undefined",
  ],
  [
    [SAMPLES, 0.2, -1],
    RangeError,
    "'seed' must be from 0 to 4294967295: current value is -1",
  ],
  [
    [[[1], [2]], 0.5, 1],
    TypeError,
    `'samples' must be ${MADE}: current value is [[1], [2]]`,
  ],
  [
    [undefined, 0.5, 1],
    TypeError,
    `'samples' must be ${MADE}: current value is undefined`,
  ],
  [
    [null, 0.5, 1],
    TypeError,
    `'samples' must be ${MADE}: current value is null`,
  ],
  [
    [{ x: [[1]], y: [[1]] }, 0.5, 1],
    TypeError,
    "'samples' must be samples: write samplesFrom({ x, y }): current value is Object",
  ],
  [
    [SAMPLES.x, 0.5, 1],
    TypeError,
    `'samples' must be ${MADE}: current value is Float32Array`,
  ],
  [
    [TABLE, 0.5, 1],
    TypeError,
    "'samples' must be samples, as tableSamples() makes them of a table: current value is Object",
  ],
  [
    [await tableSamples(TABLE), 0.5, 1],
    TypeError,
    "'samples' must be the samples alone: write .samples: current value is Object",
  ],
  [
    [{ ...SAMPLES, count: 40 }, 0.5, 1],
    RangeError,
    "'x.length' must be 120 (count · inputs): current value is 150",
  ],
  [
    [{ ...SAMPLES, outputs: 0 }, 0.5, 1],
    RangeError,
    "'outputs' must be a whole number of 1 or more: current value is 0",
  ],
  [
    [{ ...SAMPLES, y: [1, 2] }, 0.5, 1],
    TypeError,
    "'y' must be a Float32Array, as samplesFrom({ x, y }) makes it: current value is [1, 2]",
  ],
];

Deno.test("trainTestSplit() names what is wrong", () => {
  for (const [args, type, message] of DEFECTS) {
    assert.throws(
      () => trainTestSplit(...args as Parameters<typeof trainTestSplit>),
      matches(type, `Cannot split samples as ${message}`),
    );
  }
});
