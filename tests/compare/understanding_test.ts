/** What helps to understand a network compared with scikit-learn: where the choices lie. The numbers are in tests/insight and tests/calibration. */
import assert from "node:assert/strict";
import {
  chooseThreshold,
  Mlp,
  partialDependence,
  permutationImportance,
  TableEncoder,
} from "../../mod.ts";
import { row } from "./rows.ts";

const ROWS = Array.from({ length: 30 }, (_, n) => ({
  size: n % 7,
  color: ["red", "green", "blue"][n % 3],
  fruit: n % 7 < 3 ? "apple" : n % 2 === 0 ? "banana" : "cherry",
}));

/** A network of classes of a table, on a few rows. */
async function trained(): Promise<Mlp> {
  const encoder = await TableEncoder.fit(ROWS, { target: "fruit" });
  const mlp = new Mlp({ encoder, hidden: [], workers: 1 });
  await mlp.fit(await encoder.samples(ROWS), { epochs: 3, batchSize: 30 });
  return mlp;
}

row("`calibrate`", async () => {
  await using mlp = await trained();
  await mlp.calibrate(await mlp.encoder!.samples(ROWS), { method: "platt" });
  const { calibration } = mlp;
  assert.ok(calibration?.method === "platt");
  // scikit-learn's `sigmoid` has a slope for each class.
  assert.equal(new Set(calibration.slope).size, 1);
  assert.equal(calibration.intercept.length, 3);
});

row("`chooseThreshold`", () => {
  // precision_recall_curve([0, 0, 1, 1], [0.1, 0.3, 0.7, 0.9]) has its F1 of 1 at the threshold 0.7.
  const { threshold, f1 } = chooseThreshold(
    [0, 0, 1, 1],
    [0.1, 0.3, 0.7, 0.9],
    "f1",
  );
  assert.equal(f1, 1);
  assert.equal(threshold, 0.5);
});

row("`permutationImportance`", async () => {
  await using mlp = await trained();
  const found = await permutationImportance(mlp, ROWS, { repeats: 2 });
  // Two columns, of four inputs.
  assert.equal(mlp.layers[0], 4);
  assert.deepEqual(found.map(({ name }) => name).toSorted(), ["color", "size"]);
});

row("`partialDependence`", async () => {
  await using mlp = await trained();
  const { grid } = await partialDependence(mlp, ROWS, {
    ...{ column: "size", points: 4 },
  });
  assert.equal(grid.length, 4);
  const cells = new Set(ROWS.map(({ size }) => `${size}`));
  for (const value of grid) assert.ok(cells.has(`${value}`), `${value}`);
});
