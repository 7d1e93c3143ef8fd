/**
 * Calibrations are those of scikit-learn 1.9.1, of the same logits and classes as in `reference_samples.ts`:
 *
 *     _SigmoidCalibration().fit(z, y)                    # slope = -a_, intercept = -b_
 *     _TemperatureScaling().fit(Z, Y)                    # temperature = 1 / beta_
 *     IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(p, y)
 *
 * and of scipy 1.16 where scikit-learn has nothing of the kind: `minimize(..., method="BFGS")` of the same loss.
 */
import assert from "node:assert/strict";
import {
  calibrateLogits,
  outputsOfLogits,
} from "../../src/calibration/apply_calibration.ts";
import type { Calibration } from "../../src/calibration/calibration.ts";
import { fitCalibration } from "../../src/calibration/fit_calibration.ts";
import { fitIsotonic } from "../../src/calibration/fit_isotonic.ts";
import { assertNear } from "../assert_close.ts";
import { BINARY, THREE } from "./reference_samples.ts";

const { z, y } = BINARY;

/** The same as two classes, whose logits only count by their difference. */
const PAIR = {
  z: Float64Array.from(
    { length: 2 * z.length },
    (_, at) => 3 + (at % 2) * z[at >> 1],
  ),
  y: Float32Array.from(
    { length: 2 * z.length },
    (_, at) => at % 2 ? y[at >> 1] : 1 - y[at >> 1],
  ),
  width: 2,
};

function assertClose(
  found: readonly number[],
  wanted: readonly number[],
  tolerance: number,
): void {
  assert.equal(found.length, wanted.length);
  for (const [at, value] of wanted.entries()) {
    assertNear(found[at], value, tolerance, `[${at}]`);
  }
}

/** The calibrated outputs of logits. */
function outputsOf(
  calibration: Calibration,
  output: "sigmoid" | "softmax",
  logits: readonly number[],
): number[] {
  const row = Float64Array.from(logits);
  calibrateLogits(calibration, output, row);
  outputsOfLogits(output, row);
  return [...row];
}

Deno.test("Platt's slope and intercept are scikit-learn's, of a sigmoid and of two classes", async () => {
  const wanted = [0.37922304730751005, -0.4932858168103213];
  const one = await fitCalibration("platt", "sigmoid", BINARY);
  assert.equal(one.calibration.method, "platt");
  const { slope, intercept } = one.calibration as Extract<
    Calibration,
    { method: "platt" }
  >;
  assertClose([...slope, ...intercept], wanted, 2e-6);
  const { calibration } = await fitCalibration("platt", "softmax", PAIR);
  const two = calibration as Extract<Calibration, { method: "platt" }>;
  assertClose([...two.slope, ...two.intercept], [
    wanted[0],
    wanted[0],
    0,
    wanted[1],
  ], 2e-6);
});

Deno.test("of three classes, slope and intercepts are those of the least loss", async () => {
  const { calibration } = await fitCalibration("platt", "softmax", THREE);
  const { slope, intercept } = calibration as Extract<
    Calibration,
    { method: "platt" }
  >;
  assertClose([slope[0], ...intercept], [
    0.47692783,
    0,
    -0.26650239,
    -0.21706431,
  ], 1e-6);
});

Deno.test("the temperature is scikit-learn's, and the losses are", async () => {
  const three = await fitCalibration("temperature", "softmax", THREE);
  const found = three.calibration as Extract<
    Calibration,
    { method: "temperature" }
  >;
  assertClose([found.temperature, three.before, three.after], [
    1.9376859556916195,
    0.807659763099471,
    0.6797665292461013,
  ], 1e-6);
  const one = await fitCalibration("temperature", "sigmoid", BINARY);
  const binary = one.calibration as Extract<
    Calibration,
    { method: "temperature" }
  >;
  assertClose([binary.temperature], [2.6598059020789955], 1e-5);
});

Deno.test("isotonic curves are scikit-learn's, and clipped outside of their points", async () => {
  for (
    const [output, samples] of [["sigmoid", BINARY], ["softmax", PAIR]] as const
  ) {
    const { calibration } = await fitCalibration("isotonic", output, samples);
    const { curves } = calibration as Extract<
      Calibration,
      { method: "isotonic" }
    >;
    assert.equal(curves.length, 1);
    assertClose(curves[0].from.slice(0, 4), [
      0.0003382,
      0.00413194,
      0.00438291,
      0.01323368,
    ], 1e-8);
    assertClose(curves[0].to.slice(0, 4), [0, 0, 1 / 15, 1 / 15], 1e-12);
    assert.equal(curves[0].from.length, 22);
    const values = [0.001, 0.3, 0.5, 0.9, 0.9999].map((p) => {
      const logits = output === "sigmoid"
        ? [Math.log(p / (1 - p))]
        : [Math.log(1 - p), Math.log(p)];
      return outputsOf(calibration, output, logits).at(-1)!;
    });
    assertClose(values, [0, 11 / 30, 11 / 30, 8 / 13, 1], 1e-11);
  }
});

Deno.test("what is told the same has one value of an isotonic curve", () => {
  assert.deepEqual(fitIsotonic([0.3, 0.8, 0.3], [0, 1, 1]), {
    from: [0.3, 0.8],
    to: [0.5, 1],
  });
});

Deno.test("isotonic curves of three classes are brought to a sum of 1", async () => {
  const { calibration } = await fitCalibration("isotonic", "softmax", THREE);
  for (
    const [s, wanted] of [
      [0.07972441, 0.78740157, 0.13287402],
      [0.52702703, 0.35135135, 0.12162162],
    ].entries()
  ) {
    const logits = [...THREE.z.subarray(3 * s, 3 * s + 3)];
    assertClose(outputsOf(calibration, "softmax", logits), wanted, 1e-8);
  }
});

Deno.test("no method makes the log loss of the samples worse, and a temperature keeps the order of classes", async () => {
  for (
    const [output, samples] of [["sigmoid", BINARY], ["softmax", PAIR], [
      "softmax",
      THREE,
    ]] as const
  ) {
    for (const method of ["temperature", "platt", "isotonic"] as const) {
      const { before, after } = await fitCalibration(method, output, samples);
      assert.ok(
        after < 0.86 * before,
        `${method} ${output} ${before} ${after}`,
      );
    }
  }
  const { calibration } = await fitCalibration("temperature", "softmax", THREE);
  const order = (values: readonly number[]) =>
    [0, 1, 2].toSorted((i, j) => values[i] - values[j]).join();
  for (let first = 0; first < THREE.z.length; first += 3) {
    const logits = [...THREE.z.subarray(first, first + 3)];
    assert.equal(
      order(outputsOf(calibration, "softmax", logits)),
      order(logits),
    );
  }
});

Deno.test("where all samples are told right, a temperature changes nothing", async () => {
  const samples = {
    z: Float64Array.of(3, 1, -2, 0),
    y: Float32Array.of(1, 0, 0, 1),
    width: 2,
  };
  const { calibration, before, after } = await fitCalibration(
    "temperature",
    "softmax",
    samples,
  );
  assert.deepEqual(calibration, { method: "temperature", temperature: 1 });
  assert.equal(after, before);
  // Platt's targets are not quite sure, so that there is a fit.
  const platt = await fitCalibration("platt", "softmax", samples);
  const { slope } = platt.calibration as Extract<
    Calibration,
    { method: "platt" }
  >;
  assert.ok(Number.isFinite(slope[0]));
});
