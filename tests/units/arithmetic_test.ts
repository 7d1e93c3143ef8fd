import assert from "node:assert/strict";
import { cosineOfPi, power } from "../../src/units/arithmetic.ts";

Deno.test("powers and cosines are those of Math, up to last bits", () => {
  for (const base of [0, 0.5, 0.9, 0.999, 0.9998367253526753, 1]) {
    for (const exponent of [0, 1, 2, 3, 7, 100, 4095, 1_000_000]) {
      const wanted = base ** exponent;
      const error = Math.abs(power(base, exponent) - wanted);
      // Each square doubles the relative error of the one before.
      const bound = 2.3e-16 * exponent * wanted;
      assert.ok(error <= bound, `${base} ** ${exponent}`);
    }
  }
  for (let n = 0; n <= 1000; n++) {
    const found = cosineOfPi(n / 1000);
    const error = Math.abs(found - Math.cos(Math.PI * (n / 1000)));
    assert.ok(error <= 4.5e-16, `${n}: ${found}`);
  }
  assert.deepEqual([0, 1].map(cosineOfPi), [1, -1]);
});
