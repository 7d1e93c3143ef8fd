/** Every format that files may have, in `train`, `evaluate` and `predict`, plain, packed and through stdin. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { Mlp } from "../../mod.ts";
import { encodeNpy } from "../../src/data/npy.ts";
import { pngFile } from "../data/png_files.ts";
import { cellsOf, CommandLine, type Json } from "./command_line.ts";

const line = new CommandLine();

const gzip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

const TRAIN =
  "--hidden 8 --epochs 150 --batch-size 8 --learning-rate 0.02 --test-split 0.25";

/** What `train` says at its end; the model is in `model.json`. */
async function trained(args: string): Promise<Json> {
  const events = await line.json("train", `${args} ${TRAIN} --save model.json`);
  return events.at(-1);
}

/** What `evaluate` says of it. */
async function evaluated(args: string, options = {}): Promise<Json> {
  // A packed file is another one than the same unpacked.
  const [{ trainedOn: _, ...found }] = await line.json(
    "evaluate",
    `--model model.json ${args}`,
    options,
  );
  return found;
}

/** The first column of what `predict` says, without its name. */
async function predicted(args: string, options = {}): Promise<string[]> {
  const text = await line.output(
    "predict",
    `--model model.json ${args}`,
    options,
  );
  return cellsOf(text).slice(1).map(([cell]) => cell);
}

/** Points, of which the sum of both numbers tells everything. */
const POINTS = Array.from({ length: 40 }, (_, at) => [at % 8, at % 5]);
const X = encodeNpy(Float32Array.from(POINTS.flat()), [40, 2]);
const SUMS = POINTS.map(([a, b]) => a + b);

const npy = (values: number[], width = 1) =>
  encodeNpy(Float32Array.from(values), [values.length / width, width]);

Deno.test("arrays of NumPy: classes", async () => {
  line.write("x.npy", X);
  line.write("x.npy.gz", gzip(X));
  line.write("y.npy", npy(SUMS.map((sum) => sum > 5 ? 3 : -1)));
  const end = await trained("--dataset x.npy --targets y.npy");
  assert.ok(end.testAccuracy > 0.8, `${end.testAccuracy}`);
  const found = await evaluated("--dataset x.npy.gz --targets y.npy");
  assert.equal(found.samples, 40);
  assert.ok(found.accuracy > 0.8, `${found.accuracy}`);
  assert.deepEqual(
    found.report.classes.map(({ name }: Json) => name),
    ["-1", "3"],
  );
  const labels = await predicted("x.npy");
  const right = labels.filter((label, at) =>
    +label === (SUMS[at] > 5 ? 3 : -1)
  );
  assert.equal(right.length / 40, found.accuracy);
  assert.deepEqual(await predicted("x.npy.gz"), labels);
  assert.deepEqual(await predicted("x.npy x.npy"), [...labels, ...labels]);
  const stdin = { stdin: X };
  assert.deepEqual(await predicted("--format npy", stdin), labels);
  assert.deepEqual(
    await evaluated("--dataset - --format npy --targets y.npy", stdin),
    found,
  );
});

Deno.test("arrays of NumPy: numbers and labels", async () => {
  line.write("x.npy", X);
  line.write("sums.npy", npy(SUMS.map((sum) => 100 + sum / 2)));
  const end = await trained("--dataset x.npy --targets sums.npy");
  assert.ok(end.testR2 > 0.9, `${end.testR2}`);
  const { r2 } = await evaluated("--dataset x.npy --targets sums.npy");
  assert.ok(r2 > 0.9, `${r2}`);
  const [first] = await predicted("x.npy");
  assert.ok(Math.abs(Number(first) - 100) < 2, first);

  const labels = POINTS.flatMap(([a, b]) => [+(a > 3), +(b > 2)]);
  line.write("labels.npy", npy(labels, 2));
  await trained("--dataset x.npy --targets labels.npy --task labels");
  const found = await evaluated("--dataset x.npy --targets labels.npy");
  assert.deepEqual(found.labels.map(({ name }: Json) => name), ["0", "1"]);
  assert.ok(found.accuracy > 0.8, `${found.accuracy}`);
});

/** A dot in one half of an image of 4 × 2 pixels. */
const PICTURES = Array.from(
  { length: 16 },
  (_, at) => Array.from({ length: 8 }, (_, pixel) => +(pixel === at % 8) * 255),
);
const SIDES = PICTURES.map((_, at) => at % 4 < 2 ? "left" : "right");
const PIXELS = { width: 4, height: 2, depth: 8, colorType: 0 } as const;

/** A file in IDX. */
function idx(sizes: number[], data: number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x800 + sizes.length);
  for (const [at, size] of sizes.entries()) view.setUint32(4 + 4 * at, size);
  bytes.set(data, 4 + 4 * sizes.length);
  return bytes;
}

Deno.test("images: folders of PNG for each class, and files of IDX", async () => {
  Deno.mkdirSync(line.path("dots/left"), { recursive: true });
  Deno.mkdirSync(line.path("dots/right"));
  for (const [at, values] of PICTURES.entries()) {
    const image = pngFile({ ...PIXELS, values });
    const name = `dots/${SIDES[at]}/${10 + at}.png`;
    if (at % 2) line.write(name, image);
    else line.write(`${name}.gz`, gzip(image));
  }
  const end = await trained("--dataset dots");
  assert.equal(end.trainAccuracy, 1);
  const { description } = line.readJson("model.json");
  assert.deepEqual(description.classNames, ["left", "right"]);
  assert.equal(description.training.image, "4x2");
  const found = await evaluated("--dataset dots");
  assert.equal(found.samples, 16);
  const sides = await predicted("dots/left dots/right");
  const right = sides.filter((side, at) =>
    side === (at < 8 ? "left" : "right")
  );
  assert.equal(right.length / 16, found.accuracy);
  assert.deepEqual(await predicted("dots/right/13.png"), [sides[9]]);

  const images = idx([16, 2, 4], PICTURES.flat());
  line.write("dots-idx3-ubyte.gz", gzip(images));
  line.write("dots-idx1-ubyte", idx([16], SIDES.map((s) => +(s === "right"))));
  const byFile = new Map(
    SIDES.map((side, at) =>
      [at, sides[(side === "left" ? 0 : 8) + (at >> 2) * 2 + at % 2]] as const
    ),
  );
  assert.deepEqual(await predicted("dots-idx3-ubyte.gz"), [...byFile.values()]);
  const stdin = { stdin: images };
  assert.deepEqual(
    await predicted("- --format idx", stdin),
    [...byFile.values()],
  );
  // As many pixels, but other images.
  line.write("tall-idx3-ubyte", idx([16, 4, 2], PICTURES.flat()));
  line.write(
    "tall.png",
    pngFile({ ...PIXELS, width: 2, height: 4, values: PICTURES[0] }),
  );
  await line.refused(
    "predict",
    "--model model.json tall-idx3-ubyte",
    /^Cannot read 'tall-idx3-ubyte' as its images must be of 4 × 2 pixels: current value is 2 × 4$/m,
  );
  await line.refused(
    "predict",
    "--model model.json tall.png",
    /^Cannot read 'tall.png' as its size must be 4 × 2 pixels: current value is 2 × 4$/m,
  );
  await line.refused(
    "evaluate",
    "--model model.json --dataset tall-idx3-ubyte --targets dots-idx1-ubyte",
    /^Cannot read 'tall-idx3-ubyte' as 'inputs of a sample' must be 4 × 2: current value is '2 × 4'$/m,
  );

  await trained(
    "--dataset dots-idx3-ubyte.gz --targets dots-idx1-ubyte",
  );
  const again = await evaluated(
    "--dataset dots-idx3-ubyte.gz --targets dots-idx1-ubyte",
  );
  assert.deepEqual(
    again.report.classes.map(({ name }: Json) => name),
    ["0", "1"],
  );
});

Deno.test("a training on arrays goes on from its checkpoint as if it had not stopped", async () => {
  line.write("x.npy", X);
  line.write("y.npy", npy(SUMS.map((sum) => +(sum > 5))));
  const data = "--dataset x.npy --targets y.npy";
  await line.json("train", `${data} --epochs 3 --checkpoint half.ck`);
  const resumed = await line.json(
    "train",
    `${data} --resume half.ck --epochs 6`,
  );
  const whole = await line.json("train", `${data} --epochs 6`);
  assert.equal(resumed.at(-1).weightsSha256, whole.at(-1).weightsSha256);
  await line.refused(
    "train",
    "--dataset x.npy --resume half.ck --epochs 6",
    /^Cannot read 'x.npy' as 'targets' must be given: /m,
  );
});

Deno.test("tables, packed and through stdin", async () => {
  const table = Deno.readFileSync(line.path("iris.csv"));
  line.write("packed.csv.gz", gzip(table));
  await trained("--dataset packed.csv.gz");
  await using mlp = await Mlp.load(line.path("model.json"));
  const packed = await mlp.weightsSha256();
  await line.json("train", `--dataset - ${TRAIN} --save model.json`, {
    stdin: table,
  });
  await using other = await Mlp.load(line.path("model.json"));
  assert.equal(await other.weightsSha256(), packed);
  const found = await evaluated("--dataset packed.csv.gz");
  assert.deepEqual(await evaluated("--dataset -", { stdin: table }), found);
  const labels = await predicted("iris.csv");
  assert.deepEqual(await predicted("packed.csv.gz"), labels);
  assert.deepEqual(await predicted("-", { stdin: gzip(table) }), labels);
});
