import fc from "fast-check";
import assert from "node:assert/strict";
import {
  Schedule,
  type ScheduleSettings,
  type ScheduleState,
} from "../../src/units/schedules.ts";

const SETTINGS: ScheduleSettings = {
  schedule: "constant",
  learningRate: 0.5,
  epochs: 8,
  learningRateDecay: 0,
  stepEpochs: 3,
  decayFactor: 0.5,
  warmUpEpochs: 0,
  plateauPatience: 2,
  minLearningRate: 0,
};

/** The rates of all epochs; after each, a monitored value is observed. */
function rates(
  settings: Partial<ScheduleSettings>,
  values: readonly number[] = [],
): number[] {
  const schedule = new Schedule({ ...SETTINGS, ...settings });
  const { epochs = SETTINGS.epochs } = settings;
  return Array.from({ length: epochs }, (_, epoch) => {
    const rate = schedule.next();
    if (epoch < values.length) schedule.observe(values[epoch]);
    return rate;
  });
}

Deno.test("'article' gives the article's rate of epoch 35, to the last bit", () => {
  const found = rates({
    schedule: "article",
    learningRate: 0.001,
    learningRateDecay: 1e-6,
    epochs: 35,
  });
  assert.equal(found[34], 0.0009994051838157095);
});

/** The article's rule, as it stands there. */
function learningRates(rate: number, decay: number, epochs: number): number[] {
  return Array.from({ length: epochs }, (_, epoch) => {
    rate /= 1 + decay * epoch;
    return rate;
  });
}

Deno.test("'article' gives the bits of its rule, also after a warm-up", () => {
  const rules = fc.record({
    learningRate: fc.double({ min: 0, max: 10, noNaN: true }),
    learningRateDecay: fc.double({ min: 0, max: 1, noNaN: true }),
    epochs: fc.integer({ min: 1, max: 50 }),
    warmUpEpochs: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(rules, (rule) => {
      const { learningRate, learningRateDecay, epochs, warmUpEpochs } = rule;
      const found = rates({
        ...rule,
        schedule: "article",
        epochs: epochs + warmUpEpochs,
      });
      assert.deepEqual(
        found.slice(warmUpEpochs),
        learningRates(learningRate, learningRateDecay, epochs),
      );
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("'constant', 'step' and 'exponential' give rates worked by hand", () => {
  assert.deepEqual(rates({ schedule: "constant", epochs: 3 }), [0.5, 0.5, 0.5]);
  assert.deepEqual(rates({ schedule: "step" }), [
    ...[0.5, 0.5, 0.5],
    ...[0.25, 0.25, 0.25],
    ...[0.125, 0.125],
  ]);
  assert.deepEqual(rates({ schedule: "exponential", epochs: 4 }), [
    ...[0.5, 0.25, 0.125, 0.0625],
  ]);
});

Deno.test("'cosine' falls from the rate to the minimum by half a wave", () => {
  const found = rates({
    schedule: "cosine",
    learningRate: 0.75,
    minLearningRate: 0.25,
    epochs: 6,
  });
  // cos(π·i/6) = 1, √3/2, 1/2, 0, -1/2, -√3/2
  const wanted = [1, Math.sqrt(3) / 2, 0.5, 0, -0.5, -Math.sqrt(3) / 2]
    .map((cosine) => 0.5 + 0.25 * cosine);
  for (const [epoch, rate] of wanted.entries()) {
    assert.ok(Math.abs(found[epoch] - rate) < 1e-15, `epoch ${epoch}`);
  }
});

Deno.test("'cosine' counts its epochs after the warm-up, and stays at the minimum after the last", () => {
  const settings = { ...SETTINGS, schedule: "cosine", epochs: 4 } as const;
  const schedule = new Schedule({
    ...settings,
    warmUpEpochs: 2,
    minLearningRate: 0.125,
  });
  const found = Array.from({ length: 7 }, () => schedule.next());
  assert.deepEqual(found.slice(0, 3), [0.25, 0.5, 0.5]);
  assert.ok(Math.abs(found[3] - 0.3125) < 1e-15);
  assert.deepEqual(found.slice(4), [0.125, 0.125, 0.125]);
});

Deno.test("a warm-up rises evenly, then the schedule begins", () => {
  assert.deepEqual(rates({ schedule: "step", warmUpEpochs: 4 }), [
    ...[0.125, 0.25, 0.375, 0.5],
    ...[0.5, 0.5, 0.5, 0.25],
  ]);
});

Deno.test("no schedule goes below the minimum, the warm-up may", () => {
  const minLearningRate = 0.2;
  assert.deepEqual(
    rates({ schedule: "exponential", minLearningRate, epochs: 4 }),
    [0.5, 0.25, 0.2, 0.2],
  );
  assert.deepEqual(
    rates({ schedule: "step", minLearningRate, warmUpEpochs: 5 })[0],
    0.1,
  );
  const article = { schedule: "article", learningRateDecay: 1 } as const;
  assert.deepEqual(
    rates({ ...article, minLearningRate, epochs: 3 }),
    [0.5, 0.25, 0.2],
  );
  assert.deepEqual(
    rates(
      { schedule: "plateau", minLearningRate, plateauPatience: 1 },
      [1, 1, 1, 1, 1, 1, 1],
    ),
    [0.5, 0.5, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2],
  );
});

Deno.test("'plateau' lowers the rate after epochs without a new least value", () => {
  const values = [3, 2, 2, NaN, 1, 1, 0.5, 0.6, 0.7, 0.8];
  assert.deepEqual(rates({ schedule: "plateau", epochs: 11 }, values), [
    ...[0.5, 0.5, 0.5, 0.5],
    ...[0.25, 0.25, 0.25, 0.25, 0.25],
    ...[0.125, 0.125],
  ]);
  // A rate that just fell gets as many epochs again.
  assert.deepEqual(
    rates({ schedule: "plateau", epochs: 6 }, [1, 1, 1, 1, 1]),
    [0.5, 0.5, 0.5, 0.25, 0.25, 0.125],
  );
  assert.deepEqual(
    rates({ schedule: "plateau", epochs: 5 }, [NaN, NaN, Infinity, Infinity]),
    [0.5, 0.5, 0.25, 0.25, 0.125],
  );
});

Deno.test("'plateau' doesn't look at the warm-up", () => {
  assert.deepEqual(
    rates(
      { schedule: "plateau", warmUpEpochs: 2, plateauPatience: 1, epochs: 5 },
      [1, 2, 5, 6],
    ),
    [0.25, 0.5, 0.5, 0.5, 0.25],
  );
});

Deno.test("a rate that is changed is the next, and the schedule goes on in proportion, but from 0", () => {
  const schedule = new Schedule({
    ...SETTINGS,
    ...{ schedule: "step", stepEpochs: 1, decayFactor: 0.5 },
  });
  assert.equal(schedule.next(), 0.5);
  schedule.changeNext(1);
  assert.deepEqual([schedule.next(), schedule.next()], [1, 0.5]);
  const ended = new Schedule({
    ...SETTINGS,
    ...{ schedule: "step", stepEpochs: 1, decayFactor: 0 },
  });
  assert.equal(ended.next(), 0.5);
  ended.changeNext(1);
  assert.equal(ended.next(), 0);
});

Deno.test("a schedule resumes from a state saved as JSON after any epoch", () => {
  const anySettings = fc.record({
    schedule: fc.constantFrom(
      ...[
        "article",
        "constant",
        "step",
        "exponential",
        "cosine",
        "plateau",
      ] as const,
    ),
    learningRate: fc.double({ min: 1e-9, max: 10, noNaN: true }),
    epochs: fc.constant(30),
    learningRateDecay: fc.double({ min: 0, max: 1, noNaN: true }),
    stepEpochs: fc.integer({ min: 1, max: 10 }),
    decayFactor: fc.double({ min: 0, max: 1, noNaN: true }),
    warmUpEpochs: fc.integer({ min: 0, max: 10 }),
    plateauPatience: fc.integer({ min: 1, max: 4 }),
    minLearningRate: fc.constantFrom(0, 1e-9),
  });
  const values = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(NaN)),
    { minLength: 30, maxLength: 30 },
  );
  const saved = fc.integer({ min: 0, max: 30 });
  fc.assert(
    fc.property(anySettings, values, saved, (settings, values, saved) => {
      let schedule = new Schedule(settings);
      const found = values.map((value, epoch) => {
        if (epoch === saved) {
          const json = JSON.stringify(schedule.state);
          schedule = new Schedule(settings);
          schedule.state = JSON.parse(json);
        }
        const rate = schedule.next();
        schedule.observe(value);
        return rate;
      });
      assert.deepEqual(found, rates(settings, values));
    }),
    { seed: 2, numRuns: 300 },
  );
});

Deno.test("an invalid state is refused, and changes nothing", () => {
  const schedule = new Schedule({ ...SETTINGS, schedule: "plateau" });
  schedule.next();
  schedule.observe(3);
  const { state } = schedule;
  assert.deepEqual(state, {
    epoch: 1,
    rate: 0.5,
    best: 3,
    badEpochs: 0,
    factor: 1,
  });
  for (
    const [wrong, type, message] of [
      [
        { epoch: -1 },
        RangeError,
        /'epoch' must be a whole number of 0 or more/,
      ],
      [
        { epoch: "1" },
        TypeError,
        /'epoch' must be a whole number of 0 or more/,
      ],
      [{ rate: NaN }, RangeError, /'rate' must be a finite number of 0 or/],
      [{ best: "1" }, TypeError, /'best' must be a number or null/],
      [{ badEpochs: 0.5 }, RangeError, /'badEpochs' must be a whole number/],
    ] as const
  ) {
    assert.throws(
      () => schedule.state = { ...state, ...wrong } as unknown as ScheduleState,
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), type);
        assert.match(error.message, /^Cannot set the state of a schedule as /);
        assert.match(error.message, message);
        return true;
      },
    );
  }
  assert.deepEqual(schedule.state, state);
});
