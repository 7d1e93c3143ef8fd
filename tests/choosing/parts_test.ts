/** What encoders of folds know. */
import assert from "node:assert/strict";
import { parseCsv } from "../../mod.ts";
import { partsOf } from "../../src/choosing/parts.ts";
import { settingOf } from "../../src/choosing/validation_options.ts";

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
