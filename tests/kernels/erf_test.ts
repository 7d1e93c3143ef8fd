import assert from "node:assert/strict";
import { erf } from "../../src/units/erf.ts";

Deno.test("erf: as tabulated by Abramowitz and Stegun, table 7.1", () => {
  const table = [
    [0, 0],
    [0.1, 0.1124629160],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [1.5, 0.9661051465],
    [2, 0.9953222650],
  ] as const;
  for (const [x, expected] of table) {
    assert.ok(Math.abs(erf(x) - expected) < 1e-10, `erf(${x}) is ${erf(x)}`);
    assert.equal(erf(-x) + 0, -erf(x) + 0);
  }
  assert.deepEqual([erf(-Infinity), erf(7), erf(Infinity)], [-1, 1, 1]);
  assert.ok(Number.isNaN(erf(NaN)));
});

Deno.test("erf: its derivative is 2/√π · e^(-x²)", () => {
  const step = 1e-5;
  for (let x = -5.9; x < 5.9; x += 0.01) {
    const slope = (erf(x + step) - erf(x - step)) / (2 * step);
    const exact = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
    assert.ok(Math.abs(slope - exact) < 1e-9, `${slope} instead of ${exact}`);
  }
});
