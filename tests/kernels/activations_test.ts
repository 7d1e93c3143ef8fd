import assert from "node:assert/strict";
import type { Kernels } from "../../src/kernels/kernels.ts";
import { assertSameBits, GUARD, Image, noise } from "./twins.ts";

type ActivationName = "sigmoid" | "tanh" | "relu";

const EXACT: Record<ActivationName, (z: number) => number> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
};
const NAMES = ["sigmoid", "tanh", "relu"] as const;

/** Numbers of all magnitudes, dense around zero and out to ±120. */
function arguments_(): Float32Array {
  const tiny = Array.from({ length: 400 }, (_, n) => 2 ** (n / 4 - 90));
  const even = Array.from({ length: 96_004 }, (_, n) => (n - 48_002) / 400);
  return Float32Array.from([...tiny, ...tiny.map((z) => -z), ...even]);
}

function activate(name: ActivationName, values: ArrayLike<number>) {
  const image = new Image();
  const z = image.place(values);
  const a = image.placeOutput(values.length);
  const after = image.run("wasm", (k) => k[name](z, a, values.length));
  return after.slice(a / 4, a / 4 + values.length);
}

for (const name of NAMES) {
  Deno.test(`${name}: within 2e-7 of float64`, () => {
    const z = arguments_();
    const a = activate(name, z);
    let worst = 0;
    for (const [n, value] of a.entries()) {
      const exact = EXACT[name](z[n]);
      assert.ok(!Number.isNaN(value), `${name}(${z[n]}) is NaN`);
      // Above 1 only relu goes, where float32 itself is coarser.
      const error = Math.abs(value - exact) / Math.max(1, exact);
      worst = Math.max(worst, error);
    }
    assert.ok(worst <= 2e-7, `The largest error is ${worst}`);
  });

  Deno.test(`${name}: limits, zeros and NaN`, () => {
    const z = [-Infinity, Infinity, NaN, 0, -3.4e38, 3.4e38, -1e-40, 1e-40];
    const limits = { sigmoid: [0, 1], tanh: [-1, 1], relu: [0, Infinity] };
    const a = activate(name, z);
    assert.deepEqual([...a.slice(0, 2)], limits[name]);
    assert.ok(Number.isNaN(a[2]), "NaN is lost");
    assert.equal(a[3], name === "sigmoid" ? 0.5 : 0);
    const [low, high] = limits[name];
    assert.equal(a[4], low);
    assert.equal(a[5], name === "relu" ? Math.fround(3.4e38) : high);
    assert.ok(Math.abs(a[6] - EXACT[name](0)) < 1e-7);
    assert.ok(Math.abs(a[7] - EXACT[name](0)) < 1e-7);
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

  Deno.test(`${name}: the twin agrees, and so do the derivatives`, () => {
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
      }, 4e-7);
    }
  });
}

Deno.test("tanh: keeps its relative accuracy near zero", () => {
  const z = arguments_().filter((value) => Math.abs(value) < 1 && value !== 0);
  const count = z.length & ~3;
  const a = activate("tanh", z.slice(0, count));
  for (let n = 0; n < count; n++) {
    const error = Math.abs(a[n] / Math.tanh(z[n]) - 1);
    assert.ok(error < 3e-7, `tanh(${z[n]}) is off by ${error}`);
  }
});

Deno.test("derivatives: the numbers of a small case", () => {
  const cases = {
    sigmoidDerivative: [0.5, 0.375, 0, 0],
    tanhDerivative: [1.5, 1.5, 2, 0],
    reluDerivative: [2, 2, 0, 2],
  } as const;
  const a = {
    sigmoidDerivative: [0.5, 0.25, 0, 1],
    tanhDerivative: [0.5, -0.5, 0, 1],
    reluDerivative: [0.5, 0.25, 0, 1],
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
