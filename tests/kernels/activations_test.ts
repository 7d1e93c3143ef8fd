import assert from "node:assert/strict";
import type { Kernels } from "../../src/kernels/kernels.ts";
import { erf } from "../../src/units/erf.ts";
import {
  EXACT,
  EXACT_NAMES,
  type ExactActivation,
  type ExactName,
  manyArguments,
} from "../exact_activations.ts";
import { assertSameBits, GUARD, Image, noise } from "./references.ts";

function activate(name: ExactName, values: ArrayLike<number>) {
  const image = new Image();
  const z = image.place(values);
  const a = image.placeOutput(values.length);
  const after = image.run("wasm", (k) => k[name](z, a, values.length));
  return after.slice(a / 4, a / 4 + values.length);
}

for (const name of EXACT_NAMES) {
  const { exact, limits }: ExactActivation = EXACT[name];

  const bound = name === "gelu" ? 2.5e-7 : 2e-7;
  Deno.test(`${name}: within ${bound} of float64`, () => {
    const z = manyArguments();
    const a = activate(name, z);
    let worst = 0;
    for (const [n, value] of a.entries()) {
      const expected = exact(z[n]);
      assert.ok(!Number.isNaN(value), `${name}(${z[n]}) is NaN`);
      // Beyond 1, float32 itself is coarser.
      const scale = Math.max(1, Math.abs(expected));
      const error = Math.abs(value - expected) / scale;
      worst = Math.max(worst, error);
    }
    assert.ok(worst <= bound, `The largest error is ${worst}`);
  });

  Deno.test(`${name}: limits, zeros and NaN`, () => {
    const z = [-Infinity, Infinity, NaN, 0, -3.4e38, 3.4e38, -1e-40, 1e-40];
    const a = activate(name, [...z, -1e4, 1e4, -0, 0]);
    const near = (n: number, expected: number) => {
      const error = Math.abs(a[n] - expected) / Math.max(1, Math.abs(expected));
      assert.ok(error < 1e-7, `${a[n]} instead of ${expected}`);
    };
    // The least value of gelu that isn't 0 is about 1e-32.
    assert.ok(a[0] === limits[0] || Math.abs(a[0] - limits[0]) < 1e-30);
    assert.equal(a[1], limits[1]);
    assert.ok(Number.isNaN(a[2]), "NaN is lost");
    assert.equal(a[3], Math.fround(exact(0)));
    near(4, exact(-3.4e38));
    near(5, exact(3.4e38));
    near(6, exact(0));
    near(7, exact(0));
    near(8, exact(-1e4));
    near(9, exact(1e4));
    near(10, exact(0));
  });

  Deno.test(`${name}: in place, for any count, the bits are the same`, () => {
    for (const count of [4, 8, 12, 36, 72, 784]) {
      const image = new Image();
      const values = noise(count, count).map((z) => 8 * z);
      const z = image.place(values);
      image.allow(z, count);
      const inPlace = image.run("wasm", (k) => k[name](z, z, count))
        .slice(z / 4, z / 4 + count);
      assertSameBits(inPlace, activate(name, values));
    }
  });

  Deno.test(`${name}: the reference agrees, and so do the derivatives`, () => {
    const derivative = `${name}Derivative` as const;
    for (const count of [4, 12, 72, 788]) {
      const image = new Image();
      const z = image.place(noise(count, 1).map((value) => 9 * value));
      const a = image.placeOutput(count);
      const delta = image.place(noise(count, 2));
      image.allow(delta, count);
      image.compare((kernels: Kernels) => {
        kernels[name](z, a, count);
        kernels[derivative](delta, z, a, count);
      }, limits[1] === 1 ? 4e-7 : 1e-6);
    }
  });
}

const PRECISE = { tanh: Math.tanh, elu: Math.expm1 };
for (const name of ["tanh", "elu"] as const) {
  Deno.test(`${name}: keeps its relative accuracy near zero`, () => {
    const z = manyArguments().filter((value) =>
      value !== 0 && value > -1 && value < (name === "tanh" ? 1 : 0)
    );
    const count = z.length & ~3;
    const a = activate(name, z.slice(0, count));
    for (let n = 0; n < count; n++) {
      const error = Math.abs(a[n] / PRECISE[name](z[n]) - 1);
      assert.ok(error < 3e-7, `${name}(${z[n]}) is off by ${error}`);
    }
  });
}

Deno.test("gelu: its erf is within 3e-7", () => {
  const z = manyArguments().filter((value) => value !== 0);
  const count = z.length & ~3;
  const a = activate("gelu", z.slice(0, count));
  for (let n = 0; n < count; n++) {
    const error = Math.abs(2 * a[n] / z[n] - 1 - erf(z[n] / Math.SQRT2));
    assert.ok(error < 3e-7, `erf is off by ${error} at gelu(${z[n]})`);
  }
});

Deno.test("derivatives: the numbers of a small case", () => {
  const LEAK = 2 * Math.fround(0.01);
  const cases = {
    sigmoidDerivative: [0.5, 0.375, 0, 0],
    tanhDerivative: [1.5, 1.5, 2, 0],
    reluDerivative: [2, 2, 0, 2],
    leakyReluDerivative: [2, 2, LEAK, LEAK],
    eluDerivative: [2, 1.5, 2, 0],
  } as const;
  const a = {
    sigmoidDerivative: [0.5, 0.25, 0, 1],
    tanhDerivative: [0.5, -0.5, 0, 1],
    reluDerivative: [0.5, 0.25, 0, 1],
    leakyReluDerivative: [0.5, 0.25, 0, -1],
    eluDerivative: [0.5, -0.25, 0, -1],
  } as const;
  for (const name of Object.keys(cases) as (keyof typeof cases)[]) {
    const image = new Image();
    const z = image.place([GUARD, GUARD, GUARD, GUARD]);
    const output = image.place(a[name]);
    const delta = image.place([2, 2, 2, 2]);
    image.allow(delta, 4);
    const after = image.run("wasm", (k) => k[name](delta, z, output, 4));
    assert.deepEqual([...after.slice(delta / 4, delta / 4 + 4)], cases[name]);
  }
});
