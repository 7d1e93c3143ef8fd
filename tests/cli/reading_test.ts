/** What is told of tables that are read: rows that were left out, and how far it is. */
import assert from "node:assert/strict";
import { ReadingLine } from "../../src/cli/reading.ts";
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

Deno.test("a file that takes a second to read has a line on the terminal, until it is read", () => {
  const written: string[] = [];
  const reading = new ReadingLine("t.csv", (text) => written.push(text), 0);
  reading.update(10, 100, 900);
  reading.end();
  assert.deepEqual(written, []);
  for (const now of [1001, 1100, 1202]) reading.update(now / 30, 100, now);
  reading.end();
  assert.deepEqual(written, [
    ...["\r\x1b[KReading t.csv: 33 %", "\r\x1b[KReading t.csv: 40 %"],
    "\r\x1b[K",
  ]);
});
