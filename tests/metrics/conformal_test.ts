import assert from "node:assert/strict";
import { conformalHalfWidths } from "../../mod.ts";
import { Xoshiro128 } from "../../src/units/random.ts";

Deno.test("half widths are the errors of the rank that split conformal prediction asks for", () => {
  const errors = Array.from({ length: 19 }, (_, at) => (7 * at) % 19);
  const targets = errors.flatMap((_, at) => [at, -at]);
  const found = errors.flatMap((
    error,
    at,
  ) => [at - error, -at + 10 * error]);
  // ⌈20 · 0.9⌉ = 18: the 18th smallest of 0 … 18.
  assert.deepEqual(conformalHalfWidths(targets, found, 2, 0.9), [17, 170]);
  assert.deepEqual(conformalHalfWidths(targets, found, 2, 0.95), [18, 180]);
  assert.deepEqual(conformalHalfWidths(targets, found, 2, 0.91), [18, 180]);
  // 25 · 0.28 is 7, and a little more in float64.
  assert.ok(25 * 0.28 > 7);
  const ascending = Array.from({ length: 24 }, (_, at) => at);
  const none = ascending.map(() => 0);
  assert.deepEqual(conformalHalfWidths(none, ascending, 1, 0.28), [6]);
  assert.throws(() => conformalHalfWidths(targets, found, 2, 0.96), {
    name: "RangeError",
    message: /'samples' must be from 24 on for a coverage of 0\.96: .* 19$/,
  });
  assert.throws(() => conformalHalfWidths([1], [1], 1, 1), {
    name: "RangeError",
    message: /'coverage' must be a number between 0 and 1/,
  });
});

Deno.test("of new samples, as many as promised are within", () => {
  const random = new Xoshiro128(3, 1);
  const draw = () =>
    Array.from({ length: 2000 }, () => random.nextFloat() ** 3 - 0.25);
  const zeros = new Array(2000).fill(0);
  const [half] = conformalHalfWidths(draw(), zeros, 1, 0.8);
  const within = draw().filter((error) => Math.abs(error) <= half).length;
  assert.ok(Math.abs(within / 2000 - 0.8) < 0.03, `${within}`);
});
