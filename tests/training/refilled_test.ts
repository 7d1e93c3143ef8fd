import assert from "node:assert/strict";
import {
  fitScaling,
  Mlp,
  type MlpOptions,
  type Samples,
  type SparseSamples,
  type TrainOptions,
} from "../../mod.ts";
import { StateError } from "../../src/checks/errors.ts";
import { matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

const [INPUTS, OUTPUTS, COUNT] = [20, 3, 60];
const NETWORK: MlpOptions = {
  ...{ preset: "article", layers: [INPUTS, 9, OUTPUTS], seed: 3, workers: 2 },
};
const ADAM: TrainOptions = {
  optimizer: "adam",
  batchSize: 16,
  shuffle: "once",
};

/** Samples whose inputs are all `mode`, but one in `every`. */
function sparse(seed: number, every: number, mode = 0): Samples {
  const samples = randomSamples(COUNT, INPUTS, OUTPUTS, seed);
  return {
    ...samples,
    x: samples.x.map((value, at) => at % every === 0 ? value : mode),
  };
}

/** Puts other values into the arrays of samples. */
function refill(samples: Samples, { x, y }: Samples): void {
  samples.x.set(x);
  samples.y.set(y);
}

function copy(samples: Samples): Samples {
  return { ...samples, x: samples.x.slice(), y: samples.y.slice() };
}

const FULL = randomSamples(COUNT, INPUTS, OUTPUTS, 1);

/** Contents one after another: sparse, denser, with a frequent value, with another one, half full, full, and sparse again. */
const CONTENTS = [
  sparse(2, 11),
  sparse(3, 5),
  sparse(4, 7, 0.5),
  sparse(5, 6, -0.25),
  sparse(6, 2),
  randomSamples(COUNT, INPUTS, OUTPUTS, 7),
  sparse(8, 9),
];

const SCALED = {
  preprocessing: await fitScaling(FULL.x, INPUTS, "standardize"),
};

for (
  const [name, options] of [
    ["plain", {}],
    ["scaled", SCALED],
    ["softmax", { output: "softmax" }],
    ["scaled targets", {
      output: "linear",
      targets: { center: [0.1, 0.2, 0.3], unit: [0.5, 2, 1] },
    }],
  ] as [string, Partial<MlpOptions>][]
) {
  Deno.test(`buffers filled anew train and evaluate as new samples do: ${name}`, async () => {
    const buffers = copy(CONTENTS[0]);
    await using refilled = new Mlp({
      ...NETWORK,
      ...options,
    });
    await using fresh = new Mlp({
      ...NETWORK,
      ...options,
      workers: 1,
    });
    for (const [at, content] of CONTENTS.entries()) {
      refill(buffers, content);
      await refilled.partialFit(buffers, ADAM);
      await fresh.partialFit(copy(content), ADAM);
      const sums = [
        await refilled.weightsSha256(),
        await fresh.weightsSha256(),
      ];
      assert.equal(sums[0], sums[1], `content ${at}`);
      assert.deepEqual(
        await refilled.evaluate(buffers),
        await fresh.evaluate(copy(content)),
      );
    }
  });
}

Deno.test("buffers filled anew are validated with as new samples are, by 'validationSplit' or 'validationData'", async () => {
  const buffers = copy(CONTENTS[0]);
  const held = copy(CONTENTS[1]);
  for (const validationSplit of [0.25, undefined]) {
    await using refilled = new Mlp({
      ...NETWORK,
      ...SCALED,
    });
    await using fresh = new Mlp({ ...NETWORK, ...SCALED });
    for (const [at, content] of CONTENTS.entries()) {
      const other = CONTENTS[(at + 3) % CONTENTS.length];
      const epochs = async (mlp: Mlp, samples: Samples, data: Samples) =>
        (await mlp.fit(samples, {
          ...{ ...ADAM, epochs: 2 },
          ...(validationSplit === undefined
            ? { validationData: data }
            : { validationSplit }),
        })).epochs.map(({ validation, loss }) => ({ validation, loss }));
      refill(buffers, content);
      refill(held, other);
      assert.deepEqual(
        await epochs(refilled, buffers, held),
        await epochs(fresh, copy(content), copy(other)),
      );
    }
  }
});

Deno.test("class weights are computed from what the buffers hold when the training starts", async () => {
  const few = { ...CONTENTS[0], y: new Float32Array(OUTPUTS * COUNT) };
  for (let s = 0; s < COUNT; s++) few.y[OUTPUTS * s + (s % 7 ? 0 : 2)] = 1;
  const buffers = copy(CONTENTS[0]);
  await using refilled = new Mlp(NETWORK);
  await using fresh = new Mlp(NETWORK);
  const options = { ...ADAM, epochs: 1, classWeights: "balanced" } as const;
  const training = refilled.fit(buffers, options);
  refill(buffers, few);
  await Array.fromAsync(training);
  await fresh.fit(few, options);
  assert.equal(await refilled.weightsSha256(), await fresh.weightsSha256());
});

Deno.test("an invalid value is refused in buffers that were valid before", async () => {
  for (const options of [{}, SCALED]) {
    const buffers = copy(CONTENTS[0]);
    await using mlp = new Mlp({ ...NETWORK, ...options });
    await mlp.partialFit(buffers, ADAM);
    await mlp.evaluate(buffers);
    const before = await mlp.weightsSha256();
    buffers.x[23] = NaN;
    const message =
      "as 'x of sample 1 at 3' must be a finite number: current value is NaN";
    const cases: [string, () => Promise<unknown>][] = [
      ["train", () => mlp.partialFit(buffers, ADAM)],
      ["train", () => mlp.fit(buffers, ADAM)],
      ["evaluate", () => mlp.evaluate(buffers)],
      [
        "validate",
        () => mlp.fit(CONTENTS[0], { ...ADAM, validationData: buffers }),
      ],
    ];
    for (const [action, use] of cases) {
      await assert.rejects(
        use,
        matches(RangeError, `Cannot ${action} ${message}`),
      );
    }
    buffers.x[23] = 0;
    buffers.y[4] = -1;
    await assert.rejects(
      mlp.partialFit(buffers, ADAM),
      matches(
        RangeError,
        "Cannot train as 'y of sample 1 at 1' must be from 0 to 1, or the network made with task: 'numbers': current value is -1",
      ),
    );
    assert.equal(await mlp.weightsSha256(), before);
  }
});

Deno.test("compressed sparse rows are counted and checked anew", async () => {
  const rows = (step: number): SparseSamples => {
    const [indices, indptr]: number[][] = [[], [0]];
    for (let s = 0; s < COUNT; s++) {
      for (let n = s % step; n < INPUTS; n += step) indices.push(n);
      indptr.push(indices.length);
    }
    return {
      ...CONTENTS[0],
      x: {
        data: Float32Array.from(indices, (_, at) => (at % 9 - 4) / 4),
        indices: Int32Array.from(indices),
        indptr: Int32Array.from(indptr),
      },
    };
  };
  const room = (samples: SparseSamples): SparseSamples => ({
    ...samples,
    x: {
      data: samples.x.data.slice(),
      indices: samples.x.indices.slice(),
      indptr: samples.x.indptr.slice(),
    },
  });
  const buffers = room(rows(4));
  await using refilled = new Mlp(NETWORK);
  await using fresh = new Mlp(NETWORK);
  const both = async (content: SparseSamples) => {
    await refilled.partialFit(buffers, ADAM);
    await fresh.partialFit(room(content), ADAM);
    assert.equal(await refilled.weightsSha256(), await fresh.weightsSha256());
  };
  await both(buffers);
  // Of the same length: zeros that were none, then none that is.
  buffers.x.data.fill(0);
  await both(buffers);
  buffers.x.data.fill(0.5);
  await both(buffers);
  buffers.x.indices[1] = INPUTS;
  await assert.rejects(
    refilled.partialFit(buffers, ADAM),
    matches(
      RangeError,
      `Cannot train as 'x.indices[1]' must be from 0 to 19 in row 0: current value is ${INPUTS}`,
    ),
  );
});

Deno.test("inputs that change while a training starts are refused or trained on; nothing is written past the memory counted", async () => {
  const found: string[] = [];
  await using mlp = new Mlp({ ...NETWORK, workers: 1, skipZeros: "always" });
  // As many turns as a start with so few samples takes, and more.
  for (let turn = 0; turn < 60; turn++) {
    const buffers = copy(sparse(1, 11));
    const training = mlp.partialFit(buffers, ADAM).then(
      () => "trained",
      (error: Error) => {
        assert.equal(
          error.message,
          "Cannot copy samples as their arrays must not change meanwhile: they did",
        );
        assert.ok(error instanceof StateError);
        return "refused";
      },
    );
    for (let n = 0; n < turn; n++) await undefined;
    buffers.x.fill(0.25);
    found.push(await training);
  }
  // Before they are counted, between counting and copying, and after.
  assert.match(found.join(" "), /^(trained )+(refused )+(trained ?)+$/);
  const { loss } = await mlp.partialFit(copy(CONTENTS[0]), ADAM);
  assert.ok(Number.isFinite(loss));
});
