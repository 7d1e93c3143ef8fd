import assert from "node:assert/strict";
import fc from "fast-check";
import {
  classOf,
  parseCsv,
  type Samples,
  samplesFrom,
  type SparseSamples,
  trainTestSplit,
} from "../../mod.ts";
import { type Defect, matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

Deno.test("trainTestSplit() gives every sample to one part, by the seed", () => {
  const samples = randomSamples(50, 3, 2, 4);
  const { train, test } = trainTestSplit(samples, {
    testFraction: 0.3,
    seed: 7,
  });
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
  assert.deepEqual(trainTestSplit(samples, { testFraction: 0.3, seed: 7 }), {
    train,
    test,
  });
  assert.notDeepEqual(
    trainTestSplit(samples, { testFraction: 0.3, seed: 8 }).test.x,
    test.x,
  );
});

Deno.test("the order of a split doesn't change from version to version", () => {
  const x = Float32Array.from({ length: 12 }, (_, at) => at);
  const samples = { x, y: x, count: 12, inputs: 1, outputs: 1 };
  const { train, test } = trainTestSplit(samples, {
    testFraction: 0.3,
    seed: 7,
  });
  assert.deepEqual([...train.x], [6, 11, 1, 10, 9, 5, 4, 8]);
  assert.deepEqual([...test.x], [2, 7, 3, 0]);
  assert.deepEqual([train.y, test.y], [train.x, test.x]);
});

/** Samples of so many of each class, mixed; the only input is the number of the sample. */
function classSamples(counts: readonly number[]): Samples {
  const labels = counts.flatMap((count, name) =>
    new Array<number>(count).fill(name)
  );
  const classes = labels.map((_, at) => labels[at * 7 % labels.length]);
  const all = labels.length % 7 === 0 ? labels : classes;
  return samplesFrom({
    x: all.map((_, at) => [at]),
    labels: all,
    classes: counts.length,
  });
}

/** How many samples there are of each class. */
function countsOf({ y, outputs }: Samples, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const name of classOf(y, outputs)) counts[name]++;
  return counts;
}

Deno.test("each class gives its share to the test to within one sample, and at least one to the training", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 40 }), {
        minLength: 2,
        maxLength: 6,
      }),
      fc.constantFrom(0.1, 0.2, 1 / 3, 0.5, 0.9),
      fc.nat({ max: 2 ** 32 - 1 }),
      (counts, testFraction, seed) => {
        const samples = classSamples(counts);
        const wanted = Math.round(samples.count * testFraction);
        fc.pre(wanted >= 1 && Math.max(...counts) > 1);
        fc.pre(wanted < samples.count);
        const { train, test } = trainTestSplit(samples, { testFraction, seed });
        const [learned, tested] = [train, test].map((part) =>
          countsOf(part, counts.length)
        );
        for (const [name, count] of counts.entries()) {
          assert.equal(learned[name] + tested[name], count);
          assert.ok(learned[name] >= 1, `${tested} of ${counts}`);
          const share = count * wanted / samples.count;
          assert.ok(Math.abs(tested[name] - share) < 1, `${tested}`);
        }
        const all = [...train.x, ...test.x].sort((a, b) => a - b);
        assert.deepEqual(all, [...samples.x]);
        const full = counts.some((count, name) =>
          learned[name] === 1 && count * wanted / samples.count > tested[name]
        );
        assert.ok(test.count === wanted || full, `${tested} of ${counts}`);
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});

Deno.test("shares of classes go by their largest remainders, and stay what they are", () => {
  // 3 of 15: shares of 1.4, 1 and 0.6.
  const samples = classSamples([7, 5, 3]);
  const { train, test } = trainTestSplit(samples, { seed: 7 });
  assert.deepEqual(countsOf(test, 3), [1, 1, 1]);
  assert.deepEqual([...test.x], [12, 6, 3]);
  assert.deepEqual([...train.x], [8, 7, 10, 14, 0, 9, 4, 13, 2, 1, 5, 11]);
  const plain = trainTestSplit(samples, { seed: 7, stratify: false });
  assert.notDeepEqual(plain.test.x, test.x);
  // A class of one sample is to train, whatever the seed.
  for (let seed = 0; seed < 20; seed++) {
    const { test } = trainTestSplit(classSamples([9, 1]), {
      testFraction: 0.5,
      seed,
    });
    assert.deepEqual(countsOf(test, 2), [5, 0]);
  }
});

Deno.test("rows of a table are split with their lines, by the texts of a column if one is named", async () => {
  const rows = Array.from(
    { length: 20 },
    (_, at) => `${at},${at < 4 ? 1 : "1.0"},${at % 4 ? "a" : "b"}`,
  );
  const table = await parseCsv(`n,one,kind\n${rows.join("\n")}\n`);
  const { train, test } = trainTestSplit(table, { stratify: "kind", seed: 2 });
  assert.deepEqual([train.rows.length, test.rows.length], [16, 4]);
  assert.deepEqual(test.rows.map(([, , kind]) => kind).sort(), [..."aaab"]);
  for (const part of [train, test]) {
    assert.deepEqual(part.rows.map(([n]) => Number(n) + 2), part.lines);
    assert.deepEqual(part.columns, table.columns);
  }
  assert.deepEqual(
    trainTestSplit(table, { stratify: -1, seed: 2 }),
    { train, test },
  );
  // 1 and 1.0 are the same, so that nothing tells the rows apart.
  const same = trainTestSplit(table, { stratify: "one", seed: 2 });
  assert.deepEqual(same, trainTestSplit(table, { seed: 2 }));
  assert.throws(
    () => trainTestSplit(table, { stratify: "kinds" }),
    matches(
      RangeError,
      "Cannot read 'table' as 'stratify' must be 'n' or 'one' or 'kind': current value is 'kinds', did you mean 'kind'?",
    ),
  );
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
      fc.integer({ min: 3, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(0, 0.1, 0.5, 1),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.constantFrom(Int32Array, Uint16Array),
      (count, inputs, density, seed, Index) => {
        const samples = sparse(seed % 1000, count, inputs, density, Index);
        const { train, test } = trainTestSplit(samples, {
          testFraction: 0.5,
          seed: seed,
        });
        assert.deepEqual(
          { train: full(train), test: full(test) },
          trainTestSplit(full(samples), { testFraction: 0.5, seed: seed }),
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
  "'testFraction' must be between 0 and 1, and such that of 50 samples both parts get some";
const MADE =
  "samples, as samplesFrom({ x, y }) or samplesFrom({ x, labels }) makes them";

/** Arguments that can't be split, and what is said of them. */
const DEFECTS: Defect<[unknown, unknown?]>[] = [
  [
    [SAMPLES, { testFraction: 0.001 }],
    RangeError,
    `${PART}: current value is 0.001`,
  ],
  [
    [SAMPLES, { testFraction: 0.999 }],
    RangeError,
    `${PART}: current value is 0.999`,
  ],
  [[SAMPLES, { testFraction: 0 }], RangeError, `${PART}: current value is 0`],
  [
    [SAMPLES, { testFraction: -0.5 }],
    RangeError,
    `${PART}: current value is -0.5`,
  ],
  [
    [SAMPLES, { testFraction: 1.5 }],
    RangeError,
    `${PART}: current value is 1.5`,
  ],
  [
    [SAMPLES, { testFraction: NaN }],
    RangeError,
    `${PART}: current value is NaN`,
  ],
  [
    [SAMPLES, { testFraction: "0.2" }],
    TypeError,
    `${PART}: current value is '0.2'`,
  ],
  [
    [SAMPLES, 0.2],
    TypeError,
    "'options' must be an object: current value is 0.2",
  ],
  [
    [SAMPLES, { testSize: 0.2 }],
    TypeError,
    "'testSize' is no option: did you mean 'testFraction'?",
  ],
  [
    [SAMPLES, { seed: "1" }],
    TypeError,
    "'seed' must be a whole number from 0 to 4294967295: current value is '1'",
  ],
  [
    [SAMPLES, { stratify: "kind" }],
    TypeError,
    "'stratify' must be true or false: current value is 'kind'",
  ],
  [
    [
      { ...SAMPLES, y: new Float32Array(50).fill(2), outputs: 1 },
      { stratify: true },
    ],
    RangeError,
    "targets must be classes, one 1 among zeros or a single 0 or 1, for 'stratify': those of sample 0 are not",
  ],
  [
    [TABLE, { stratify: true, testFraction: 0.5 }],
    TypeError,
    "'stratify' must be the name or the number of a column of a table: current value is true",
  ],
  [
    [TABLE, { stratify: "kind", testFraction: 0.5 }],
    RangeError,
    "each class has a single sample, which is to train: 'stratify' must be left out, or false for samples",
  ],
  [
    [SAMPLES, { seed: -1 }],
    RangeError,
    "'seed' must be a whole number from 0 to 4294967295: current value is -1",
  ],
  [
    [[[1], [2]], { testFraction: 0.5 }],
    TypeError,
    `'samples' must be ${MADE}: current value is [[1], [2]]`,
  ],
  [
    [undefined, { testFraction: 0.5 }],
    TypeError,
    `'samples' must be ${MADE}: current value is undefined`,
  ],
  [
    [null, { testFraction: 0.5 }],
    TypeError,
    `'samples' must be ${MADE}: current value is null`,
  ],
  [
    [{ x: [[1]], y: [[1]] }, { testFraction: 0.5 }],
    TypeError,
    "'samples' must be samples: write samplesFrom({ x, y }): current value is Object",
  ],
  [
    [SAMPLES.x, { testFraction: 0.5 }],
    TypeError,
    `'samples' must be ${MADE}: current value is Float32Array`,
  ],
  [
    [{ ...SAMPLES, count: 40 }, { testFraction: 0.5 }],
    RangeError,
    "'x.length' must be 120 (count · inputs): current value is 150",
  ],
  [
    [{ ...SAMPLES, outputs: 0 }, { testFraction: 0.5 }],
    RangeError,
    "'outputs' must be a whole number of 1 or more: current value is 0",
  ],
  [
    [{ ...SAMPLES, y: [1, 2] }, { testFraction: 0.5 }],
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
