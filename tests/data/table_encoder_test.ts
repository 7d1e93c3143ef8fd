/** Tables and rows of one's own to samples, and outputs back to words. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type EncoderOptions,
  type EncoderParts,
  Mlp,
  parseCsv,
  TableEncoder,
  type TableRow,
  trainTestSplit,
} from "../../mod.ts";
import { matches } from "../defects.ts";
import { encoded } from "../tables.ts";

const FRUIT: Record<string, string | number>[] = [
  { size: 7, color: "red", fruit: "apple" },
  { size: 8, color: "green", fruit: "apple" },
  { size: 19.5, color: "yellow", fruit: "banana" },
  { size: 18, color: "green", fruit: "banana" },
];

const TEXT = `size,color,fruit\n${
  FRUIT.map((row) => Object.values(row).join(",")).join("\n")
}\n`;

Deno.test("a table, arrays and objects make the same samples", async () => {
  const { encoder, samples } = await encoded(TEXT);
  assert.deepEqual([encoder.inputCount, encoder.outputCount], [4, 2]);
  assert.deepEqual([...samples.x.subarray(0, 8)], [7, 0, 1, 0, 8, 1, 0, 0]);
  const arrays = FRUIT.map((row) => Object.values(row));
  const byName = await TableEncoder.fit(FRUIT, { target: "fruit" });
  const byOrder = await TableEncoder.fit(arrays);
  assert.deepEqual(byName.toParts(), encoder.toParts());
  assert.deepEqual(await byName.samples(FRUIT), samples);
  assert.deepEqual(await byOrder.samples(arrays), samples);
  assert.deepEqual(byOrder.targetNames, ["column 3"]);
  const inputs = arrays.map(([size, color]) => [size, color]);
  const turned = FRUIT.map(({ size, color }) => ({ color, size }));
  for (const rows of [inputs, turned, FRUIT, await parseCsv(TEXT)]) {
    assert.deepEqual(await encoder.inputs(rows), samples.x);
  }
  assert.deepEqual(await encoder.targets(FRUIT), samples.y);
  assert.deepEqual(
    await encoder.targets(FRUIT.map(({ fruit }) => ({ fruit }))),
    samples.y,
  );
});

Deno.test("numbers are scaled by the training rows alone, categories stay 0 and 1", async () => {
  const { inputScaling } = (await encoded(TEXT)).encoder;
  const mean = (7 + 8 + 19.5 + 18) / 4;
  const deviation = Math.sqrt(
    [7, 8, 19.5, 18].reduce((sum, size) => sum + (size - mean) ** 2, 0) / 4,
  );
  assert.deepEqual(inputScaling, {
    offset: [mean, 0, 0, 0],
    scale: [Math.fround(1 / deviation), 1, 1, 1],
  });
  const range = await encoded(TEXT, { scale: "minmax" });
  assert.deepEqual(range.encoder.inputScaling, {
    offset: [7, 0, 0, 0],
    scale: [Math.fround(1 / 12.5), 1, 1, 1],
  });
  const none = await encoded(TEXT, { scale: "none" });
  assert.equal(none.encoder.inputScaling, undefined);
  assert.equal(none.encoder.targetScaling, undefined);
});

Deno.test("a text that training had not is told of, and a class that only others have is known if they are given", async () => {
  const table = await parseCsv(TEXT);
  const train = { ...table, rows: table.rows.slice(2), lines: [4, 5] };
  const test = { ...table, rows: table.rows.slice(0, 2), lines: [2, 3] };
  await assert.rejects(
    TableEncoder.fit(train),
    matches(
      RangeError,
      "Cannot read 'table' as 'classes in fruit' must be two or more: current value is ['banana']",
    ),
  );
  const encoder = await TableEncoder.fit(train, { whole: table });
  assert.deepEqual(encoder.classNames, ["apple", "banana"]);
  const notes: string[] = [];
  const { x } = await encoder.samples(test, {
    onNote: (text) => notes.push(text),
  });
  assert.deepEqual([...x], [7, 0, 0, 8, 1, 0]);
  assert.deepEqual(notes, [
    "'color' has what training had not in 1 of 2 rows, such as 'red' in line 2, taken for none of its categories",
  ]);
  assert.equal(encoder.inputScaling!.offset[0], 18.75);
});

Deno.test("numbers and labels are targets of several columns", async () => {
  const text = "x,y,left,low\n-2,-1,1,1\n-1,3,1,0\n2,-3,0,0.5\n";
  const options: EncoderOptions = { target: ["low", "left"] };
  const labels = await encoded(text, { ...options, task: "labels" });
  assert.deepEqual(labels.encoder.classNames, ["low", "left"]);
  assert.deepEqual([...labels.samples.y], [1, 1, 0, 1, 0.5, 0]);
  assert.equal(labels.encoder.targetScaling, undefined);
  const numbers = await encoded(text, options);
  assert.equal(numbers.encoder.task, "numbers");
  assert.equal(numbers.encoder.classNames, undefined);
  assert.deepEqual(numbers.samples, labels.samples);
  assert.equal(numbers.encoder.targetScaling!.center[0], 0.5);
  await assert.rejects(
    encoded("x,a\n1,0\n2,2\n", { task: "labels" }),
    matches(
      RangeError,
      "Cannot read 't.csv' as 'line 3, a' must be 0 or 1, or a probability between them: current value is '2'",
    ),
  );
  const tasks: [EncoderOptions, string][] = [
    [{}, "classes"],
    [{ target: "x" }, "classes"],
    [{ target: "x", task: "numbers" }, "numbers"],
    [{ target: ["left", "low"] }, "numbers"],
    [{ target: ["left", "low"], task: "labels" }, "labels"],
  ];
  const whole = await parseCsv("x,y,left,low\n-2,-1,1,1\n-1,3,1,0\n");
  for (const [options, task] of tasks) {
    assert.equal(await TableEncoder.taskOf(whole, options), task);
  }
});

Deno.test("outputs become words", async () => {
  const { encoder } = await encoded(TEXT);
  const found = await encoder.decode(Float32Array.of(0.25, 0.75, 0.5, 0.5));
  assert.deepEqual(found, [
    {
      task: "classes",
      label: "banana",
      probability: 0.75,
      probabilities: { apple: 0.25, banana: 0.75 },
    },
    {
      task: "classes",
      label: "apple",
      probability: 0.5,
      probabilities: { apple: 0.5, banana: 0.5 },
    },
  ]);
  const parts = { ...encoder.toParts(), targetNames: ["a", "__proto__"] };
  const labels = TableEncoder.from({
    ...{ ...parts, task: "labels", classNames: parts.targetNames },
  });
  const [both, neither] = await labels.decode([0.5, 0.75, 0.25, 0]);
  assert.ok(both.task === "labels" && neither.task === "labels");
  assert.deepEqual(both.labels, ["a", "__proto__"]);
  assert.deepEqual(Object.entries(neither.probabilities), [
    ["a", 0.25],
    ["__proto__", 0],
  ]);
  assert.deepEqual(neither.labels, []);
  const { classNames: _, ...rest } = parts;
  const numbers = TableEncoder.from({ ...rest, task: "numbers" });
  const [row] = await numbers.decode([123.5, -4]);
  assert.ok(row.task === "numbers");
  assert.deepEqual(Object.entries(row.values), [["a", 123.5], [
    "__proto__",
    -4,
  ]]);
  await assert.rejects(
    numbers.decode([1, 2, 3]),
    matches(
      RangeError,
      "Cannot decode as 'outputs.length' must be a multiple of 2: current value is 3",
    ),
  );
  await assert.rejects(
    numbers.decode([1, 2, 3, NaN]),
    matches(
      RangeError,
      "Cannot decode as 'outputs[3]' must be a number: current value is NaN",
    ),
  );
});

/** Rows that an encoder of FRUIT can't take, and what is said of them. */
const DEFECTS: [unknown, ErrorConstructor, string][] = [
  [[], RangeError, "'rows.length' must be 1 or more: current value is 0"],
  [[[]], RangeError, "'rows[0].length' must be 1 or more: current value is 0"],
  [
    [5],
    TypeError,
    "'rows[0]' must be an array of cells, or an object of them by the names of the columns: current value is 5",
  ],
  [
    [Float32Array.of(7, 1)],
    TypeError,
    "'rows[0]' must be an array of cells, or an object of them by the names of the columns: current value is Float32Array",
  ],
  [
    [FRUIT[0], [7, "red"]],
    TypeError,
    "'rows[1]' must be an object of cells by the names of the columns, as the first one: current value is [7, 'red']",
  ],
  [
    [[7, "red"], FRUIT[0]],
    TypeError,
    "'rows[1]' must be an array of cells, as the first one: current value is Object",
  ],
  [
    [[7, "red"], [7]],
    RangeError,
    "'rows[1].length' must be 2 as in the first: current value is 1",
  ],
  [
    [{ size: 7, color: "red" }, { size: 8, colour: "red" }],
    RangeError,
    "'colour' in 'rows[1]' is no column: did you mean 'color'?",
  ],
  [
    [{ size: 7, color: "red", weight: 3 }],
    RangeError,
    "'weight' in 'rows[0]' is no column",
  ],
  [
    [{ size: 8 }],
    RangeError,
    "a row must have 'color', if only as null: columns are 'size'",
  ],
  [
    [FRUIT[0], { size: Infinity, color: "red" }],
    RangeError,
    "'rows[1], size' must be text, a finite number, true or false, a date, or null: current value is Infinity",
  ],
  [
    [{ size: 8, color: ["red"] }],
    TypeError,
    "'rows[0], color' must be text, a finite number, true or false, a date, or null: current value is ['red']",
  ],
  [
    Array.from({ length: 12 }, (_, at) => [at < 11 ? "big" : "x", "red"]),
    RangeError,
    `12 cells must be a number within ±3.4e38: ${
      Array.from({ length: 10 }, (_, at) => `rows[${at}], column 1 has 'big'`)
        .join("; ")
    }; 2 more`,
  ],
  [
    [{ size: "large", color: "red" }],
    RangeError,
    "'rows[0], size' must be a number within ±3.4e38: current value is 'large'",
  ],
  [
    [[1, 2, 3, 4]],
    RangeError,
    "there must be 2 columns, or names of them: columns are 'column 1', 'column 2', 'column 3', 'column 4'",
  ],
];

Deno.test("rows that don't fit are refused with row and column", async () => {
  const { encoder } = await encoded(TEXT);
  for (const [rows, type, message] of DEFECTS) {
    await assert.rejects(
      encoder.inputs(rows as TableRow[]),
      matches(type, `Cannot read 'rows' as ${message}`),
    );
  }
  const some = await encoder.samples([FRUIT[0], { size: 7, color: "red" }]);
  assert.deepEqual([some.count, some.x.length, some.y.length], [1, 4, 2]);
  await assert.rejects(
    encoder.targets([{ fruit: "cherry" }]),
    matches(
      RangeError,
      "Cannot read 'rows' as 'rows[0], fruit' must be a class that the model knows: current value is 'cherry'",
    ),
  );
  await assert.rejects(
    encoder.samples(await parseCsv("7,red,apple\n8,green,apple\n")),
    matches(
      RangeError,
      "Cannot read 'table' as there must be 'fruit' to learn, or other columns given as 'target': columns are 'column 1', 'column 2', 'column 3'",
    ),
  );
});

/** Changes of the parts of an encoder of FRUIT, and what is said of them. */
const PARTS: [object, ErrorConstructor, string][] = [
  [
    { size: 3 },
    RangeError,
    "'each field of parts' must be task or preprocessing or targetNames or classNames or targets: current value is 'size'",
  ],
  [
    { task: "sort" },
    RangeError,
    "'task' must be 'classes' or 'labels' or 'numbers': current value is 'sort'",
  ],
  [
    { preprocessing: {} },
    TypeError,
    "'preprocessing.columns' must be an array of columns: current value is undefined",
  ],
  [
    {
      preprocessing: {
        columns: [{ name: "size", kind: "number" }],
        offset: [0, 0],
        scale: [1, 1],
      },
    },
    RangeError,
    "'preprocessing.scale.length' must be 1 for 1 inputs: current value is 2",
  ],
  [
    { preprocessing: { columns: [{ name: "size", kind: "time" }] } },
    RangeError,
    "'preprocessing.columns[0].kind' must be 'number' or 'boolean' or 'date' or 'ordinal' or 'category': current value is 'time'",
  ],
  [
    { targetNames: [] },
    RangeError,
    "'targetNames' must be one name or more: current value is []",
  ],
  [
    { targetNames: undefined },
    TypeError,
    "'targetNames' must be an array of strings: current value is undefined",
  ],
  [
    { targetNames: ["a", "b"] },
    RangeError,
    "'targetNames.length' must be 1 for classes: current value is 2",
  ],
  [
    { classNames: ["a", "a"] },
    RangeError,
    "'classNames[1]' must be another one than classNames[0]: current value is 'a'",
  ],
  [
    { classNames: undefined },
    TypeError,
    "'classNames' must be an array of strings: current value is undefined",
  ],
  [
    { task: "labels" },
    RangeError,
    "'classNames.length' must be 1 for 1 labels: current value is 2",
  ],
  [
    { task: "numbers" },
    RangeError,
    "'classNames' must be left out for the task 'numbers': current value is ['apple', 'banana']",
  ],
  [
    { targets: { center: [0], unit: [1] } },
    RangeError,
    "'targets' must be left out for the task 'classes': current value is Object",
  ],
  [
    {
      task: "numbers",
      classNames: undefined,
      targets: { center: [0, 0], unit: [1, 1] },
    },
    RangeError,
    "'targets.unit.length' must be 1 for 1 targets: current value is 2",
  ],
];

Deno.test("parts of an encoder that don't fit each other are refused", async () => {
  const parts = (await encoded(TEXT)).encoder.toParts();
  for (const [change, type, message] of PARTS) {
    assert.throws(
      () => TableEncoder.from({ ...parts, ...change } as EncoderParts),
      matches(type, `Cannot make an encoder as ${message}`),
    );
  }
});

Deno.test("targets are found elsewhere where that is said", async () => {
  const { encoder, samples } = await encoded(TEXT);
  const plain = await parseCsv(
    FRUIT.map(({ size, color, fruit }) => `${fruit},${size},${color}`)
      .join("\n"),
    { header: false },
  );
  assert.deepEqual(await encoder.samples(plain, { target: 0 }), samples);
  const kinds = FRUIT.map(({ fruit, ...rest }) => ({ ...rest, kind: fruit }));
  assert.deepEqual(await encoder.samples(kinds, { target: "kind" }), samples);
  await assert.rejects(
    encoder.samples(plain, { target: [0, 1] }),
    matches(
      RangeError,
      "Cannot read 'table' as 'target' must be 1 column: current value is [0, 1]",
    ),
  );
});

Deno.test("any rows come back: numbers to the float32, texts to their places, classes by decoding", async () => {
  const text = fc.string({ minLength: 1, maxLength: 4 }).map((text) =>
    `t${text}`
  );
  const row = fc.record({
    number: fc.float({ noNaN: true, min: -1000, max: 1000 }),
    text,
    kind: text,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 2, maxLength: 20 }),
      async (rows) => {
        fc.pre(new Set(rows.map(({ kind }) => kind)).size > 1);
        const encoder = await TableEncoder.fit(rows, {
          target: "kind",
          scale: "none",
        });
        const { x, y, inputs } = await encoder.samples(rows);
        const found = await encoder.decode(y);
        const category = encoder.columns[1];
        assert.ok(category.kind === "category");
        for (const [at, { number, text, kind }] of rows.entries()) {
          const own = x.subarray(at * inputs, (at + 1) * inputs);
          assert.equal(own[0] + 0, number + 0);
          assert.equal(category.values[own.indexOf(1, 1) - 1], text);
          const prediction = found[at];
          assert.equal(prediction.task === "classes" && prediction.label, kind);
        }
        const kept = JSON.parse(JSON.stringify(encoder.toParts()));
        assert.deepEqual(
          await TableEncoder.from(kept).samples(rows),
          { x, y, inputs, count: rows.length, outputs: encoder.outputCount },
        );
        const { train, test } = trainTestSplit(await encoder.samples(rows), {
          testFraction: 0.5,
          stratify: false,
        });
        assert.equal(train.count + test.count, rows.length);
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("one row by itself is answered by how rows are written", async () => {
  const encoder = await TableEncoder.fit([[1, "a"], [2, "b"]]);
  await assert.rejects(
    // deno-lint-ignore no-explicit-any
    encoder.inputs({ "column 1": 1 } as any),
    { name: "TypeError", message: /an array of rows: write \[row\] for one: / },
  );
});

Deno.test("samples of another encoder are refused where classes or columns are numbered otherwise", async () => {
  const rows = ["red,1,u", "blue,2,v", "red,4,w", "red,3,u"];
  const of = async (...rows: string[]) => {
    const table = await parseCsv(`c,n,y\n${rows.join("\n")}\n`);
    const encoder = await TableEncoder.fit(table);
    return { encoder, samples: await encoder.samples(table) };
  };
  const { encoder, samples } = await of(...rows);
  await using mlp = new Mlp({ encoder, hidden: [], workers: 1 });
  const again = await of(...rows);
  await mlp.fit(trainTestSplit(again.samples, { stratify: false }).train, {
    epochs: 1,
  });
  // Other rows of the same kind, of which another median would stand for a missing one.
  await mlp.evaluate((await of("blue,9,w", "red,7,v", "red,8,u")).samples);
  const classes = await of("red,1,u", "blue,2,v", "red,4,x");
  await assert.rejects(mlp.evaluate(classes.samples), {
    name: "RangeError",
    message:
      "Cannot evaluate as 'classNames of the samples' must be u, v, w as in the network, whose own encoder makes such samples: await mlp.encoder.samples(table): current value is ['u', 'v', 'x']",
  });
  const held = trainTestSplit(
    (await of("red,1,u", "green,2,v", "red,4,w", "red,1,u")).samples,
    { stratify: false },
  ).test;
  await assert.rejects(mlp.fit(samples, { validationData: held }), {
    message:
      /^Cannot validate as 'column 'c' of the samples' must be as in the network/,
  });
});
