/** What `predict` writes to a file is what it prints. */
import assert from "node:assert/strict";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

Deno.test("predict --output writes what it would print, as CSV or JSON lines, and no file that is read", async (test) => {
  await line.output(
    "train",
    "--dataset iris.csv --hidden 4 --epochs 1 --quiet --save m.json",
  );
  for (const [path, json] of [["p.csv", ""], ["p.jsonl", "--json"]]) {
    const args = "--model m.json iris.csv";
    const printed = await line.output("predict", `${args} ${json}`.trim());
    const written = await line.output("predict", `${args} --output ${path}`);
    assert.equal(written, "");
    assert.equal(Deno.readTextFileSync(line.path(path)), printed);
  }
  const before = Deno.readTextFileSync(line.path("iris.csv"));
  Deno.symlinkSync("iris.csv", line.path("soft.csv"));
  await line.refusedAll(test, [
    {
      name: "predict",
      args: "--model m.json iris.csv --output soft.csv",
      message:
        /^Cannot write 'soft.csv' as '--output' must be another file than one that is read$/m,
    },
    {
      name: "predict",
      args: "--model m.json iris.csv --output p.txt",
      message:
        /^Cannot write 'p.txt' as its name must end in '.csv', '.jsonl' or '.ndjson'/m,
    },
    {
      name: "predict",
      args: "--model m.json iris.csv --output p.csv --json",
      message: /'--json' must be left out with an --output that ends in .csv$/m,
    },
    {
      name: "predict",
      args: "--model m.json iris.csv --output none/p.csv",
      message: /^Cannot write 'none\/p.csv' as /m,
    },
  ]);
  assert.equal(Deno.readTextFileSync(line.path("iris.csv")), before);
});
