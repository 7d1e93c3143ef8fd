/** A training on a table that is read in pieces. */
import assert from "node:assert/strict";
import { withPieceRows } from "../../src/cli/piece_rows.ts";
import { CommandLine, jsonLines } from "./command_line.ts";

const line = new CommandLine();

/** Two kinds of points, which a line parts, in any order. */
const ROWS = Array.from({ length: 3000 }, (_, at) => {
  const [x, y] = [(at * 37) % 101, (at * 53) % 97];
  return `${x},${y},${x > y ? "below" : "above"}`;
});

Deno.test("train --piece-rows learns from all rows, of which few are in memory, and tells of them", async () => {
  line.write("t.csv", `x,y,side\n${ROWS.join("\n")}\n9,9\n`);
  const { code, stdout, stderr } = await line.run(
    "train",
    "--dataset t.csv --bad-rows skip --piece-rows 1000 --epochs 8 --hidden 8 --learning-rate 0.02 --save m.json --json",
  );
  assert.equal(code, 0, stderr);
  const [start, ...others] = jsonLines(stdout);
  assert.deepEqual(start.rows, {
    ...{ read: 3001, used: 3000 },
    leftOut: [{ reason: "not 3 cells", count: 1, lines: [3002] }],
  });
  assert.deepEqual([start.trainSamples, start.testSamples], [2800, 200]);
  assert.equal(start.batchSize, 32);
  const end = others.at(-1);
  assert.ok(end.testAccuracy > 0.93, `${end.testAccuracy}`);
  const evaluated = await line.run(
    "evaluate",
    "--model m.json --dataset t.csv --bad-rows skip --json",
  );
  const [found] = jsonLines(evaluated.stdout);
  assert.ok(found.accuracy > 0.93, `${found.accuracy}`);
});

Deno.test("a mistake in a later piece comes before the training, and what has no pieces is refused", async (test) => {
  line.write("late.csv", `x,y,side\n${ROWS.join("\n")}\n1,2,beside\n`);
  line.write("t.csv", `x,y,side\n${ROWS.join("\n")}\n`);
  await line.refusedAll(test, [
    {
      name: "train",
      args: "--dataset late.csv --piece-rows 1000 --epochs 1 --json",
      message: /line 3002, side.*a class that the model knows/m,
    },
    {
      name: "train",
      args: "--dataset mnist --piece-rows 1000 --epochs 1",
      message: /'--piece-rows' must be left out with 'mnist': only a table/m,
    },
    {
      name: "train",
      args: "--dataset t.csv --piece-rows 0 --epochs 1",
      message: /'--piece-rows' must be .*: current value is 0$/m,
    },
    {
      name: "train",
      args: "--dataset t.csv --piece-rows 9 --checkpoint c.ck --epochs 1",
      message: /'--piece-rows' and '--checkpoint' exclude each other$/m,
    },
    {
      name: "train",
      args:
        "--dataset t.csv --piece-rows 1000 --validation-split 0.1 --epochs 1",
      message: /'--piece-rows' and '--validation-split' exclude each other$/m,
    },
  ]);
});

Deno.test("pieces are chosen where a table would take more than there is, unless something needs all rows", async () => {
  // 42 bytes a row, on average.
  const rows = Array.from({ length: 20_000 }, (_, at) => `${at}`.padEnd(41));
  const path = line.path("long.csv");
  await Deno.writeTextFile(path, rows.join("\n") + "\n");
  const flags = { dataset: path };
  const most = 8 * 42 * 20_000;
  assert.deepEqual(await withPieceRows(flags, most), { flags });
  const { flags: chosen, note } = await withPieceRows(flags, most - 1);
  // A sixteenth of them, 1250, in round figures.
  assert.deepEqual(chosen, { ...flags, "piece-rows": "1000" });
  assert.match(note!, /1000 rows are read at a time, .* --piece-rows all /);
  for (
    const others of [
      ...[{ "piece-rows": "7" }, { checkpoint: "c.ck" }, { format: "npy" }],
      { dataset: "mnist" },
    ]
  ) {
    const given = { ...flags, ...others };
    assert.deepEqual(await withPieceRows(given, 1), { flags: given });
  }
  const all = { ...flags, "piece-rows": "all" };
  assert.deepEqual(await withPieceRows(all, 1), { flags });
});
