import assert from "node:assert/strict";
import { Mlp } from "../mod.ts";
import { type Defect, matches } from "./defects.ts";
import { randomSamples } from "./samples.ts";

const [T, R] = [TypeError, RangeError];

/** Scalings are checked as they are in files. */
const SCALINGS: Defect[] = [
  [
    { preprocessing: 5 },
    T,
    "'preprocessing' must be an object: current value is 5",
  ],
  [
    { preprocessing: { offset: [0, 0, 0] } },
    T,
    "'preprocessing.scale' must be an array: current value is undefined",
  ],
  [
    { preprocessing: { offset: [0, 0], scale: [1, 1, 1] } },
    R,
    "'preprocessing.scale.length' must be 2 for as many offsets: current value is 3",
  ],
  [
    { preprocessing: { offset: [0, 0, 0], scale: [1, NaN, 1] } },
    R,
    "'preprocessing.scale[1]' must be finite as a float32: current value is NaN",
  ],
  [
    { targets: [] },
    T,
    "'targets' must be an object: current value is []",
  ],
  [
    { targets: { center: [0, 0] } },
    T,
    "'targets.unit' must be an array: current value is undefined",
  ],
  [
    { targets: { center: [0, "0"], unit: [1, 1] } },
    T,
    "'targets.center[1]' must be a finite number: current value is '0'",
  ],
  [
    { targets: { center: [0, 0], unit: [1] } },
    R,
    "'targets.unit.length' must be 2 for as many centers: current value is 1",
  ],
  [
    { targets: { offset: [0, 0], scale: [1, 1] } },
    R,
    "'targets' must be { center, unit }, as fitTargetScaling() makes it: current value is Object",
  ],
  [
    { preprocessing: { center: [0, 0, 0], unit: [1, 1, 1] } },
    R,
    "'preprocessing' must be { offset, scale }, as fitScaling() makes it: current value is Object",
  ],
  [
    { targetNames: ["a"] },
    R,
    "'targetNames.length' must be 2 for as many outputs: current value is 1",
  ],
  [
    { preprocessing: { mean: [0, 0, 0], scale: [1, 1, 1] } },
    R,
    "'each field of preprocessing' must be columns or table or offset or scale: current value is 'mean'",
  ],
  [
    { targets: { mean: [0, 0], center: [0, 0], unit: [1, 1] } },
    R,
    "'each field of targets' must be center or unit: current value is 'mean'",
  ],
  [
    { targetNames: ["a", "a"] },
    R,
    "'targetNames[1]' must be another one than targetNames[0]: current value is 'a'",
  ],
  [
    { classNames: ["label", "label"] },
    R,
    "'classNames[1]' must be another one than classNames[0]: current value is 'label'",
  ],
  [
    {
      preprocessing: {
        columns: ["a", "b", "a"].map((name) => ({ name, kind: "number" })),
      },
    },
    R,
    "'preprocessing.columns[2]' must be another one than preprocessing.columns[0]: current value is 'a'",
  ],
  [
    {
      preprocessing: {
        columns: [{ name: "a", kind: "category", values: ["x", "y", "x"] }],
      },
    },
    R,
    "'preprocessing.columns[0].values[2]' must be another one than preprocessing.columns[0].values[0]: current value is 'x'",
  ],
  [
    {
      preprocessing: { columns: [{ name: "a", kind: "number", values: [] }] },
    },
    R,
    "'each field of preprocessing.columns[0]' must be name or kind or fill or flag or format or origin: current value is 'values'",
  ],
  [
    {
      preprocessing: {
        columns: [{ name: "a", kind: "number", origin: Infinity }],
      },
    },
    R,
    "'preprocessing.columns[0].origin' must be a finite number: current value is Infinity",
  ],
  [
    {
      preprocessing: { columns: [{ name: "a", kind: "number", origin: "1" }] },
    },
    T,
    "'preprocessing.columns[0].origin' must be a finite number: current value is '1'",
  ],
];

Deno.test("new Mlp() names the part of a scaling that is wrong", () => {
  for (const [options, type, message] of SCALINGS) {
    assert.throws(
      () =>
        new Mlp({
          preset: "article",
          ...{ layers: [3, 4, 2], output: "linear" },
          ...options as object,
        }),
      matches(type, `Cannot make a network as ${message}`),
    );
  }
});

Deno.test("columns that make more or fewer inputs than the network has are refused", () => {
  const columns = [
    { name: "age", kind: "number" },
    { name: "size", kind: "category", values: ["S", "M", "L"] },
  ] as const;
  new Mlp({ preset: "article", layers: [4, 2], preprocessing: { columns } });
  assert.throws(
    () =>
      new Mlp({
        preset: "article",
        layers: [3, 2],
        preprocessing: { columns },
      }),
    matches(
      RangeError,
      "Cannot make a network as 'inputs of preprocessing.columns' must be 3: current value is 4",
    ),
  );
});

Deno.test("a target scaling of 0 is refused", async () => {
  const { x } = randomSamples(4, 3, 1, 1);
  const samples = { x, y: x.slice(0, 4), count: 4, inputs: 3, outputs: 1 };
  await assert.rejects(async () => {
    await using mlp = new Mlp({
      preset: "article",
      ...{ layers: [3, 1], output: "linear", workers: 1 },
      targets: { center: [0], unit: [0] },
    });
    await mlp.fit(samples, { epochs: 1 });
  }, {
    name: "RangeError",
    message: /^Cannot make a network as 'targets\.unit/,
  });
});
