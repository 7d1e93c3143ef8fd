/** What is told of tables that are read: rows that were left out, and how far it is. */
import assert from "node:assert/strict";
import { progressText } from "../../src/cli/display/progress.ts";
import { CommandLine, jsonLines } from "./command_line.ts";

const line = new CommandLine();

Deno.test("rows that are left out are told of, by all commands and in JSON", async () => {
  line.write("t.csv", "a,b,kind\n1,2,x\n1,x\n3,4,y\n5,6,y\n3,1,x\n5,5,y,7\n");
  const note =
    "Note: 't.csv' has 6 rows, of which 2 were left out (not 3 cells): lines 3, 7\n";
  const skip = "t.csv --bad-rows skip";
  const trained = await line.run(
    "train",
    `--dataset ${skip} --test-split 0 --epochs 1 --save m.json --json`,
  );
  assert.equal(trained.stderr, note);
  const [start] = jsonLines(trained.stdout);
  assert.deepEqual(start.rows, {
    ...{ read: 6, used: 4 },
    leftOut: [{ reason: "not 3 cells", count: 2, lines: [3, 7] }],
  });
  const found = await line.run("predict", `--model m.json ${skip}`);
  assert.equal(found.stderr, note);
  assert.equal(found.stdout.trim().split("\n").length, 5);
  await line.refused(
    "evaluate",
    "--model m.json --dataset t.csv",
    /^Cannot read 't.csv' as rows must have 3 cells as line 1 has: line 3 has 2, line 7 has 4: mend them, /m,
  );
});

Deno.test("what takes long has a line with what is done and the time that is left, as wide as there is room", () => {
  const style = { hasColor: false, hasUnicode: true };
  const at = (width: number, fraction?: number, text = "") =>
    progressText(
      "Reading t.csv",
      fraction === undefined ? undefined : { fraction, text },
      ...[2, width, style] as const,
    );
  assert.equal(at(33), "Reading t.csv  2 s");
  assert.equal(at(33, 0.25), "Reading t.csv  25 %  6 s left");
  assert.equal(at(38, 0.25), "Reading t.csv  ██░░░░░  25 %  6 s left");
  assert.equal(
    at(79, 1 / 3, "1 of 3").slice(15),
    "████████░░░░░░░░░░░░░░░░  1 of 3  4 s left",
  );
  assert.equal(at(20, 0.5, "1 of 2"), "Reading t.csv  1 of…");
});
