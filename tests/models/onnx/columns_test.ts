/** Graphs that take the cells of a table, by ONNX Runtime. */
import assert from "node:assert/strict";
import {
  type EncoderOptions,
  Mlp,
  TableEncoder,
  type TableRow,
} from "../../../mod.ts";
import { rawColumnsOf } from "../../../src/models/onnx/columns.ts";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import { modelToOnnx } from "../../../src/models/onnx/model_to_onnx.ts";
import { decodeOnnx, encodeOnnx } from "../../../src/models/onnx/messages.ts";
import { assertNear } from "../../assert_close.ts";
import { runOnnxOnCells } from "./run_onnx.ts";

/** Numbers between texts, in two of which some are missing. */
const ROWS = Array.from({ length: 40 }, (_, at) => ({
  city: at % 5 ? `city ${at % 4}` : "",
  income: at % 6 ? 1000 + at * 7 : null,
  smokes: at % 3 ? "Yes" : "no",
  size: "SML"[at % 3],
  age: 20 + at % 9,
  mood: ["good", "bad"][at % 2],
  y: at % 7 + (at % 3) * 2 + 0.5,
}));

const KINDS = { size: "ordinal:S<M<L" };

/** Rows that training had not: missing cells in columns with and without such ones, and texts that aren't known. */
const NEW = [
  ROWS[3],
  { ...ROWS[4], income: null, age: null, city: "NA" },
  { ...ROWS[5], city: "Rome", smokes: "TRUE", mood: "None" },
  { ...ROWS[6], city: "city 2", smokes: "", size: "?", income: -5 },
  { ...ROWS[7], size: "XL", smokes: "off" },
];

/** The same rows as a graph takes them. */
const CELLS = {
  input: NEW.map(({ income, age }) => [income ?? NaN, age ?? NaN]),
  texts: NEW.map(({ city, smokes, size, mood }) => [city, smokes, size, mood]),
};

/** A network that has learned a little of a table, so that each input counts. */
async function learned(rows: readonly TableRow[], options: EncoderOptions) {
  const encoder = await TableEncoder.fit(rows, options);
  const mlp = new Mlp({
    encoder,
    hidden: [5],
    activation: "tanh",
    seed: 1,
    workers: 1,
  });
  const samples = await encoder.samples(rows);
  await mlp.fit(samples, { epochs: 3, learningRate: 0.01 });
  return { mlp, encoder };
}

/** That a graph makes of cells what `predictTable` makes of the rows, and that its file is read again. */
async function requireSame(
  { mlp }: { mlp: Mlp },
  rows: readonly TableRow[],
  cells: Parameters<typeof runOnnxOnCells>[1],
): Promise<Uint8Array> {
  const model = mlp.toModel();
  const bytes = await modelToOnnx(model);
  const found = await mlp.predictTable(rows);
  const { values, dims } = await runOnnxOnCells(bytes, cells);
  assert.deepEqual(dims, [rows.length, 1]);
  for (const [at, one] of found.entries()) {
    assert.ok(one.task === "numbers");
    assertNear(values[at], one.values.y, 1e-5, `row ${at}`);
  }
  assert.ok(new Set(values).size === rows.length);
  assert.deepEqual(await modelFromOnnx(bytes, "a"), model);
  return bytes;
}

for (const impute of ["median", "mean", "frequent"] as const) {
  Deno.test(`a graph takes numbers, NaN and texts as predictTable() takes cells: ${impute}`, async () => {
    const made = await learned(ROWS, { kinds: KINDS, impute });
    await using _ = made.mlp;
    const kinds = made.encoder.columns.map(({ kind }) => kind);
    assert.deepEqual(kinds, [
      ...["category", "number", "boolean", "ordinal", "number", "category"],
    ]);
    await requireSame(made, NEW, CELLS);
  });
}

Deno.test("a graph refuses the texts that predictTable() refuses", async () => {
  const full = ROWS.map((row) => ({ ...row, income: 3, city: row.mood }));
  const made = await learned(full, { impute: "refuse", drop: "city" });
  await using _ = made.mlp;
  const texts = (smokes: string, mood: string) => ({
    input: [[20]],
    texts: [[smokes, "S", mood]],
  });
  const row = { ...ROWS[0], age: 20, smokes: "Y", size: "S", mood: "odd" };
  const { income: _income, city: _city, ...rest } = row;
  const bytes = await requireSame(made, [rest], texts("Y", "odd"));
  for (const [smokes, mood] of [["maybe", "good"], ["yes", ""]]) {
    await assert.rejects(
      runOnnxOnCells(bytes, texts(smokes, mood)),
      /indices element out of data bounds/,
    );
  }
});

Deno.test("dates, and texts that are too many, are taken as encoder.inputs() makes them", async () => {
  const rows = ROWS.map(({ y, income, mood }, at) => ({
    mood,
    day: at % 9 ? `2024-0${1 + at % 3}-1${at % 7}` : "",
    income,
    many: `text ${at % 20 * 60}`,
    y,
  }));
  const extra = Array.from(
    { length: 1200 },
    (_, at) => ({ ...rows[0], many: `text ${at}` }),
  );
  const made = await learned([...rows, ...extra], {
    maxCategories: 2000,
    kinds: { many: "category" },
  });
  await using _ = made.mlp;
  const { encoder } = made;
  const widths = Object.fromEntries(
    rawColumnsOf(encoder.toParts().preprocessing)
      .map(({ column, takes, width }) => [column.name, `${takes} ${width}`]),
  );
  assert.deepEqual(widths, {
    mood: "text 1",
    day: "inputs 6",
    income: "number 1",
    many: "inputs 1200",
  });
  const some = rows.slice(0, 4);
  const x = await encoder.inputs(some);
  const input = some.map(({ income }, at) => {
    const own = [...x.subarray(at * encoder.inputCount)];
    return [...own.slice(2, 8), income ?? NaN, ...own.slice(10, 1210)];
  });
  await requireSame(made, some, {
    input,
    texts: some.map(({ mood }) => [mood]),
  });
});

Deno.test("a file whose nodes of columns another program has changed is refused", async () => {
  const made = await learned(ROWS, { kinds: KINDS });
  await using _ = made.mlp;
  const file = await decodeOnnx(await modelToOnnx(made.mlp.toModel()), "a");
  const initializer = file.graph!.initializer.map((tensor) =>
    tensor.name === "columns.fill"
      ? { ...tensor, rawData: new Uint8Array(tensor.rawData!.length) }
      : tensor
  );
  const changed = { ...file, graph: { ...file.graph!, initializer } };
  await assert.rejects(
    modelFromOnnx(await encodeOnnx(changed), "a.onnx"),
    {
      name: "RangeError",
      message:
        "Cannot read 'a.onnx' as the nodes of its columns must be as they were written: another program has changed them",
    },
  );
});
