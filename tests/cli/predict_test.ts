/** What `predict` prints, for each kind of file, against a plain forward pass. */
import assert from "node:assert/strict";
import { loadDataset } from "../../mod.ts";
import { encodeNpy } from "../../src/data/npy.ts";
import { pngFile } from "../data/png_files.ts";
import { forward, unpack } from "../float64_mlp.ts";
import {
  cellsOf,
  CommandLine,
  type Json,
  type RunOptions,
  someAtATime,
} from "./command_line.ts";

const line = new CommandLine();

/** The outputs of a JSON model for scaled inputs, in float64: hidden layers are sigmoid, outputs softmax or linear. */
function outputsOf(model: Json, x: number[]): number[] {
  const { layers, output, preprocessing, targets } = model.description;
  const { offset, scale } = preprocessing;
  const weights = unpack(
    model.weights.map((values: number[]) => Float32Array.from(values.flat())),
    layers,
  );
  const sums = forward(
    weights,
    x.map((value, at) => (value - offset[at]) * scale[at]),
    { activation: "sigmoid", loss: "halfSquaredError", l1: 0, l2: 0 },
  ).z.at(-1)!;
  if (output === "linear") {
    return sums.map((value, at) =>
      value * targets.unit[at] + targets.center[at]
    );
  }
  const powers = sums.map((value) => Math.exp(value));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

function close(found: number[], wanted: number[], most: number): void {
  assert.equal(found.length, wanted.length);
  for (const [at, value] of wanted.entries()) {
    const error = Math.abs(found[at] - value) / Math.max(1, Math.abs(value));
    assert.ok(error <= most, `${at}: ${found[at]}, ${value}`);
  }
}

const TRAIN =
  "--activation sigmoid --epochs 9 --optimizer adam --learning-rate 0.02 --quiet --save";

const IRIS = Deno.readTextFileSync(line.path("iris.csv"));

Deno.test.beforeAll(async () => {
  await line.output("train", `--dataset iris.csv ${TRAIN} iris.json`);
  line.write("IRIS.CSV", IRIS);
});

Deno.test("predict from CSV: label and probabilities of each row, from a file or stdin", async () => {
  const model = "--model iris.json --probabilities";
  const text = await line.output("predict", `${model} iris.csv`);
  const [header, ...rows] = cellsOf(text);
  const names = ["setosa", "versicolor", "virginica"];
  assert.deepEqual(header, [
    ...["label", "probability"],
    ...names.map((name) => `probability_${name}`),
  ]);
  assert.equal(rows.length, 150);
  const read = line.readJson("iris.json");
  const flowers = cellsOf(IRIS);
  for (const [at, row] of rows.entries()) {
    const probabilities = row.slice(2).map(Number);
    const x = flowers[at + 1].slice(0, 4).map(Number);
    close(probabilities, outputsOf(read, x), 1e-5);
    const most = probabilities.indexOf(Math.max(...probabilities));
    assert.equal(row[0], names[most]);
    assert.equal(Number(row[1]), probabilities[most]);
  }

  const lines = await line.json("predict", `${model} iris.csv`);
  assert.deepEqual(
    lines.map((
      { label, probability, probabilities },
    ) => [label, probability, ...Object.values(probabilities)]),
    rows.map(([label, ...values]) => [label, ...values.map(Number)]),
  );
  assert.deepEqual(Object.keys(lines[0].probabilities), names);
  // Of the class alone, unless all are asked for.
  assert.equal(
    await line.output("predict", "--model iris.json iris.csv"),
    cellsOf(text).map((row) => row.slice(0, 2).join(",")).join("\n") + "\n",
  );
  const [short] = await line.json("predict", "--model iris.json iris.csv");
  assert.deepEqual(Object.keys(short), ["label", "probability"]);

  line.write("iris.data", IRIS.replaceAll(",", "|"));
  // Numbers of .npy are raw as well: the model scales them.
  const values = flowers.slice(1).flatMap((row) => row.slice(0, 4).map(Number));
  line.write("iris.npy", encodeNpy(Float32Array.from(values), [150, 4]));
  const same = `${model} --kernels wasm --workers 2`;
  const others: [string, RunOptions][] = [
    [same, { stdin: IRIS }],
    [`${same} -`, { stdin: IRIS }],
    [`${same} --format csv --delimiter | iris.data`, {}],
    [`${model} iris.npy`, {}],
  ];
  await someAtATime(others, async ([args, options]) => {
    assert.equal(await line.output("predict", args, options), text);
  });
});

Deno.test("predict takes a table by its ending as train does, in capitals too", async () => {
  const args = "--model iris.json";
  assert.equal(
    await line.output("predict", `${args} IRIS.CSV`),
    await line.output("predict", `${args} iris.csv`),
  );
});

Deno.test("predict from CSV: columns by names, of which there may be more, or by order", async () => {
  const args = "--model iris.json";
  const rows = ["5.1,3.5,1.4,0.2", "6,3,4.8,1.8"];
  const first = await line.output("predict", args, { stdin: rows.join("\n") });
  const turned = "species,petal width,petal length,sepal width,sepal length\n" +
    "x,0.2,1.4,3.5,5.1\nx,1.8,4.8,3,6\n";
  assert.equal(await line.output("predict", args, { stdin: turned }), first);
  const more = '\ufeff5.1;3.5;1.4;0.2;""\r\n\r\n6;3;4.8;1.8;setosa\r\n';
  await line.refused(
    "predict",
    `${args} --header no`,
    /^Cannot read 'stdin' as there must be 4 columns, or names of them: columns are .*'column 5'$/m,
    { stdin: more },
  );
});

Deno.test("predict quotes labels, and names of outputs, where they need it", async () => {
  const names = ['say "a", b', "c, d", "e"];
  const quoted = ['"say ""a"", b"', '"c, d"', "e"];
  const rows = Array.from(
    { length: 30 },
    (_, at) => `${at % 3},${quoted[at % 3]}`,
  );
  line.write("quoted.csv", ["x,y", ...rows].join("\n"));
  await line.output(
    "train",
    `--dataset quoted.csv --test-split 0 ${
      TRAIN.replace("9", "20")
    } quoted.onnx`,
  );
  const args = "--model quoted.onnx --probabilities";
  const stdin = "x\n0\n1\n2\n";
  const text = await line.output("predict", args, { stdin });
  const order = [1, 2, 0];
  const [header, ...lines] = text.trimEnd().split("\n");
  assert.equal(
    header,
    'label,probability,"probability_c, d",probability_e,"probability_say ""a"", b"',
  );
  for (const [at, row] of lines.entries()) {
    assert.ok(row.startsWith(`${quoted[at]},0.`), row);
  }
  const found = await line.json("predict", args, { stdin });
  assert.deepEqual(found.map(({ label }) => label), names);
  assert.deepEqual(
    Object.keys(found[0].probabilities),
    order.map((at) => names[at]),
  );

  const numbers = Array.from(
    { length: 9 },
    (_, at) => `${at},${at / 2},${-at / 4}`,
  );
  line.write("units.csv", ['x,"width, cm",height', ...numbers].join("\n"));
  await line.output(
    "train",
    `--dataset units.csv --target 1,2 ${TRAIN} units.json`,
  );
  const units = await line.output("predict", "--model units.json", {
    stdin: "x\n1\n",
  });
  assert.match(units, /^"width, cm",height\n-?[\d.]+,-?[\d.]+\n$/);
  // evaluate finds the columns in both orders, as train does.
  const [{ samples, r2 }] = await line.json(
    "evaluate",
    "--model units.json --dataset units.csv",
  );
  assert.equal(samples, 9);
  assert.ok(Number.isFinite(r2));
});

Deno.test("predict of numbers: in the units of the targets, categories as in training", async () => {
  const rows = Array.from({ length: 40 }, (_, at) => {
    const color = ["red", "blue"][at % 2];
    return `${at},${color},${100 + 3 * at + 50 * (at % 2)},${-at}`;
  });
  line.write("sales.csv", ["day,color,price,stock", ...rows].join("\n"));
  await line.output(
    "train",
    `--dataset sales.csv --target price,stock ${TRAIN} sales.json`,
  );
  const model = line.readJson("sales.json");
  const text = await line.output("predict", "--model sales.json sales.csv");
  const [header, ...found] = cellsOf(text);
  assert.deepEqual(header, ["price", "stock"]);
  assert.equal(found.length, 40);
  for (const [at, row] of found.entries()) {
    const x = [at, at % 2, 1 - at % 2];
    close(row.map(Number), outputsOf(model, x), 1e-5);
  }
  const [first] = await line.json("predict", "--model sales.json sales.csv");
  assert.deepEqual(Object.entries(first), [
    ["price", Number(found[0][0])],
    ["stock", Number(found[0][1])],
  ]);
});

/** An IDX file of images of 28 × 28 bytes. */
function idxImages(images: number[][]): Uint8Array {
  const header = new DataView(new ArrayBuffer(16));
  [0x803, images.length, 28, 28].forEach((value, at) =>
    header.setUint32(4 * at, value)
  );
  return Uint8Array.of(...new Uint8Array(header.buffer), ...images.flat());
}

/** What NumPy writes of bytes: np.save() of a uint8 array. */
function npyBytes(images: number[][]): Uint8Array {
  const header =
    `{'descr': '|u1', 'fortran_order': False, 'shape': (${images.length}, 784), }`
      .padEnd(117) + "\n";
  return Uint8Array.of(
    ...[0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0],
    ...new TextEncoder().encode(header),
    ...images.flat(),
  );
}

Deno.test("predict from IDX, .npy, PNG and CSV: the same images, the same digits", async () => {
  await line.output(
    "train",
    "--dataset mnist --epochs 2 --hidden 30 --quiet --save digits.safetensors",
  );
  const { test } = await loadDataset("mnist");
  const images = [0, 1, 2].map((at) =>
    Array.from(
      test.x.subarray(784 * at, 784 * at + 784),
      (pixel) => Math.round(255 * pixel),
    )
  );
  const pixels = images.map((image) => image.map((byte) => byte / 255));
  const gray = { width: 28, height: 28, depth: 8, colorType: 0 } as const;
  line.write("three-idx3-ubyte", idxImages(images));
  line.write("three.images", idxImages(images));
  line.write(
    "three.npy",
    encodeNpy(Float32Array.from(pixels.flat()), [3, 784]),
  );
  line.write(
    "square.npy",
    encodeNpy(Float32Array.from(pixels.flat()), [3, 28, 28]),
  );
  line.write("bytes.npy", npyBytes(images));
  line.write("one.png", pngFile({ ...gray, values: images[0] }));
  line.write(
    "black.png",
    pngFile({ ...gray, values: images[0].map((byte) => 255 - byte) }),
  );
  line.write("three.csv", pixels.map((image) => image.join(",")).join("\n"));

  const model = "--model digits.safetensors --probabilities";
  const text = await line.output("predict", `${model} three-idx3-ubyte`);
  const [header, ...rows] = cellsOf(text);
  assert.deepEqual(header, [
    ...["label", "probability"],
    ...Array.from("0123456789", (digit) => `probability_${digit}`),
  ]);
  assert.equal(rows.length, 3);
  const labels = images.map((_, at) =>
    `${test.y.subarray(10 * at, 10 * at + 10).indexOf(1)}`
  );
  assert.deepEqual(rows.map(([label]) => label), labels);
  const others = [
    "--format idx three.images",
    "three.npy",
    "square.npy",
    "three.csv --header no",
  ];
  await someAtATime(others, async (args) => {
    assert.equal(await line.output("predict", `${model} ${args}`), text, args);
  });
  const json = await line.json("predict", `${model} --format npy`, {
    stdin: Deno.readFileSync(line.path("three.npy")),
  });
  assert.deepEqual(
    json.map(({ label, probability, probabilities }) => [
      ...[label, String(probability)],
      ...Array.from("0123456789", (name) => String(probabilities[name])),
    ]),
    rows,
  );
  // Numbers of .npy are taken as they are.
  const bytes = await line.output("predict", `${model} bytes.npy`);
  assert.notEqual(bytes, text);
  assert.equal(cellsOf(bytes).length, 4);
  for (const name of ["one.png", "black.png"]) {
    const found = cellsOf(await line.output("predict", `${model} ${name}`));
    assert.equal(found.length, 2);
    assert.equal(found[1][0], labels[0]);
    close(found[1].slice(1).map(Number), rows[0].slice(1).map(Number), 1e-6);
  }
});
