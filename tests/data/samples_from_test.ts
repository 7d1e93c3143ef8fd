import assert from "node:assert/strict";
import { samplesFrom, type SampleSource } from "../../mod.ts";

Deno.test("samplesFrom() takes targets, or labels", () => {
  const x = [[1, 2], Float32Array.of(3, 4)];
  assert.deepEqual(samplesFrom({ x, y: [[0.5], [1]] }), {
    x: Float32Array.of(1, 2, 3, 4),
    y: Float32Array.of(0.5, 1),
    samples: 2,
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

const X = [[1, 2], [3, 4]];

/** What can't be used, and why. */
const DEFECTS: [unknown, new () => Error, RegExp][] = [
  [
    { x: 5, labels: [] },
    TypeError,
    /'x' must be an array of arrays: current value is 5/,
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
    { x: X, y: [[1]] },
    RangeError,
    /'y.length' must be 2 as x: current value is 1/,
  ],
  [
    { x: X, y: [[1], [Infinity]] },
    RangeError,
    /'y\[1\]\[0\]' must be a finite number/,
  ],
  [{ x: X, labels: [0] }, RangeError, /'labels.length' must be 2 as x/],
  [
    { x: X, labels: [0, 2], classes: 2 },
    RangeError,
    /'labels\[1\]' must be from 0 to 1: current value is 2/,
  ],
  [{ x: X, labels: [0, -1] }, RangeError, /'labels\[1\]' must be from 0 to/],
  [{ x: X, labels: [0, 0.5] }, RangeError, /whole number/],
  [
    { x: X, labels: [0, 1], classes: 0 },
    RangeError,
    /'classes' must be 1 or more/,
  ],
];

for (const [source, type, message] of DEFECTS) {
  Deno.test(`samplesFrom() refuses ${JSON.stringify(source)}`, () => {
    assert.throws(() => samplesFrom(source as SampleSource), (error: Error) => {
      assert.ok(error instanceof type);
      assert.match(error.message, message);
      return true;
    });
  });
}
