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

Deno.test("train refuses a column of numbers that a few cells would make categories", async () => {
  line.write("bad.csv", table(301, { 299: "1.0x" }));
  const all = `${TRAIN} bad.csv --test-split 0`;
  await line.refused(
    "train",
    all,
    /^Cannot read 'bad.csv' as 'x' must have numbers written in one way, as 300 of 301 cells have, or 'missing' must have the words for no value, or its kind must be category: line 301 has '1.0x'$/m,
  );
  await line.output("train", `${all} --missing 1.0x`);
});

Deno.test("a messy table: what columns are, what is asked of them, and what is carried along", async () => {
  const rows = Array.from({ length: 60 }, (_, at) =>
    [
      at + 1,
      `Name ${at}`,
      `${at % 7},${at % 10}0 €`,
      `${1 + at % 28}/${1 + at % 12}/2024`,
      at % 3 ? "Yes" : "no",
      "SML"[at % 3],
      at % 5 ? `city ${at % 4}` : "",
      at % 7 > 3 ? "high" : at === 2 ? "?" : "low",
    ].join(";"));
  const head = "id;name;price;day;smokes;size;city;y";
  line.write("messy.csv", `${head}\n${rows.join("\n")}\n`);
  const { stdout, stderr } = await line.run("train", [
    ..."--hidden 4 --epochs 60 --test-split 0 --learning-rate 0.03".split(" "),
    ..."--dataset messy.csv --keep name --save messy.json --kind".split(" "),
    ...["size=ordinal:S<M<L,id=number", "--kind", "day=date:dmy"],
  ]);
  assert.deepEqual(stdout.split("\n").slice(2, 11), [
    "column  kind      missing  distinct  inputs  example",
    "id      number          0        59       1  1",
    "name    kept            0        59       0  Name 0",
    "price   number          0        59       1  0,00 €",
    "day     date            0        59       5  1/1/2024",
    "smokes  boolean         0         2       1  no",
    "size    ordinal         0         3       1  S",
    "city    category       12         4       5  city 1",
    "y       target          0         2          low",
  ]);
  assert.equal(
    stderr,
    "Note: 1 of 60 rows are left out, as 'y' is missing, first in line 4\n",
  );
  line.write(
    "new.csv",
    "name;id;price;day;smokes;size;city\nAda;7;6,90 €;13/5/2024;yes;S;Rome\nBo;8;;1/2/2024;no;M;city 1\n",
  );
  const predicted = await line.run("predict", "--model messy.json new.csv");
  const [header, first] = predicted.stdout.split("\n");
  assert.match(header, /^name,label,/);
  assert.match(first, /^Ada,high,/);
  assert.match(
    predicted.stderr,
    /^Note: 'price' is missing in 1 of 2 rows, taken as 3.*\nNote: 'city' has what training had not in 1 of 2 rows, such as 'Rome' in line 2, taken for none of its categories\n$/,
  );
});

Deno.test("train tells so if more than half of the cells are numbers", async () => {
  line.write("half.csv", table(6, { 0: "a", 3: "b", 4: "b" }));
  await line.output("train", `${TRAIN} half.csv --test-split 0`);
  line.write("most.csv", table(6, { 3: '"b\nc"', 4: "b" }));
  const { stderr } = await line.run(
    "train",
    `${TRAIN} most.csv --test-split 0`,
  );
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
    /^Cannot read 'two.csv' as '--target' must be columns that differ: current value is \['c', 'c'\]$/m;
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
