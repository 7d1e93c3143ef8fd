/** Columns of a table that are not what they seem, and numbers of other files. */
import assert from "node:assert/strict";
import { encodeNpy } from "../../src/data/npy.ts";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

/** Rows of two inputs and a class; `cells` takes the place of the first input of some rows. */
function table(rows: number, cells: Record<number, string>): string {
  const lines = Array.from(
    { length: rows },
    (_, at) => `${cells[at] ?? at},${at % 3},${at % 2 ? "odd" : "even"}`,
  );
  return `x,y,kind\n${lines.join("\n")}\n`;
}

const TRAIN = "--epochs 1 --hidden 2 --dataset";

Deno.test("train tells of a column of numbers that one cell makes categories", async () => {
  line.write("bad.csv", table(301, { 299: "1.0x" }));
  const { code, stderr } = await line.run("train", `${TRAIN} bad.csv`);
  assert.equal(
    stderr,
    "Note: 'x' is taken for categories, 301 of them, as line 301 has '1.0x'\n",
  );
  assert.equal(code, 0);
  // output() refuses any word on stderr.
  await line.output("train", `${TRAIN} bad.csv --quiet`);
  await line.json("train", `${TRAIN} bad.csv`);
});

Deno.test("train tells so if more than half of the cells are numbers", async () => {
  line.write("half.csv", table(6, { 0: "a", 3: "b", 4: "b" }));
  await line.output("train", `${TRAIN} half.csv`);
  line.write("most.csv", table(6, { 3: '"b\nc"', 4: "b" }));
  const { stderr } = await line.run("train", `${TRAIN} most.csv`);
  assert.equal(
    stderr,
    "Note: 'x' is taken for categories, 6 of them, as line 5 has 'b\\nc'\n",
  );
});

Deno.test("a target that comes twice is refused", async (test) => {
  line.write("two.csv", "a,b,c\n1,0.5,3\n2,1.5,5\n3,2.5,7\n");
  await line.output(
    "train",
    `${TRAIN} two.csv --target b,c --quiet --save two.json`,
  );
  const message =
    /^Cannot read 'two.csv' as 'target' must be columns that differ: current value is \['c', 'c'\]$/m;
  await line.refusedAll(test, [
    { name: "train", args: `${TRAIN} two.csv --target c,c`, message },
    { name: "train", args: `${TRAIN} two.csv --target c,-1`, message },
    {
      name: "evaluate",
      args: "--model two.json --dataset two.csv --target 2,c",
      message,
    },
  ]);
});

Deno.test("predict names the file whose numbers it can't take", async (test) => {
  await line.output("train", `${TRAIN} iris.csv --quiet --save iris.json`);
  line.write(
    "nan.npy",
    encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6, NaN, 8), [2, 4]),
  );
  // The bytes of four float64, and a header that says so.
  const pairs = new Float32Array(Float64Array.of(1, -1e39, 3, 4).buffer);
  const bytes = encodeNpy(pairs, [1, 8]);
  const header = new TextDecoder("latin1").decode(bytes.subarray(0, 128));
  bytes[header.indexOf("<f4") + 2] = "8".charCodeAt(0);
  bytes[header.indexOf("(1, 8)") + 4] = "4".charCodeAt(0);
  line.write("large.npy", bytes);
  await line.refusedAll(test, [
    {
      name: "predict",
      args: "--model iris.json nan.npy",
      message:
        /^Cannot read 'nan.npy' as 'x of sample 1 at 2' must be a number within ±3.4e38: current value is NaN$/m,
    },
    {
      name: "predict",
      args: "--model iris.json large.npy",
      message:
        /^Cannot read 'large.npy' as 'x of sample 0 at 1' must be a number within ±3.4e38: current value is -1e\+39$/m,
    },
  ]);
});
