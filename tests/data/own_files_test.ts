/** Datasets in files of one's own: arrays with their targets, and folders of images. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { encodeNpy, loadDataset } from "../../mod.ts";
import { pngFile } from "./png_files.ts";

const folder = Deno.makeTempDirSync();
Deno.test.afterAll(() => Deno.removeSync(folder, { recursive: true }));

/** Writes a file, with its folders, and tells its path. */
function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  Deno.mkdirSync(join(path, ".."), { recursive: true });
  Deno.writeFileSync(path, bytes);
  return path;
}

const gzip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

const npy = (name: string, values: number[], ...shape: number[]) =>
  written(name, encodeNpy(Float32Array.from(values), shape));

/** A file of unsigned bytes in IDX. */
function idx(sizes: number[], data: number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x800 + sizes.length);
  for (const [at, size] of sizes.entries()) view.setUint32(4 + 4 * at, size);
  bytes.set(data, 4 + 4 * sizes.length);
  return bytes;
}

/** Five samples, of which x tells the number. */
const X = npy("x.npy", [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5], 5, 2);

/** The targets of each sample, wherever the split put it. */
async function targetsOf(path: string, options: object = {}) {
  const { train, test, classNames } = await loadDataset(X, {
    ...{ targets: path, testFraction: 0.4 },
    ...options,
  });
  assert.deepEqual([train.count, test.count, train.inputs], [3, 2, 2]);
  const rows: number[][] = [];
  for (const { x, y, count, outputs } of [train, test]) {
    for (let s = 0; s < count; s++) {
      assert.equal(x[2 * s + 1], x[2 * s] + 0.5);
      rows[x[2 * s]] = [...y.subarray(s * outputs, (s + 1) * outputs)];
    }
  }
  return { rows, classNames };
}

Deno.test("targets in .npy: classes, rows with a 1, numbers, labels", async () => {
  const [a, b, c] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const classes = { rows: [b, a, c, a, c], classNames: ["-1", "0", "7"] };
  const column = npy("classes.npy", [0, -1, 7, -1, 7], 5);
  assert.deepEqual(await targetsOf(column), classes);
  const wide = npy("wide.npy", [0, -1, 7, -1, 7], 5, 1);
  assert.deepEqual(await targetsOf(wide), classes);
  const rows = npy("rows.npy", [a, b, b, c, a].flat(), 5, 3);
  assert.deepEqual(await targetsOf(rows), {
    rows: [a, b, b, c, a],
    classNames: ["0", "1", "2"],
  });
  const numbers = npy("numbers.npy", [0.5, 1, 2, 3, 4], 5);
  assert.deepEqual(await targetsOf(numbers), {
    rows: [[0.5], [1], [2], [3], [4]],
    classNames: undefined,
  });
  assert.deepEqual(await targetsOf(column, { task: "numbers" }), {
    rows: [[0], [-1], [7], [-1], [7]],
    classNames: undefined,
  });
  const labels = npy("labels.npy", [1, 1, 0, 0, 1, 0, 0, 0, 1, 1], 5, 2);
  assert.deepEqual(await targetsOf(labels, { task: "labels" }), {
    rows: [[1, 1], [0, 0], [1, 0], [0, 0], [1, 1]],
    classNames: ["0", "1"],
  });
});

Deno.test("targets in IDX are classes; images may be in IDX as well, and all of it packed or named by URL", async () => {
  const labels = idx([5], [3, 9, 9, 3, 3]);
  const [a, b] = [[1, 0], [0, 1]];
  const wanted = { rows: [a, b, b, a, a], classNames: ["3", "9"] };
  const plain = written("labels-idx1-ubyte", labels);
  assert.deepEqual(await targetsOf(plain), wanted);
  const packed = written("labels-idx1-ubyte.gz", gzip(labels));
  assert.deepEqual(await targetsOf(packed), wanted);
  const pixels = Array.from({ length: 24 }, (_, at) => at * 10);
  const images = written("i-idx3-ubyte.gz", gzip(idx([4, 2, 3], pixels)));
  const targets = npy("four.npy", [0, 1, 0, 1], 4);
  const { train, test } = await loadDataset(pathToFileURL(images), {
    ...{ targets: pathToFileURL(targets), testFraction: 0.5 },
  });
  assert.deepEqual([train.count, train.inputs, train.outputs], [2, 6, 2]);
  const found = [...train.x, ...test.x].sort((a, b) => a - b);
  assert.deepEqual(found, pixels.map((pixel) => Math.fround(pixel / 255)));
});

Deno.test("a folder of images for each class", async () => {
  const image = (value: number) =>
    pngFile({
      ...{ width: 2, height: 2, depth: 8, colorType: 0 },
      values: [0, value, 0, 0],
    });
  for (const [name, value] of [["b", 51], ["a", 102], ["c", 153]] as const) {
    written(`toys/cat ${name}/1.png`, image(value));
    written(`toys/cat ${name}/2.PNG.gz`, gzip(image(value + 10)));
  }
  written("toys/.hidden", new Uint8Array());
  const path = join(folder, "toys");
  const { train, test, classNames } = await loadDataset(path, {
    testFraction: 0.5,
  });
  assert.deepEqual(classNames, ["cat a", "cat b", "cat c"]);
  assert.deepEqual([train.count, test.count], [3, 3]);
  assert.deepEqual([train.inputs, train.outputs], [4, 3]);
  for (const { x, y } of [train, test]) {
    for (let s = 0; s < 3; s++) {
      const value = Math.round(x[4 * s + 1] * 255);
      const label = [[102, 112], [51, 61], [153, 163]]
        .findIndex((values) => values.includes(value));
      assert.deepEqual(
        [...y.subarray(3 * s, 3 * s + 3)],
        [0, 1, 2].map((at) => +(at === label)),
      );
    }
  }
});

Deno.test("datasets in files name what is wrong", async () => {
  const y = npy("y.npy", [0, 1, 0, 1, 1], 5);
  const refused: [string, object, string][] = [
    [X, {}, "as 'targets' must be given: the file of .npy or IDX"],
    [
      X,
      { targets: npy("four.npy", [0, 1, 0, 1], 4) },
      "as 'shape' must be 5 or 5 × targets, as there are inputs: current value is [4]",
    ],
    [
      npy("flat.npy", [1, 2], 2),
      { targets: y },
      "as 'shape' must be samples × inputs, with a sample or more: current value is [2]",
    ],
    [
      npy("nan.npy", [1, 2, 3, NaN], 2, 2),
      { targets: y },
      "as 'x of sample 1 at 1' must be a number within ±3.4e38: current value is NaN",
    ],
    [
      X,
      { targets: npy("half.npy", [0, 0.5, 1, 1, 0], 5), task: "classes" },
      "as 'y of sample 1' must be the whole number of a class: current value is 0.5",
    ],
    [
      X,
      { targets: npy("two.npy", [0, 2, 1, 1, 0], 5), task: "labels" },
      "as 'y of sample 1' must be 0 or 1, or a probability between them: current value is 2",
    ],
    [
      X,
      { targets: npy("one.npy", [3, 3, 3, 3, 3], 5) },
      "as 'classes' must be two or more: current value is ['3']",
    ],
    [
      X,
      { targets: written("y.csv", new Uint8Array()) },
      "as targets must be an array of numbers: current value is a table",
    ],
    [
      X,
      { targets: written("y.nyp", new Uint8Array()) },
      "'ubyte' or '.png': did you mean '.npy'?",
    ],
    [
      written("p.png", pngFile({ ...PIXEL, values: [1] })),
      {},
      "as there are no targets with an image: name a folder that has a folder of images for each class",
    ],
    [
      written("none/a/x.txt", new Uint8Array()).slice(0, -8),
      {},
      "x.txt' as it must be an image in PNG",
    ],
    [
      written("single/a/1.png", pngFile({ ...PIXEL, values: [1] }))
        .slice(0, -8),
      {},
      "as there must be the four files of MNIST, or a folder of images for each of two classes or more",
    ],
  ];
  for (const [path, options, message] of refused) {
    await assert.rejects(loadDataset(path, options), (error: Error) => {
      assert.ok(error instanceof RangeError, error.stack);
      assert.ok(error.message.startsWith("Cannot read '"), error.message);
      assert.ok(error.message.includes(message), error.message);
      return true;
    });
  }
  written("sizes/a/1.png", pngFile({ ...PIXEL, values: [1] }));
  const large = pngFile({ ...PIXEL, width: 2, values: [1, 2] });
  written("sizes/b/1.png", large);
  await assert.rejects(loadDataset(join(folder, "sizes")), {
    name: "RangeError",
    message:
      /sizes.b.1.png' as its size must be 1 × 1 pixels: current value is 2 × 1$/,
  });
});

const PIXEL = { width: 1, height: 1, depth: 8, colorType: 0 } as const;
