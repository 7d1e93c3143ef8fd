/** Numbers that are the same as float32: Unix times, dates, coordinates. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Mlp, parseCsv, TableEncoder } from "../../mod.ts";
import { encoded } from "../tables.ts";

const refuses = (text: string, message: string) =>
  assert.rejects(
    () => encoded(text),
    {
      name: "RangeError",
      message: `Cannot read 't.csv' as ${message}`,
    },
  );

/** A table of one input, with classes in turn. */
const tableOf = (cells: readonly (string | number)[]) =>
  parseCsv(
    `t,kind\n${cells.map((cell, at) => `${cell},${"ab"[at % 2]}`).join("\n")}`,
    { name: "t.csv" },
  );

Deno.test("the differences of large numbers are kept exactly, and those of other ones stay as they were", async () => {
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
      fc.array(fc.nat({ max: 2 ** 20 }), { minLength: 2, maxLength: 20 }),
      async (base, steps) => {
        const numbers = steps.map((step) => base + step);
        const { samples, columns } = await encoded(
          await tableOf(numbers),
        );
        const [column] = columns;
        assert.equal(column.kind, "number");
        const { origin } = column as { origin?: number };
        const floats = new Set(numbers.map(Math.fround));
        const merged = floats.size < new Set(numbers).size;
        if (merged) kept++;
        if (merged || origin !== undefined) {
          assert.equal(origin, Math.min(...numbers));
          assert.deepEqual(
            [...samples.x],
            numbers.map((number) => number - origin!),
          );
        } else {
          assert.deepEqual([...samples.x], numbers.map(Math.fround));
        }
      },
    ),
    { seed: 1, numRuns: 100 },
  );
  assert.ok(kept > 50, `${kept}`);
});

Deno.test("dates and coordinates get an origin, decimals as everywhere don't", async () => {
  const columnOf = async (...cells: (string | number)[]) =>
    (await TableEncoder.fit(await tableOf(cells), { impute: "refuse" }))
      .columns[0];
  const name = { name: "t", kind: "number" };
  assert.deepEqual(await columnOf(20240115, 20240116, 20231231), {
    ...name,
    origin: 20231231,
  });
  assert.deepEqual(await columnOf("5512345.12", "5512345.37", "5512399"), {
    ...name,
    origin: 5512345.12,
  });
  assert.deepEqual(await columnOf("5.1", "4.9", "7.9"), name);
  assert.deepEqual(await columnOf("295.31", "295.32", "290"), name);
  assert.deepEqual(await columnOf("1e10", "1e10"), name);
  // One of them is so far away that the others are the same beside it.
  assert.deepEqual(await columnOf(0, 1700000000, 1700000001), name);
});

Deno.test("a network learns from seconds of Unix times, and knows them in other tables and after a load", async () => {
  const start = 1_700_000_000;
  const rows = Array.from(
    { length: 60 },
    (_, at) => `${start + at},${at < 30 ? "early" : "late"}`,
  );
  const table = await parseCsv(`t,when\n${rows.join("\n")}\n`, {
    name: "t.csv",
  });
  const { samples, encoder } = await encoded(table);
  const folder = await Deno.makeTempDir();
  try {
    {
      await using mlp = new Mlp({
        ...{ encoder, hidden: [], workers: 1 },
      });
      await mlp.fit(samples, {
        ...{ optimizer: "adam", learningRate: 0.1, epochs: 100 },
      });
      assert.ok((await mlp.evaluate(samples)).accuracy! > 0.95);
      for (const ending of ["json", "safetensors", "onnx"]) {
        await mlp.save(`${folder}/m.${ending}`);
      }
    }
    for (const ending of ["json", "safetensors", "onnx"]) {
      await using mlp = await Mlp.load(`${folder}/m.${ending}`, { workers: 1 });
      const other = await parseCsv(
        `t\n${start + 10}\n${start + 50}\n${start - 1000}.5\n`,
        { name: "other.csv" },
      );
      const x = await mlp.encoder!.inputs(other);
      assert.deepEqual([...x], [10, 50, -999.5]);
      for (const rows of [x, other, [[start + 10], [start + 50], [start]]]) {
        assert.deepEqual([...await mlp.predictClasses(rows)], [0, 1, 0]);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("numbers whose differences can't be kept are refused", async () => {
  await refuses(
    "t,k\n1700000000123456789,a\n1700000000123456790,b\n",
    "'line 2, t' must be a number that differs from others in its first 15 digits, or its kind category, or the column dropped: current value is '1700000000123456789'",
  );
  await refuses(
    "t,k\n1e-50,a\n9e-50,b\n0,b\n",
    "'line 3, t' must be 0 or a number of 1e-38 or more: current value is '9e-50'",
  );
  await refuses(
    "x,t\n1,1700000000\n2,1700000000.5\n3,1700000001\n",
    "'line 3, t' must be a number that a float32 tells from the others, such as its difference from 1700000000: current value is '1700000000.5'",
  );
  // The same number in every row is no difference that is lost.
  const { samples } = await encoded(
    await tableOf(["1700000000123456789", "1700000000123456789"]),
  );
  assert.equal(samples.x[0], samples.x[1]);
});
