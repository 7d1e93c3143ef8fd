/** Tables that would take all memory or time: as many inputs as texts, very many columns. */
import assert from "node:assert/strict";
import { parseCsv } from "../../src/data/csv.ts";
import type { EncoderOptions } from "../../src/data/encoder_options.ts";
import { TableEncoder } from "../../src/data/table_encoder.ts";
import { encoded, encoderOf } from "../tables.ts";

const refuses = (run: () => Promise<unknown>, message: string) =>
  assert.rejects(run, { name: "RangeError", message });

/** Far more milliseconds than anything here takes, even on a busy machine; quadratic time would be minutes. */
const WATCHDOG = 30_000;

async function quickly<T>(run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await run();
  const time = performance.now() - start;
  assert.ok(time < WATCHDOG, `${time} ms`);
  return value;
}

Deno.test("a column of texts that are all different is refused before memory is taken", async () => {
  const rows = Array.from({ length: 50_000 }, (_, at) => `id-${at},${at % 7}`);
  const table = await parseCsv(`id,size\n${rows.join("\n")}\n`, {
    name: "ids.csv",
  });
  const bytes = () => Deno.memoryUsage().external;
  const before = bytes();
  await refuses(
    () => TableEncoder.fit(table, { task: "numbers" }),
    "Cannot read 'ids.csv' as there must be a column besides the target that isn't left out: columns are 'id' (id, left out), 'size' (target); to take one, give its kind, such as --kind \"id=category\", or in a program kinds: { \"id\": \"category\" }",
  );
  await refuses(
    () =>
      TableEncoder.fit(table, {
        ...{ task: "numbers", kinds: { id: "category" } },
        maxCategories: 10_000,
      }),
    "Cannot read 'ids.csv' as its inputs must take at most 1 GiB: 50000 rows × 10000 inputs take 1.9 GiB, 10000 of them for the different texts in 'id': drop that column",
  );
  await refuses(
    () => TableEncoder.fit(table, { target: "id", task: "classes" }),
    "Cannot read 'ids.csv' as its targets must take at most 1 GiB: 50000 rows × 50000 targets take 9.3 GiB, a class for each text in 'id': 'target' must be another column",
  );
  const values = rows.map((row) => row.split(",")[0]);
  await refuses(
    () => encoderOf({ name: "id", kind: "category", values }).inputs(table),
    "Cannot read 'ids.csv' as its inputs must take at most 1 GiB: 50000 rows × 50000 inputs take 9.3 GiB, split the file",
  );
  assert.ok(bytes() - before < 2 ** 27, `${bytes() - before}`);
});

Deno.test("columns without end take time that grows with their number, and messages name the first", async () => {
  const names = Array.from({ length: 100_000 }, (_, at) => `c${at}`);
  const text = [names, names.map(() => "1"), names.map(() => "2.5")]
    .map((cells) => cells.join(",")).join("\n");
  const table = await quickly(() => parseCsv(text, { name: "wide.csv" }));
  const targets = names.slice(50_000);
  const { samples, encoder } = await quickly(() =>
    encoded(table, { target: targets })
  );
  assert.deepEqual([samples.inputs, samples.outputs], [50_000, 50_000]);
  const x = await quickly(() => encoder.inputs(table));
  assert.equal(x.length, 100_000);
  const y = await quickly(() => encoder.targets(table));
  assert.deepEqual(y, samples.y);
  const shown = names.slice(0, 20).map((name) => `'${name}'`);
  await refuses(
    () => TableEncoder.fit(table, { target: "d" }),
    `Cannot read 'wide.csv' as 'target' must be ${
      shown.join(" or ")
    } or 99980 more: current value is 'd'`,
  );
  await refuses(
    () => encoderOf({ name: "d", kind: "number" }).inputs(table),
    `Cannot read 'wide.csv' as there must be 'd': columns are ${
      shown.join(", ")
    }, 99980 more`,
  );
});

Deno.test("columns of categories without end take time that grows with their number", async () => {
  const names = Array.from({ length: 5_000 }, (_, at) => `c${at}`);
  const rows = ["1", "2", "3", "x"].map((cell) => names.map(() => cell));
  const text = [names, ...rows].map((cells) => cells.join(",")).join("\n");
  const table = await parseCsv(text, { name: "wide.csv" });
  const { notes, samples } = await quickly(() =>
    encoded(table, { task: "classes" })
  );
  assert.equal(samples.inputs, 4 * 4_999);
  assert.equal(notes.length, 11);
  assert.equal(notes[10], "4989 more columns are like these");
});

Deno.test("targets are one column or several that differ", async () => {
  const table = await parseCsv("a,b\n1,2\n3,4\n", { name: "t.csv" });
  const targets: [EncoderOptions["target"], string][] = [
    [[], "[]"],
    [["a", "a"], "['a', 'a']"],
    [["b", -1], "['b', -1]"],
  ];
  for (const [target, shown] of targets) {
    await refuses(
      () => TableEncoder.fit(table, { target, task: "numbers" }),
      `Cannot read 't.csv' as 'target' must be one column, or several that differ: current value is ${shown}`,
    );
  }
});
