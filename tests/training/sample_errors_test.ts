import assert from "node:assert/strict";
import {
  Mlp,
  parseCsv,
  type Samples,
  samplesFrom,
  type SparseSamples,
} from "../../mod.ts";
import { type Defect, matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

const [T, R] = [TypeError, RangeError];
const SAMPLES = randomSamples(4, 3, 2, 1);

const SPARSE: SparseSamples = {
  ...SAMPLES,
  x: {
    data: Float32Array.of(1, 2, 3),
    indices: Int32Array.of(0, 2, 1),
    indptr: Int32Array.of(0, 2, 2, 2, 3),
  },
};

const sparse = (change: Partial<SparseSamples["x"]>) => ({
  ...SPARSE,
  x: { ...SPARSE.x, ...change },
});

/** Samples with a wrong shape, which is found at once. */
const SHAPES: Defect[] = [
  [
    { ...SAMPLES, count: 0 },
    R,
    "'count' must be a whole number of 1 or more: current value is 0",
  ],
  [
    { ...SAMPLES, inputs: 2 },
    R,
    "'inputs' must be 3 as in the network: current value is 2",
  ],
  [
    { ...SAMPLES, outputs: 1 },
    R,
    "'outputs' must be 2 as in the network (one for each class, as samplesFrom({ x, labels }) makes them): current value is 1",
  ],
  [
    samplesFrom({ x: SAMPLES.x, inputs: 3, labels: [1, 2, 1, 2] }),
    R,
    "'outputs' must be 2 as in the network (classes count from 0, and no sample is of class 0): current value is 3",
  ],
  [
    randomSamples(4, 2, 3, 1),
    R,
    "'inputs' must be 3 as in the network (x and y seem to be swapped): current value is 2",
  ],
  [
    { ...SAMPLES, x: [1, 2, 3] },
    T,
    "'x' must be a Float32Array, as samplesFrom({ x, y }) makes it: current value is [1, 2, 3]",
  ],
  [
    { ...SAMPLES, y: new Float64Array(8) },
    T,
    "'y' must be a Float32Array, as samplesFrom({ x, y }) makes it: current value is Float64Array",
  ],
  [
    { ...SAMPLES, x: new Float32Array(11) },
    R,
    "'x.length' must be 12 (count · inputs): current value is 11",
  ],
  [
    { ...SAMPLES, y: new Float32Array(9) },
    R,
    "'y.length' must be 8 (count · outputs): current value is 9",
  ],
  [
    sparse({ data: [1, 2, 3] as unknown as Float32Array }),
    T,
    "'x.data' must be Float32Array: current value is [1, 2, 3]",
  ],
  [
    sparse({ indices: Int32Array.of(0, 3, 1) }),
    R,
    "'x.indices[1]' must be from 0 to 2 in row 0: current value is 3",
  ],
  [
    sparse({ indptr: Int32Array.of(0, 2, 3) }),
    R,
    "'x.indptr.length' must be 5: current value is 3",
  ],
];

const TABLE = await parseCsv("size,kind\n1,a\n2,b\n", { name: "things.csv" });
const [BY_Y, BY_LABELS] = [
  "samplesFrom({ x, y })",
  "samplesFrom({ x, labels })",
];
const MADE = `samples, as ${BY_Y} or ${BY_LABELS} makes them`;

/** What isn't samples; what to write instead, and how the value is shown. */
const OTHERS: [unknown, string, string][] = [
  [undefined, MADE, "undefined"],
  [null, MADE, "null"],
  [5, MADE, "5"],
  [[[1, 2], [3, 4]], MADE, "[[1, 2], [3, 4]]"],
  [SAMPLES.x, MADE, "Float32Array"],
  [
    { x: SAMPLES.x, y: SAMPLES.y },
    `samples: write ${BY_Y}`,
    "Object",
  ],
  [{ x: [[1]], labels: [0] }, `samples: write ${BY_LABELS}`, "Object"],
  [
    { name: "digits", train: SAMPLES, test: SAMPLES },
    "a part of the dataset: its train or test",
    "Object",
  ],
  [
    TABLE,
    "samples: write await encoder.samples(table), with a TableEncoder",
    "Object",
  ],
  [
    Promise.resolve(SAMPLES),
    "samples: write await before them",
    "Promise",
  ],
];

Deno.test("what isn't samples is refused with what to write", async () => {
  const mlp = new Mlp({ preset: "article", layers: [3, 2] });
  for (const [value, wanted, shown] of OTHERS) {
    const given = value as Samples;
    const message = (action: string, name: string, more = "") =>
      matches(
        T,
        `Cannot ${action} as '${name}' must be ${wanted}${more}: current value is ${shown}`,
      );
    await assert.rejects(mlp.partialFit(given), message("train", "samples"));
    await assert.rejects(mlp.evaluate(given), message("evaluate", "samples"));
    await assert.rejects(
      mlp.fit(given),
      message(
        "train",
        "samples",
        ", or a function that gives them in pieces, as () => pieces",
      ),
    );
    // Of pieces, a promise is waited for.
    if (!(value instanceof Promise)) {
      await assert.rejects(
        mlp.fit(() => [given]),
        message("train", "samples"),
      );
    }
    if (value === undefined) continue;
    const options = { validationData: given };
    await assert.rejects(
      mlp.fit(SAMPLES, options),
      message("train", "validationData"),
    );
    await assert.rejects(
      mlp.fit(() => [SAMPLES], options),
      message("train in pieces", "validationData"),
    );
  }
});

Deno.test("functions that don't give pieces are refused", async () => {
  const mlp = new Mlp({ preset: "article", layers: [3, 2] });
  for (
    const [source, shown] of [
      [() => SAMPLES, "Object"],
      [() => undefined, "undefined"],
      [() => Promise.resolve([SAMPLES]), "Promise"],
    ] as [() => unknown, string][]
  ) {
    await assert.rejects(
      mlp.fit(source as () => []),
      matches(
        T,
        `Cannot train in pieces as 'what the function returns' must be an array of samples, or what an async function* returns: current value is ${shown}`,
      ),
    );
  }
});

Deno.test("fit() names what is wrong with the shape of samples", async () => {
  const mlp = new Mlp({ preset: "article", layers: [3, 2] });
  for (const [samples, type, message] of SHAPES) {
    const wrong = samples as Samples;
    await assert.rejects(
      mlp.fit(wrong),
      matches(type, `Cannot train as ${message}`),
    );
    await assert.rejects(
      mlp.fit(SAMPLES, { validationData: wrong }),
      matches(type, `Cannot validate as ${message}`),
    );
  }
});

Deno.test("evaluate() names what is wrong with the shape of samples", async () => {
  const mlp = new Mlp({ preset: "article", layers: [3, 2] });
  for (const [samples, type, message] of SHAPES) {
    await assert.rejects(
      mlp.evaluate(samples as Samples),
      matches(type, `Cannot evaluate as ${message}`),
    );
  }
});

/** Samples with invalid values. */
const VALUES: [Samples | SparseSamples, string][] = [
  [
    { ...SAMPLES, x: SAMPLES.x.with(5, NaN) },
    "'x of sample 1 at 2' must be a finite number: current value is NaN",
  ],
  [
    { ...SAMPLES, x: SAMPLES.x.with(0, -Infinity) },
    "'x of sample 0 at 0' must be a finite number: current value is -Infinity",
  ],
  [
    sparse({ data: Float32Array.of(1, 2, NaN) }),
    "'x.data[2]' must be a finite number: current value is NaN",
  ],
  [
    { ...SAMPLES, y: SAMPLES.y.with(7, 1.5) },
    "'y of sample 3 at 1' must be from 0 to 1, or the network made with task: 'numbers': current value is 1.5",
  ],
  [
    { ...SAMPLES, y: SAMPLES.y.with(2, NaN) },
    "'y of sample 1 at 0' must be from 0 to 1, or the network made with task: 'numbers': current value is NaN",
  ],
];

Deno.test("a value that samples must not hold is named by its place", async () => {
  const mlp = new Mlp({ preset: "article", layers: [3, 2] });
  for (const [samples, message] of VALUES) {
    const cases: [string, () => Promise<unknown>][] = [
      ["train", () => mlp.fit(samples)],
      ["validate", () => mlp.fit(SAMPLES, { validationData: samples })],
      ["evaluate", () => mlp.evaluate(samples)],
    ];
    for (const [action, use] of cases) {
      await assert.rejects(use, matches(R, `Cannot ${action} as ${message}`));
    }
  }
  // Those that are held back are named by their places in the whole.
  await assert.rejects(
    mlp.fit(VALUES[3][0], { validationSplit: 0.5 }),
    matches(
      R,
      "Cannot train as 'y of sample 3 at 1' must be from 0 to 1, or the network made with task: 'numbers': current value is 1.5",
    ),
  );
});

Deno.test("linear outputs take targets of any size, but no NaN", async () => {
  await using mlp = new Mlp({
    preset: "article",
    layers: [3, 2],
    output: "linear",
    workers: 1,
  });
  await mlp.fit({ ...SAMPLES, y: SAMPLES.y.with(3, -7.5) }, { epochs: 1 });
  await assert.rejects(
    mlp.fit({ ...SAMPLES, y: SAMPLES.y.with(3, NaN) }, { epochs: 1 }),
    matches(
      R,
      "Cannot train as 'y of sample 1 at 1' must be a finite number: current value is NaN",
    ),
  );
});

Deno.test("samples that a linear network accepted are checked again for another one", async () => {
  await using linear = new Mlp({
    preset: "article",
    layers: [3, 2],
    output: "linear",
    workers: 1,
  });
  const samples = { ...SAMPLES, y: SAMPLES.y.with(3, -7.5) };
  await linear.fit(samples, { epochs: 1 });
  await assert.rejects(
    new Mlp({ preset: "article", layers: [3, 2] }).fit(samples),
    matches(
      R,
      "Cannot train as 'y of sample 1 at 1' must be from 0 to 1, or the network made with task: 'numbers': current value is -7.5",
    ),
  );
});

Deno.test("predict() names what is wrong with sparse rows", async () => {
  const mlp = new Mlp({ preset: "article", layers: [3, 2] });
  const cases: Defect<SparseSamples>[] = [
    [
      sparse({ data: Float32Array.of(1, NaN, 2) }),
      R,
      "'x.data[1]' must be a finite number: current value is NaN",
    ],
    [
      sparse({ indices: Int32Array.of(0, 3, 1) }),
      R,
      "'x.indices[1]' must be from 0 to 2 in row 0: current value is 3",
    ],
    [
      sparse({ indptr: [0, 3] as unknown as Int32Array }),
      T,
      "'x.indptr' must be Int32Array or Uint32Array: current value is [0, 3]",
    ],
  ];
  for (const [{ x }, type, message] of cases) {
    await assert.rejects(
      mlp.predict(x),
      matches(type, `Cannot predict as ${message}`),
    );
  }
});

Deno.test("predict() says what to write instead of what isn't inputs", async () => {
  const mlp = new Mlp({ preset: "article", layers: [3, 2] });
  const cases: [unknown, string][] = [
    [
      SAMPLES,
      "'x' must be the inputs alone: write .x: current value is Object",
    ],
    [
      TABLE,
      "'x' must be inputs: make the network with an encoder, or write await encoder.inputs(table): current value is Object",
    ],
    [
      Promise.resolve([[1, 2, 3]]),
      "'x' must be inputs: write await before them: current value is Promise",
    ],
    [
      [1, 2, 3],
      "'x[0]' must be an array of the numbers of a sample (for a single one, [[…]]): current value is 1",
    ],
    [
      [[1, 2, 3], null],
      "'x[1]' must be an array of the numbers of a sample (for a single one, [[…]]): current value is null",
    ],
    [
      undefined,
      "'x' must be an array of arrays or a typed array: current value is undefined",
    ],
  ];
  for (const [value, message] of cases) {
    await assert.rejects(
      mlp.predict(value as []),
      matches(T, `Cannot predict as ${message}`),
    );
  }
});
