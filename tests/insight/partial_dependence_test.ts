import assert from "node:assert/strict";
import {
  decodeModel,
  dependenceSvg,
  encodeModel,
  Mlp,
  partialDependence,
  samplesFrom,
  TableEncoder,
} from "../../mod.ts";
import { assertNear } from "../assert_close.ts";

const COLORS = ["blue", "green", "red"];
const ROWS = Array.from({ length: 60 }, (_, at) => ({
  color: COLORS[at % 3],
  big: at * 7 % 60 / 2,
  price: 3 * (at * 7 % 60 / 2) + 5 * (at % 3),
}));

Deno.test("a linear network: the line of its weight, and what each category adds", async () => {
  const encoder = await TableEncoder.fit(ROWS, {
    target: "price",
    scale: "none",
  });
  const { center: [center], unit: [unit] } = encoder.targetScaling!;
  const weights = [-center, 0, 5, 10, 3].map((value) => value / unit);
  await using mlp = new Mlp({
    encoder,
    hidden: [],
    weights: [Float32Array.from(weights)],
    workers: 1,
  });
  const color = await partialDependence(mlp, ROWS, { column: "color" });
  assert.deepEqual(color.grid, COLORS);
  assert.deepEqual([color.outputs, color.numbers], [["price"], undefined]);
  // The mean of big is 14.75, of the colors' 5.
  for (const [at, [value]] of color.values.entries()) {
    assertNear(value, 3 * 14.75 + 5 * at, 1e-5, COLORS[at]);
  }
  const big = await partialDependence(mlp, ROWS, { column: "big", points: 7 });
  assert.equal(big.grid.length, 7);
  // Numbers of the order 0.05·59 = 2.95 and 0.95·59 = 56.05 of 60.
  assert.deepEqual([big.grid[0], big.grid[6]], ["1.5", "28"]);
  for (const [at, [value]] of big.values.entries()) {
    assertNear(value, 3 * Number(big.grid[at]) + 5, 1e-5, `${big.grid[at]}`);
  }
  const samples = await encoder.samples(ROWS);
  const same = await partialDependence(mlp, samples, {
    column: "big",
    points: 7,
  });
  assert.deepEqual(same.values, big.values);
  assert.deepEqual(same.grid, big.grid.map(Number));
  assert.deepEqual(same.numbers, same.grid);
  // As long as their numbers: 59.25 of blue, 64.25 of green, 69.25 of red, to the same scale.
  const bars = dependenceSvg(color);
  const long = [...bars.matchAll(/<rect class="f0"[^>]* width="([\d.]+)"/g)]
    .map(([, width]) => Number(width));
  assert.equal(long.length, 3);
  assertNear(long[0] / long[2], 44.25 / 54.25, 2e-3, "blue to red");
  assert.match(bars, />Mean price by color<.*>blue<.*>green<.*>red</s);
  const curve = dependenceSvg(big);
  const [, points] = /<polyline[^>]* points="([^"]*)"/.exec(curve)!;
  assert.equal(points.split(" ").length, 7);
  assert.match(curve, /prefers-color-scheme:dark.*>big<.*>mean price</s);
  await assert.rejects(
    () => partialDependence(mlp, samples, { column: "color" }),
    {
      name: "RangeError",
      message: /'source' must be rows of the table/,
    },
  );
  await assert.rejects(
    () => partialDependence(mlp, ROWS, { column: "colour" }),
    {
      name: "RangeError",
      message: /'column' must be 'color' or 'big': .*did you mean 'color'/,
    },
  );
});

Deno.test("cells without a value are a point of their own, and numbers stay numbers beside them", async () => {
  const rows = Array.from({ length: 300 }, (_, at) => ({
    time: at === 7 ? "." : at === 9 ? null : 1_700_000_000 + at,
    price: at % 7 + 0.5,
  }));
  const encoder = await TableEncoder.fit(rows, { target: "price" });
  await using mlp = new Mlp({ encoder, hidden: [3], workers: 1 });
  const { grid, numbers, values } = await partialDependence(mlp, rows, {
    ...{ column: "time", points: 3 },
  });
  assert.deepEqual(grid, ["1700000017", "1700000150", "1700000284", ""]);
  assert.deepEqual(numbers, [...grid.slice(0, 3).map(Number), NaN]);
  const without = rows.map(({ price }) => ({ time: null, price }));
  const found = await mlp.predict(await encoder.inputs(without));
  assertNear(values[3][0], found[0], 1e-5, "missing");
});

Deno.test("plain samples: means of probabilities with one input set", async () => {
  const samples = samplesFrom({
    x: [[0, 1], [2, 3], [4, 3]],
    labels: [0, 1, 0],
  });
  await using mlp = new Mlp({ layers: [2, 5, 2], workers: 1 });
  const { grid, outputs, values } = await partialDependence(mlp, samples, {
    column: "x[1]",
  });
  assert.deepEqual(grid, [1, 3]);
  assert.deepEqual(outputs, ["0", "1"]);
  for (const [at, value] of [1, 3].entries()) {
    const rows = await mlp.predictRows([[0, value], [2, value], [4, value]]);
    for (const k of [0, 1]) {
      assertNear(
        values[at][k],
        rows.reduce((sum, row) => sum + row[k], 0) / 3,
        1e-6,
        `${value}`,
      );
    }
  }
  await assert.rejects(
    () => partialDependence(mlp, samples, { column: "x[2]" }),
    { name: "RangeError", message: /'column' must be 'x\[0\]' or 'x\[1\]'/ },
  );
  await assert.rejects(
    () => partialDependence(mlp, samples, { column: "x[0]", points: 1 }),
    { name: "RangeError", message: /'points' must be/ },
  );
});

Deno.test("what was not awaited, or left out, is told by its name", async () => {
  const later = Promise.resolve() as never;
  const encoder = await TableEncoder.fit(ROWS, { target: "price" });
  const bytes = new Uint8Array(8);
  for (
    const [use, message] of [
      [
        async () => await dependenceSvg(later),
        /'found' .* once it is awaited: /,
      ],
      [() => encoder.decode(later), /'outputs' must .* once awaited: /],
      [() => decodeModel(bytes, undefined as never), /'name' must be a string/],
      [() => decodeModel(later, "a.json"), /'bytes' must be a Uint8Array: /],
      [() => encodeModel(null as never, "a.json"), /'model' must be an object/],
    ] as const
  ) await assert.rejects(use, { name: "TypeError", message });
});
