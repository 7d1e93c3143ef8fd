import fc from "fast-check";
import assert from "node:assert/strict";
import {
  EarlyStopping,
  type EarlyStoppingSettings,
  type EarlyStoppingState,
} from "../../src/training/early_stopping.ts";

/** The answers to the values: "+" improved, "-" not improved, "!" stop. */
function answers(settings: EarlyStoppingSettings, values: number[]): string {
  const stopping = new EarlyStopping(settings);
  return values.map((value) => {
    const { improved, stop } = stopping.observe(value);
    return improved ? "+" : stop ? "!" : "-";
  }).join("");
}

Deno.test("stops once 'patience' epochs in a row were no better", () => {
  const settings = { patience: 2, minDelta: 0, mode: "min" } as const;
  assert.equal(answers(settings, [5, 4, 4, 3, 3, 3.5]), "++-+-!");
  assert.equal(answers({ ...settings, patience: 1 }, [5, 5]), "+!");
  // It may be asked again after that.
  assert.equal(answers(settings, [5, 5, 5, 5, 4, 4]), "+-!!+-");
});

Deno.test("takes higher values as better with the mode 'max'", () => {
  const settings = { patience: 2, minDelta: 0, mode: "max" } as const;
  assert.equal(answers(settings, [0.5, 0.6, 0.6, 0.7, 0.1, 0.7]), "++-+-!");
  assert.equal(answers(settings, [-3, -2, -4, -2]), "++-!");
});

Deno.test("takes a change of at most 'minDelta' as no change", () => {
  const settings = { patience: 3, minDelta: 0.5, mode: "min" } as const;
  // Small steps add up, as all are compared with the best.
  assert.equal(answers(settings, [5, 4.5, 4.375, 4, 3.5, 3.5]), "+-+-+-");
  assert.equal(
    answers({ ...settings, mode: "max" }, [1, 1.5, 1.625, 2, 2.25]),
    "+-+-+",
  );
});

Deno.test("never takes NaN or an infinite value as better", () => {
  const settings = { patience: 3, minDelta: 0, mode: "min" } as const;
  assert.equal(answers(settings, [NaN, NaN, NaN]), "--!");
  assert.equal(answers(settings, [NaN, 5, NaN, -Infinity, 4, NaN]), "-+--+-");
  assert.equal(answers({ ...settings, mode: "max" }, [Infinity, 2]), "-+");
});

Deno.test("remembers the best value", () => {
  const stopping = new EarlyStopping({
    patience: 9,
    minDelta: 0.5,
    mode: "min",
  });
  assert.equal(stopping.best, null);
  const best = [NaN, 3, 2.75, 2, 4].map((value) => {
    stopping.observe(value);
    return stopping.best;
  });
  assert.deepEqual(best, [null, 3, 3, 2, 2]);
  assert.deepEqual(stopping.state, { best: 2, badEpochs: 1 });
});

/** By the definition: for each value, looks back over all before it. */
function naive(
  { patience, minDelta, mode }: EarlyStoppingSettings,
  values: number[],
): string {
  const sign = mode === "min" ? 1 : -1;
  const improvements: number[] = [];
  for (const [at, value] of values.entries()) {
    const earlier = improvements.map((index) => sign * values[index]);
    const isBetter = earlier.every((best) => sign * value + minDelta < best);
    if (!Number.isNaN(value) && isBetter) improvements.push(at);
  }
  return values.map((_, at) => {
    if (improvements.includes(at)) return "+";
    const last = improvements.findLast((index) => index < at) ?? -1;
    return at - last >= patience ? "!" : "-";
  }).join("");
}

const ANY_SETTINGS = fc.record({
  patience: fc.integer({ min: 1, max: 4 }),
  minDelta: fc.constantFrom(0, 1, 2),
  mode: fc.constantFrom("min" as const, "max" as const),
});

const ANY_VALUES = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -6, max: 6 }) },
    { weight: 1, arbitrary: fc.constant(NaN) },
  ),
  { maxLength: 30 },
);

Deno.test("agrees with a look back over all values", () => {
  fc.assert(
    fc.property(ANY_SETTINGS, ANY_VALUES, (settings, values) => {
      assert.equal(answers(settings, values), naive(settings, values));
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("resumes from a state saved as JSON after any epoch", () => {
  fc.assert(
    fc.property(
      ANY_SETTINGS,
      ANY_VALUES,
      fc.nat({ max: 30 }),
      (settings, values, saved) => {
        const whole = new EarlyStopping(settings);
        const wanted = values.map((value) => whole.observe(value));
        let resumed = new EarlyStopping(settings);
        const found = values.map((value, epoch) => {
          if (epoch === saved) {
            const json = JSON.stringify(resumed.state);
            resumed = new EarlyStopping(settings);
            resumed.state = JSON.parse(json);
          }
          return resumed.observe(value);
        });
        assert.deepEqual(found, wanted);
        assert.equal(resumed.best, whole.best);
      },
    ),
    { seed: 2, numRuns: 200 },
  );
});

Deno.test("invalid settings and states are refused", () => {
  const settings = { patience: 2, minDelta: 0, mode: "min" };
  for (
    const [wrong, type, message] of [
      [
        { patience: 0 },
        RangeError,
        "'patience' must be a whole number of 1 or more: current value is 0",
      ],
      [
        { patience: "2" },
        TypeError,
        "'patience' must be a whole number of 1 or more: current value is '2'",
      ],
      [
        { minDelta: -1 },
        RangeError,
        "'minDelta' must be a finite number of 0 or more: current value is -1",
      ],
      [
        { mode: "least" },
        RangeError,
        "'mode' must be 'min' or 'max': current value is 'least'",
      ],
    ] as const
  ) {
    assert.throws(
      () =>
        new EarlyStopping(
          { ...settings, ...wrong } as unknown as EarlyStoppingSettings,
        ),
      new type(`Cannot stop early as ${message}`),
    );
  }
  const stopping = new EarlyStopping({ ...settings, mode: "max" });
  stopping.observe(4);
  for (
    const [state, type, message] of [
      [
        { best: "4", badEpochs: 0 },
        TypeError,
        "'best' must be a number or null: current value is '4'",
      ],
      [
        { best: 4, badEpochs: -1 },
        RangeError,
        "'badEpochs' must be a whole number of 0 or more: current value is -1",
      ],
    ] as const
  ) {
    assert.throws(
      () => stopping.state = state as unknown as EarlyStoppingState,
      new type(`Cannot set the state of early stopping as ${message}`),
    );
  }
  assert.deepEqual(stopping.state, { best: 4, badEpochs: 0 });
});
