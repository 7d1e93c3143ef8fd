/** What encoders of folds know. */
import assert from "node:assert/strict";
import { parseCsv } from "../../mod.ts";
import { partsOf } from "../../src/choosing/parts.ts";
import { settingOf } from "../../src/choosing/setting.ts";

/** Rows of squares, so that each fold has a mean of its own; every fifth is missing. */
const ROWS = Array.from(
  { length: 30 },
  (_, at) =>
    `${at % 5 ? at * at : "void"},row ${at},${at % 4},${at % 3},${at + 0.5}`,
);

Deno.test("what stands for missing cells in a fold is from its training rows alone, as was asked for", async () => {
  const table = await parseCsv(`x,name,zip,size,y\n${ROWS.join("\n")}\n`, {
    header: true,
  });
  const { source, folds } = await settingOf("cross-validate", table, {
    folds: 3,
    encoder: {
      ...{ impute: "mean", missing: ["void"], missingFlags: false },
      ...{ drop: "size", keep: "name", kinds: { zip: "category" } },
    },
  });
  const parts = await partsOf(source, folds, ["standardize", "none"]);
  const fills = new Set<number>();
  for (const [at, { train, test }] of [...folds].entries()) {
    const known = [...train].filter((row) => row % 5).map((row) => row * row);
    const mean = Math.fround(known.reduce((a, b) => a + b) / known.length);
    fills.add(mean);
    for (const scale of ["standardize", "none"] as const) {
      const { columns, table: facts } =
        parts[at].known[scale]!.encoder!.preprocessing;
      assert.deepEqual(columns.map(({ name, kind }) => [name, kind]), [
        ["x", "number"],
        ["zip", "category"],
      ]);
      assert.deepEqual([columns[0].fill, columns[0].flag], [[mean], undefined]);
      assert.deepEqual([facts!.keep, facts!.missing], [["name"], ["void"]]);
    }
    // The rows to judge by get it too.
    const x = parts[at].test.x as Float32Array;
    for (const [row, index] of test.entries()) {
      assert.equal(x[row * 5], index % 5 ? index * index : mean);
    }
  }
  assert.equal(fills.size, 3);
});

Deno.test("kinds of columns are those of all rows, though the rows of a fold look like others", async () => {
  const rows = Array.from({ length: 40 }, (_, at) => {
    const late = at >= 32;
    const day = late ? "28/3/2024" : `${at % 9 + 1}/4/2024`;
    const code = late ? `code ${at % 3}` : `${at % 5}`;
    return `${code};${late ? "0,5" : "1,250"};${day};${late ? "c" : "7"};${
      at + 0.5
    }`;
  });
  const table = await parseCsv(`code;price;day;asked;y\n${rows.join("\n")}\n`, {
    header: true,
  });
  const { source } = await settingOf("cross-validate", table, {
    encoder: { kinds: { asked: "ordinal:7<c" } },
  });
  const all = Int32Array.from({ length: 40 }, (_, at) => at);
  const fold = { repeat: 0, fold: 0 };
  const [part] = await partsOf(source, [
    { ...fold, train: all.slice(0, 32), test: all.slice(32) },
  ], ["none"]);
  const { columns } = part.known.none!.encoder!.preprocessing;
  assert.deepEqual(columns.map(({ kind }) => kind), [
    ...["category", "number", "date", "ordinal"],
  ]);
  // No word is known of the rows to train with; prices have decimal commas, and days come first.
  const [x, trained] = [part.test.x, part.train.x] as Float32Array[];
  assert.deepEqual([...x.slice(0, 7)], [0, 0, 0, 0, 0, 0.5, 0]);
  assert.deepEqual([x[part.test.inputs - 1], trained[5], trained[6]], [
    ...[1, 1.25, 4],
  ]);
});
