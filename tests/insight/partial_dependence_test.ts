import assert from "node:assert/strict";
import {
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
  assert.deepEqual(color.outputs, ["price"]);
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
