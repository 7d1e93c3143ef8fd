/** Options about data: what becomes of tables and folders. */
import assert from "node:assert/strict";
import {
  cellsOf,
  CommandLine,
  type Json,
  someAtATime,
} from "./command_line.ts";

const line = new CommandLine();

let models = 0;

/** Trains for an epoch, and returns the first and last event and the description of the model. */
async function trained(
  args: string,
): Promise<{ file: string; start: Json; end: Json; description: Json }> {
  const file = `model${models++}.json`;
  const events = await line.json(
    "train",
    `${args} --hidden 2 --epochs 1 --save ${file}`,
  );
  const { description } = line.readJson(file);
  return { file, start: events[0], end: events.at(-1), description };
}

/** Each number within a float32's precision of the other. */
function close(found: number[], wanted: number[]): void {
  assert.equal(found.length, wanted.length);
  for (const [at, value] of wanted.entries()) {
    const most = 1e-6 * Math.max(1, Math.abs(value));
    assert.ok(Math.abs(found[at] - value) <= most, `${found[at]}, ${value}`);
  }
}

const IRIS = cellsOf(Deno.readTextFileSync(line.path("iris.csv"))).slice(1)
  .map((row) => row.slice(0, 4).map(Number));

/** The values of a column. */
const column = (at: number) => IRIS.map((row) => row[at]);

Deno.test("train --scale: inputs to mean 0 and deviation 1, unless told otherwise", async () => {
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = [0, 1, 2, 3].map((at) => mean(column(at)));
  const deviations = means.map((middle, at) =>
    Math.sqrt(mean(column(at).map((value) => (value - middle) ** 2)))
  );
  const options = ["", " --scale standardize"];
  const ends = await someAtATime(options, async (option) => {
    const { end, description: { preprocessing } } = await trained(
      `--dataset iris.csv --test-split 0${option}`,
    );
    close(preprocessing.offset, means);
    close(preprocessing.scale, deviations.map((deviation) => 1 / deviation));
    return end.weightsSha256;
  });
  assert.equal(new Set(ends).size, 1);
});

Deno.test("train --scale minmax: inputs from 0 to 1; none: as they are", async () => {
  const [{ description: { preprocessing } }, none] = await someAtATime([
    "--dataset iris.csv --test-split 0 --scale minmax",
    "--dataset iris.csv --scale none",
  ], trained);
  const least = [0, 1, 2, 3].map((at) => Math.min(...column(at)));
  close(preprocessing.offset, least);
  close(
    preprocessing.scale,
    least.map((value, at) => 1 / (Math.max(...column(at)) - value)),
  );
  assert.deepEqual(Object.keys(none.description.preprocessing), [
    ...["columns", "table"],
  ]);
});

Deno.test("train --test-split: a part is kept to test, by the seed, and 0 for none", async () => {
  const [{ start, description }, other, none] = await someAtATime([
    "--dataset iris.csv --test-split 0.3",
    "--dataset iris.csv --test-split 0.3 --seed 2",
    "--dataset iris.csv --test-split 0",
  ], trained);
  assert.deepEqual([start.trainSamples, start.testSamples], [105, 45]);
  assert.notDeepEqual(
    other.description.preprocessing.offset,
    description.preprocessing.offset,
  );
  assert.deepEqual([none.start.trainSamples, none.start.testSamples], [150, 0]);
  assert.deepEqual(Object.keys(none.end), [
    ...["event", "stopReason", "epoch", "seconds", "trainAccuracy"],
    ...["weightsSha256", "notes"],
  ]);
});

/** Rows of a number, a text, another number of five values, and one that is different in every row. */
const ROWS = Array.from(
  { length: 40 },
  (_, at) => [at / 4, ["red", "blue", "dark green"][at % 3], at % 5, 2 * at],
);

Deno.test("train --target and --task: columns by name or number, classes or numbers", async () => {
  line.write(
    "things.csv",
    ["size,color,kind,price", ...ROWS.map((row) => row.join(","))].join("\n"),
  );
  const columns = ({ preprocessing }: Json) =>
    preprocessing.columns.map(({ name }: Json) => name).join(" ");

  const [price, kind, number, classes, both] = await someAtATime([
    "--dataset things.csv",
    "--dataset things.csv --target kind",
    "--dataset things.csv --target 2 --task numbers",
    "--dataset things.csv --task classes --target -1 --test-split 0",
    "--dataset things.csv --target price,0",
  ], trained);
  assert.equal(columns(price.description), "size color kind");
  assert.equal(price.description.output, "linear");
  assert.deepEqual(price.description.targetNames, ["price"]);
  assert.deepEqual(price.start.layers, [5, 2, 1]);
  assert.ok(
    Number.isFinite(price.end.testR2) && !("testAccuracy" in price.end),
  );

  // Few whole numbers are classes, in the order of numbers.
  assert.equal(columns(kind.description), "size color price");
  assert.deepEqual(kind.description.classNames, ["0", "1", "2", "3", "4"]);
  assert.equal(kind.description.output, "softmax");
  assert.deepEqual(number.description.targetNames, ["kind"]);
  assert.equal("classNames" in number.description, false);
  assert.deepEqual(classes.start.layers, [5, 2, 40]);

  assert.deepEqual(both.description.targetNames, ["price", "size"]);
  assert.equal(columns(both.description), "color kind");
  assert.deepEqual(both.start.layers, [4, 2, 2]);

  // One input for each value of a category, which is not scaled.
  const { preprocessing } = price.description;
  assert.deepEqual(preprocessing.columns[1].values, [
    "blue",
    "dark green",
    "red",
  ]);
  assert.deepEqual(preprocessing.offset.slice(1, 4), [0, 0, 0]);
  assert.deepEqual(preprocessing.scale.slice(1, 4), [1, 1, 1]);
});

Deno.test("train --delimiter and --header: any separator, names or none", async () => {
  const rows = ROWS.slice(3).map((row) => row.join("#"));
  line.write("hashes.txt", rows.join("\r\n"));
  const [{ start, description }, named] = await someAtATime([
    "--dataset hashes.txt --delimiter # --test-split 0",
    "--dataset hashes.txt --delimiter # --header yes --test-split 0",
  ], trained);
  assert.equal(start.trainSamples, 37);
  assert.equal(description.preprocessing.columns[2].name, "column 3");
  assert.deepEqual(description.targetNames, ["column 4"]);

  assert.equal(named.start.trainSamples, 36);
  assert.deepEqual(
    named.description.preprocessing.columns.map(({ name }: Json) => name),
    ["0.75", "red", "3"],
  );
  assert.deepEqual(named.description.targetNames, ["6"]);
});

Deno.test("train --header no takes names for values", async () => {
  line.write(
    "texts.tsv",
    "taste\tkind\nsweet\ta\nsour\tb\nsweet\ta\nsour\tb\n",
  );
  const [auto, none] = await someAtATime([
    "--dataset texts.tsv --test-split 0",
    "--dataset texts.tsv --test-split 0 --header no",
  ], trained);
  assert.equal(auto.start.trainSamples, 4);
  assert.deepEqual(auto.description.classNames, ["a", "b"]);
  assert.equal(none.start.trainSamples, 5);
  assert.deepEqual(none.description.classNames, ["a", "b", "kind"]);
});

/** An IDX file of bytes. */
function idx(sizes: number[], data: number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x800 + sizes.length);
  for (const [at, size] of sizes.entries()) view.setUint32(4 + 4 * at, size);
  bytes.set(data, 4 + 4 * sizes.length);
  return bytes;
}

Deno.test("train and evaluate --dataset a folder of IDX files", async () => {
  Deno.mkdirSync(line.path("digits"));
  for (const [part, count] of [["train", 6], ["t10k", 3]] as const) {
    const bytes = Array.from({ length: count * 6 }, (_, at) => 7 * at % 256);
    line.write(`digits/${part}-images-idx3-ubyte`, idx([count, 2, 3], bytes));
    const labels = bytes.slice(0, count).map((byte) => byte % 10);
    line.write(`digits/${part}-labels-idx1-ubyte`, idx([count], labels));
  }
  const { file, start, end, description } = await trained(
    "--dataset digits --scale minmax",
  );
  assert.deepEqual(start.layers, [6, 2, 10]);
  assert.deepEqual([start.trainSamples, start.testSamples], [6, 3]);
  assert.deepEqual(Object.keys(description.preprocessing), ["offset", "scale"]);
  // 42 more for each image, of which none of the six is beyond 255.
  close(description.preprocessing.scale, new Array(6).fill(255 / 210));
  close(
    description.preprocessing.offset,
    [0, 7, 14, 21, 28, 35].map((byte) => byte / 255),
  );
  const [{ samples, accuracy }] = await line.json(
    "evaluate",
    `--model ${file} --dataset digits`,
  );
  assert.deepEqual([samples, accuracy], [3, end.testAccuracy]);
});
