import fc from "fast-check";
import assert from "node:assert/strict";
import { Mlp, samplesFrom, type SampleSource } from "../../mod.ts";

Deno.test("samplesFrom() takes targets, or labels", () => {
  const x = [[1, 2], Float32Array.of(3, 4)];
  assert.deepEqual(samplesFrom({ x, y: [[0.5], [1]] }), {
    x: Float32Array.of(1, 2, 3, 4),
    y: Float32Array.of(0.5, 1),
    count: 2,
    inputs: 2,
    outputs: 1,
  });
  const y = (source: SampleSource) => [...samplesFrom(source).y];
  assert.deepEqual(y({ x, labels: [2, 0] }), [0, 0, 1, 1, 0, 0]);
  assert.deepEqual(
    y({ x, labels: Uint8Array.of(0, 1), classes: 3 }),
    [1, 0, 0, 0, 1, 0],
  );
});

Deno.test("samplesFrom() takes numbers where there is one target for each sample", () => {
  const x = [[1, 2], [3, 4], [5, 6]];
  const wanted = samplesFrom({ x, y: [[0], [1], [0.5]] });
  for (
    const y of [
      [0, 1, 0.5],
      Float64Array.of(0, 1, 0.5),
      Float32Array.of(0, 1, 0.5),
    ]
  ) {
    assert.deepEqual(samplesFrom({ x, y }), wanted);
    assert.deepEqual(samplesFrom({ x, y, outputs: 1 }), wanted);
  }
  const rows = {
    data: Float32Array.of(1, 2),
    indices: Int32Array.of(0, 1),
    indptr: Int32Array.of(0, 1, 1, 2),
  };
  assert.deepEqual(samplesFrom({ x: rows, inputs: 2, y: [0, 1, 0.5] }), {
    ...wanted,
    x: rows,
  });
});

Deno.test("a network with one output learns from numbers", async () => {
  const samples = samplesFrom({ x: [[0], [1], [2], [3]], y: [0, 0, 1, 1] });
  await using mlp = new Mlp({ preset: "article", layers: [1, 1], workers: 1 });
  await mlp.fit(samples, { optimizer: "adam", learningRate: 0.1, epochs: 200 });
  assert.deepEqual(
    [...await mlp.predictClasses([[0], [1], [2], [3]])],
    [0, 0, 1, 1],
  );
  // Numbers of classes are no targets of a network with an output for each.
  const three = samplesFrom({ x: [[0], [1], [2]], y: [0, 1, 2] });
  await assert.rejects(
    new Mlp({ preset: "article", layers: [1, 3], output: "softmax" }).fit(
      three,
    ),
    {
      name: "RangeError",
      message:
        "Cannot train as 'outputs' must be 3 as in the network (one for each class, as samplesFrom({ x, labels }) makes them): current value is 1",
    },
  );
});

Deno.test("samplesFrom() takes typed arrays, a Float32Array without a copy", () => {
  const x = Float32Array.of(1, 2, 3, 4);
  const y = new Float32Array(new SharedArrayBuffer(8));
  const samples = samplesFrom({ x, inputs: 2, y, outputs: 1 });
  assert.equal(samples.x, x);
  assert.equal(samples.y, y);
  assert.deepEqual([samples.count, samples.inputs, samples.outputs], [
    2,
    2,
    1,
  ]);
  const bytes = samplesFrom({
    x: Uint8Array.of(0, 255),
    inputs: 1,
    labels: [1, 0],
  });
  assert.deepEqual(bytes.x, Float32Array.of(0, 255));
});

Deno.test("samplesFrom() makes the same of rows and of a typed array", () => {
  // What computing left of equal numbers is none that tells samples apart.
  const noise = [[0.1 + 0.2, 1.7e9], [0.3, 1.7e9 + 86_400]];
  assert.equal(samplesFrom({ x: noise, labels: [0, 1] }).count, 2);
  const shape = fc.record({
    samples: fc.integer({ min: 1, max: 20 }),
    inputs: fc.integer({ min: 1, max: 9 }),
    classes: fc.integer({ min: 2, max: 5 }),
  });
  fc.assert(
    fc.property(shape, ({ samples, inputs, classes }) => {
      const x = Float32Array.from({ length: samples * inputs }, (_, at) => at);
      const labels = Array.from({ length: samples }, (_, s) => s % classes);
      const rows = labels.map((_, s) =>
        x.subarray(s * inputs, (s + 1) * inputs)
      );
      const made = samplesFrom({ x: rows, inputs, labels, classes });
      assert.deepEqual(made, samplesFrom({ x, inputs, labels, classes }));
      for (const [sample, label] of labels.entries()) {
        const target = made.y.subarray(
          sample * classes,
          sample * classes + classes,
        );
        assert.equal(target.indexOf(1), label);
        assert.equal(target.reduce((sum, value) => sum + value), 1);
      }
    }),
    { seed: 4 },
  );
});

const X = [[1, 2], [3, 4]];

/** What can't be used, and why. */
const DEFECTS: [unknown, new () => Error, RegExp][] = [
  [
    { x: 5, labels: [] },
    TypeError,
    /'x' must be an array of arrays or a typed array: current value is 5/,
  ],
  [{ x: [], labels: [] }, RangeError, /'x.length' must be 1 or more/],
  [{ x: [[]], labels: [0] }, RangeError, /'x\[0\].length' must be 1 or more/],
  [
    { x: [[1], [1, 2]], labels: [0, 1] },
    RangeError,
    /'x\[1\].length' must be 1/,
  ],
  [
    { x: [[1], [NaN]], labels: [0, 1] },
    RangeError,
    /'x\[1\]\[0\]' must be a finite number: current value is NaN/,
  ],
  [
    { x: X, y: [1, 2, 3] },
    RangeError,
    /'y.length' must be 2 for 2 samples in x: current value is 3/,
  ],
  [
    { x: X, y: new Float32Array(4) },
    TypeError,
    /'outputs' must be the number of targets of a sample, as y has 4 values for 2 samples: current value is undefined/,
  ],
  [
    { x: X, y: [0, 1], outputs: 2 },
    TypeError,
    /'y' must be an array of 2 targets for each sample: current value is \[0, 1\]/,
  ],
  [
    { x: X, y: [0, true] },
    TypeError,
    /'y\[1\]' must be a finite number: current value is true/,
  ],
  [
    { x: X, y: ["a", "b"] },
    TypeError,
    /'y\[0\]' must be a finite number: current value is 'a'/,
  ],
  [
    { x: X, y: [0, NaN] },
    RangeError,
    /'y\[1\]' must be a finite number: current value is NaN/,
  ],
  [
    { x: X, y: [0, [1]] },
    TypeError,
    /'y\[1\]' must be a finite number: current value is \[1\]/,
  ],
  [
    { x: X, y: [[0], 1] },
    TypeError,
    /'y\[1\]' must be an array of the numbers of a sample \(for a single one, \[\[…\]\]\): current value is 1/,
  ],
  [
    { x: X, y: null },
    TypeError,
    /'y' must be an array of arrays or a typed array: current value is null/,
  ],
  [
    { x: [1, 2], y: [0, 1] },
    TypeError,
    /'x\[0\]' must be an array of the numbers of a sample \(for a single one, \[\[…\]\]\): current value is 1/,
  ],
  [
    { x: [{}, {}], y: [0, 1] },
    RangeError,
    /'x\[0\].length' must be 1 or more: current value is undefined/,
  ],
  [X, TypeError, /'source' must be an object with x, and y or labels, as/],
  [
    { x: X, y: [[1]] },
    RangeError,
    /'y.length' must be 2 for 2 samples in x: current value is 1/,
  ],
  [
    { x: X, y: [[1], [Infinity]] },
    RangeError,
    /'y\[1\]\[0\]' must be a finite number/,
  ],
  [{ x: X, labels: [0] }, RangeError, /'labels.length' must be 2 for 2/],
  [
    { x: X, labels: [0, 2], classes: 2 },
    RangeError,
    /'labels\[1\]' must be a whole number from 0 to 1: current value is 2/,
  ],
  [
    { x: X, labels: [0, -1] },
    RangeError,
    /'labels\[1\]' must be a whole number of 0 or more/,
  ],
  [{ x: X, labels: [0, 0.5] }, RangeError, /whole number/],
  [
    { x: X, labels: [0, 1], classes: 0 },
    RangeError,
    /'classes' must be a whole number of 2 or more: current value is 0$/,
  ],
  [
    { x: X, labels: [0, 0], classes: 1 },
    RangeError,
    /'classes' must be a whole number of 2 or more: current value is 1$/,
  ],
  [
    { x: X, labels: [0, 0] },
    RangeError,
    /'classes' must be 2 or more where all labels are 0: current value is undefined$/,
  ],
  [null, TypeError, /'source' must be an object/],
  [
    { features: X, labels: [0, 1] },
    TypeError,
    /'features' is no option: did you mean 'x'\?/,
  ],
  [
    { x: [[1n]], labels: [1] },
    TypeError,
    /'x\[0\]\[0\]' must be a finite number: current value is 1n$/,
  ],
  [
    { x: X, labels: BigInt64Array.of(0n, 1n) },
    TypeError,
    /'labels\[0\]' must be a whole number of 0 or more: current value is 0n$/,
  ],
  [
    { x: X },
    TypeError,
    /^Cannot make samples as there must be targets: 'y', or 'labels' for classes$/,
  ],
  [{ x: X, labels: "01" }, TypeError, /'labels' must be an array/],
  [{ x: X, labels: [0, "1"] }, TypeError, /'labels\[1\]' must be the number/],
  [{ x: X, labels: [0, NaN] }, RangeError, /'labels\[1\]' must be a whole/],
  [{ x: X, y: X, labels: [0, 1] }, TypeError, /both 'y' and 'labels'/],
  [
    { x: [[1, "2"]], labels: [0] },
    TypeError,
    /'x\[0\]\[1\]' must be a finite number: current value is '2'/,
  ],
  [
    { x: [[1e300]], labels: [0] },
    RangeError,
    /'x\[0\]\[0\]' must be within ±3.4e38: current value is 1e\+300/,
  ],
  [
    { x: X, inputs: 3, labels: [0, 1] },
    RangeError,
    /'x\[0\].length' must be 3: current value is 2/,
  ],
  [{ x: new Float32Array(4), labels: [0] }, TypeError, /'inputs' must be/],
  [{ x: new Float32Array(0), inputs: 1, labels: [] }, RangeError, /1 or more/],
  [
    { x: new Float32Array(5), inputs: 2, labels: [0] },
    RangeError,
    /'x.length' must be a multiple of 2: current value is 5/,
  ],
  [
    { x: Float32Array.of(1, NaN), inputs: 2, labels: [0] },
    RangeError,
    /'x\[1\]' must be a finite number: current value is NaN/,
  ],
  [
    { x: Float64Array.of(1, 1e300), inputs: 2, labels: [0] },
    RangeError,
    /'x\[1\]' must be within ±3.4e38/,
  ],
  [
    { x: [[1, 2 ** 24], [2, 2 ** 24 + 1]], labels: [0, 1] },
    RangeError,
    /numbers in column 1 of 'x' must differ by .* from 16777216: 16777217 would be 16777216$/,
  ],
  [
    { x: X, y: Float64Array.of(1e9, 1e9 + 20) },
    RangeError,
    /numbers in column 0 of 'y' must differ by more than a float32 rounds off/,
  ],
  [
    { x: X, y: Float32Array.of(1, 0, 0), outputs: 3 },
    RangeError,
    /'y.length' must be 6 for 2 samples in x: current value is 3/,
  ],
];

for (const [source, type, message] of DEFECTS) {
  Deno.test(`samplesFrom() refuses ${Deno.inspect(source, { compact: true, breakLength: Infinity })}`, () => {
    assert.throws(() => samplesFrom(source as SampleSource), (error: Error) => {
      assert.equal(Object.getPrototypeOf(error.constructor), type);
      assert.match(error.message, message);
      return true;
    });
  });
}
