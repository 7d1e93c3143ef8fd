/** Missing cells: what stands for them, what tells of them, and what is kept with a model. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type EncoderOptions, Mlp, parseCsv, TableEncoder } from "../../mod.ts";
import { medianOf } from "../../src/data/impute.ts";
import { MissingWords } from "../../src/data/missing_cells.ts";

const TEXT = `age,color,smokes,day,y
20,red,yes,2024-01-01,1.5
,red,no,2024-01-03,2.5
50,.,yes,?,3.5
30,blue,-,2024-01-02,4.5
40,red,no,2024-01-08,
`;

async function fitted(options: EncoderOptions = {}) {
  const table = await parseCsv(TEXT, { name: "t.csv" });
  const encoder = await TableEncoder.fit(table, {
    ...{ task: "numbers", scale: "none" },
    ...options,
  });
  const { x, y } = await encoder.samples(table);
  return { encoder, x: [...x], y: [...y], table };
}

Deno.test("the median, the mean or the most frequent one stands for a missing cell, and a flag tells of it", async () => {
  const { encoder, x, y } = await fitted();
  assert.deepEqual(y, [1.5, 2.5, 3.5, 4.5]);
  assert.deepEqual(encoder.notes, [
    "1 of 5 rows are left out, as 'y' is missing, first in line 6",
  ]);
  const width = encoder.inputCount;
  assert.deepEqual(
    encoder.table.columns.map(({ missing, inputs }) => [missing, inputs]),
    [[1, 2], [1, 3], [1, 2], [1, 4], [0, 0]],
  );
  const row = (at: number) => x.slice(width * at, width * (at + 1));
  const days = (part: number) =>
    [Math.sin(2 * Math.PI * part / 7), Math.cos(2 * Math.PI * part / 7)]
      .map(Math.fround);
  // Age and its flag, blue, red and the flag, smokes and its flag, days with Monday as 0, and the flag.
  assert.deepEqual(row(0), [20, 0, 0, 1, 0, 1, 0, 0, ...days(0), 0]);
  assert.deepEqual(row(1), [30, 1, 0, 1, 0, 0, 0, 2, ...days(2), 0]);
  assert.deepEqual(row(2).slice(0, 8), [50, 0, 0, 0, 1, 1, 0, 1]);
  assert.deepEqual(row(3).slice(0, 8), [30, 0, 1, 0, 0, 1, 1, 1]);
  assert.equal((await fitted({ missingFlags: false })).x.length, 4 * 7);
  const mean = await fitted({ impute: "mean" });
  assert.equal(mean.x[width], Math.fround(100 / 3));
  assert.equal(mean.x[3 * width + 5], Math.fround(2 / 3));
  const frequent = await fitted({ impute: "frequent" });
  assert.equal(frequent.x[width], 20);
  assert.deepEqual(frequent.x.slice(2 * width + 2, 2 * width + 5), [0, 1, 1]);
});

Deno.test("missing cells and targets are refused where that is asked for, all of them at once", async () => {
  await assert.rejects(fitted({ impute: "refuse" }), {
    name: "RangeError",
    message:
      "Cannot read 't.csv' as 4 cells must be a value: line 3, age has ''; line 4, color has '.'; line 4, day has '?'; line 5, smokes has '-'",
  });
  await assert.rejects(fitted({ missingTargets: "refuse" }), {
    name: "RangeError",
    message:
      "Cannot read 't.csv' as 'line 6, y' must be a value: current value is ''",
  });
});

Deno.test("None is a class, and no value among inputs; words may be added", async () => {
  const rows = [[1, "none"], [null, "mild"], ["None", "n/a"], [-999, "mild"]];
  const encoder = await TableEncoder.fit(rows as never, { missing: ["-999"] });
  assert.deepEqual(encoder.classNames, ["mild", "none"]);
  const { x, count } = await encoder.samples(rows as never);
  assert.deepEqual([count, [...x]], [3, [1, 0, 1, 1, 1, 1]]);
  const words = new MissingWords(["Unknown"]);
  for (const cell of [" unknown ", "UNKNOWN", "", " ", "#N/A", "--", "nUll"]) {
    assert.ok(words.has(cell), cell);
  }
  for (const cell of ["0", "no", "nano", "---", "a longer text than any"]) {
    assert.ok(!words.has(cell), cell);
  }
});

Deno.test("what training had not is counted, and stands in every file of the model", async () => {
  const rows = [
    ...[{ age: 20, on: true, y: "a" }, { age: 30, on: false, y: "b" }],
    ...[{ age: 60, on: true, y: "b" }],
  ];
  const encoder = await TableEncoder.fit(rows, { missing: ["gone"] });
  await using mlp = new Mlp({ encoder, hidden: [], workers: 1 });
  const news = [{ age: null }, { age: 25, on: "gone" }, { age: NaN, on: 0 }];
  const folder = await Deno.makeTempDir();
  try {
    const first = await mlp.predictTable(news as never);
    for (const ending of ["json", "safetensors", "onnx"]) {
      await mlp.save(`${folder}/m.${ending}`);
      await using again = await Mlp.load(`${folder}/m.${ending}`, {
        workers: 1,
      });
      const notes: string[] = [];
      const onNote = (text: string) => notes.push(text);
      const found = await again.predictTable(news as never, { onNote });
      assert.deepEqual(found, first);
      assert.deepEqual(notes, [
        "'age' is missing in 2 of 3 rows, taken as 30",
        "'on' is missing in 2 of 3 rows, taken as 1",
      ]);
      assert.deepEqual(again.encoder!.toParts(), encoder.toParts());
      assert.equal(again.encoder!.summary(), encoder.summary());
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the median of many numbers is that of all of them sorted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 25_000 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.boolean(),
      async (length, different, skewed) => {
        const values = Float32Array.from({ length }, (_, at) => {
          const value = at * 7919 % different;
          return skewed ? Math.exp(value / 20) : value;
        });
        const sorted = values.slice().sort();
        const [low, high] = [sorted[(length - 1) >> 1], sorted[length >> 1]];
        assert.equal(await medianOf(values), low / 2 + high / 2);
      },
    ),
    { seed: 1, numRuns: 40 },
  );
});

Deno.test("what stands for a cell is told as people write it, and the first bad cells by their lines", async () => {
  const rows = Array.from({ length: 30 }, (_, n) => ({
    weight: n < 15 ? 44.1 : 44.1 + n - 15,
    Nr: n + 1,
    price: n % 3,
  }));
  const encoder = await TableEncoder.fit(rows, {
    ...{ target: "price", task: "numbers" },
  });
  assert.deepEqual(encoder.columns.map(({ name }) => name), ["weight"]);
  const notes: string[] = [];
  await encoder.inputs([{ weight: null }], {
    onNote: (note: string) => notes.push(note),
  });
  assert.match(notes.join("\n"), /taken as 44\.1\b/);
  const bad = (row: number) => row === 2 || row === 9 || row === 20;
  const broken = rows.map((row, n) => bad(n) ? { ...row, weight: "x" } : row);
  await assert.rejects(encoder.inputs(broken.toReversed()), {
    name: "RangeError",
    message:
      /rows\[9\], weight has 'x'; rows\[20\], weight has 'x'; rows\[27\], weight has 'x'/,
  });
});
