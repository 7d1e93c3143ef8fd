import assert from "node:assert/strict";
import {
  EXACT,
  EXACT_NAMES,
  type ExactName,
  manyArguments,
} from "../exact_activations.ts";
import { GUARD, Image } from "./references.ts";

/** Activations whose derivative has no jump or corner at 0. */
const SMOOTH: readonly ExactName[] = [
  ...["sigmoid", "tanh", "gelu", "swish", "softplus"] as const,
];

/** Slopes by a kernel: what a delta of ones becomes. */
function slopes(name: ExactName, values: ArrayLike<number>): Float32Array {
  const image = new Image();
  const count = values.length;
  const z = image.place(values);
  const a = image.placeOutput(count);
  const delta = image.place(new Float32Array(count).fill(1));
  image.allow(delta, count);
  const after = image.run("wasm", (k) => {
    k[name](z, a, count);
    k[`${name}Derivative`](delta, z, a, count);
  });
  return after.slice(delta / 4, delta / 4 + count);
}

for (const name of EXACT_NAMES) {
  const { exact } = EXACT[name];

  Deno.test(`${name}Derivative: within 4e-7 of central differences`, () => {
    const step = 1e-5;
    // Far from 0, differences have too few digits; across a jump they are the mean of both derivatives.
    const z = manyArguments().filter((value) =>
      Math.abs(value) < 40 && (value === 0 || Math.abs(value) > 2 * step)
    ).filter((value) => value !== 0 || SMOOTH.includes(name));
    const count = z.length & ~3;
    const actual = slopes(name, z.slice(0, count));
    for (let n = 0; n < count; n++) {
      const rise = exact(z[n] + step) - exact(z[n] - step);
      const error = Math.abs(actual[n] - rise / (2 * step));
      assert.ok(error < 4e-7, `act'(${z[n]}) is off by ${error}`);
    }
  });

  Deno.test(`${name}Derivative: extremes, and zero and NaN in delta`, () => {
    const z = [-1e4, 1e4, -3.4e38, 3.4e38, -1e-40, 1e-40, -Infinity, Infinity];
    const actual = slopes(name, z);
    const grows = EXACT[name].limits[1] === Infinity;
    const low = name === "leakyRelu" ? 0.01 : 0;
    for (let n = 0; n < z.length; n++) {
      if (n === 4 || n === 5) continue;
      const expected = z[n] < 0 ? low : grows ? 1 : 0;
      assert.ok(Math.abs(actual[n] - expected) < 1e-9, `${z[n]}: ${actual[n]}`);
    }
    const image = new Image();
    const values = image.place([0.5, -0.5, 0, 3]);
    const delta = image.place([0, 0, NaN, NaN]);
    image.allow(delta, 4);
    const after = image.run(
      "wasm",
      (k) => k[`${name}Derivative`](delta, values, values, 4),
    ).slice(delta / 4, delta / 4 + 4);
    assert.deepEqual([after[0], after[1] + 0], [0, 0]);
    assert.ok(Number.isNaN(after[3]), "NaN is lost");
  });
}

Deno.test("geluDerivative and swishDerivative: need no output, and pass on NaN of z", () => {
  for (const name of ["geluDerivative", "swishDerivative"] as const) {
    const image = new Image();
    const z = image.place([0, NaN, 1, -1]);
    const a = image.place([GUARD, GUARD, GUARD, GUARD]);
    const delta = image.place([2, 2, 2, 2]);
    image.allow(delta, 4);
    const after = image.run("wasm", (k) => k[name](delta, z, a, 4))
      .slice(delta / 4, delta / 4 + 4);
    assert.ok(Math.abs(after[0] - 1) < 3e-7);
    assert.ok(Number.isNaN(after[1]));
    // Both gates are symmetric, so that the slopes at z and -z add up to 1.
    assert.ok(Math.abs(after[2] + after[3] - 2) < 5e-7);
  }
});
