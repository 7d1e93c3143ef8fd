/** Tables compared with other libraries. */
import assert from "node:assert/strict";
import { parseCsv, TableEncoder, trainTestSplit } from "../../mod.ts";
import { row } from "./rows.ts";

row("`TableEncoder`", async () => {
  const encoder = await TableEncoder.fit(
    await parseCsv("color,kind\nred,a\nblue,b\n"),
    { target: "kind" },
  );
  const notes: string[] = [];
  const onNote = (text: string) => notes.push(text);
  const rows = [{ color: "red" }, { color: "green" }];
  assert.deepEqual([...await encoder.inputs(rows, { onNote })], [0, 1, 0, 0]);
  assert.match(notes.join(), /1 of 2 rows, such as 'green'/);
});

row("`trainTestSplit`", async () => {
  const rows = Array.from({ length: 50 }, (_, at) => `${at},${at % 5 && 1}`);
  const encoder = await TableEncoder.fit(
    await parseCsv(`x,y\n${rows.join("\n")}\n`),
    { target: "y", task: "classes" },
  );
  const samples = await encoder.samples(
    await parseCsv(`x,y\n${rows.join("\n")}\n`),
  );
  const zeros = ({ y }: { y: Float32Array }) =>
    y.filter((value, at) => at % 2 === 0 && value === 1).length;
  for (const seed of [1, 2, 3, 4, 5]) {
    const { train, test } = trainTestSplit(samples, {
      testFraction: 0.2,
      seed,
    });
    assert.deepEqual([zeros(train), zeros(test)], [8, 2]);
  }
  const counts = [1, 2, 3, 4, 5].map((seed) =>
    zeros(
      trainTestSplit(samples, { testFraction: 0.2, seed, stratify: false })
        .test,
    )
  );
  assert.ok(counts.some((count) => count !== 2), `${counts}`);
});
