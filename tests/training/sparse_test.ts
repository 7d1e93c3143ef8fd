import assert from "node:assert/strict";
import {
  Mlp,
  type Samples,
  samplesFrom,
  type SkipZeros,
  type SparseSamples,
} from "../../mod.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { chooseInputs } from "../../src/engine/choose_kernels.ts";
import { findPattern } from "../../src/samples/sparsity.ts";
import { randomSamples } from "../samples.ts";

/** Samples of which about `density` of the inputs aren't zero. The first sample and the first input are all zero. */
function sparseSamples(density: number): Samples {
  const samples = randomSamples(203, 50, 4, 12);
  const random = new Xoshiro128(6);
  return {
    ...samples,
    x: samples.x.map((value, at) =>
      at < 50 || at % 50 === 0 || random.nextFloat() >= density ? 0 : value
    ),
  };
}

Deno.test("kernels that skip zeros train to the same bits, for any number of workers and any density", async () => {
  const sums = new Map<string, Set<string>>();
  for (const skipZeros of ["never", "always", "auto"] as const) {
    for (const workers of [1, 3]) {
      await using mlp = new Mlp({
        preset: "article",
        ...{ layers: [50, 21, 4], workers, skipZeros },
      });
      const start = mlp.weights;
      for (const density of [0, 0.1, 1]) {
        const samples = sparseSamples(density);
        for (const shuffle of ["once", "epoch"] as const) {
          const what = `density ${density}, shuffle ${shuffle}`;
          const found = sums.get(what) ?? new Set();
          sums.set(what, found);
          mlp.weights = start;
          const options = { epochs: 2, batchSize: 40, shuffle, l1: 1e-4 };
          for await (
            const { lastBatch: { cost } } of mlp.fit(samples, options)
          ) {
            // Between epochs, as the dense products need copies of the weights that the sparse ones don't.
            const { loss } = await mlp.evaluate(samples);
            found.add(`${cost} ${loss}`);
          }
          found.add(await mlp.weightsSha256());
        }
      }
    }
  }
  assert.equal(sums.size, 6);
  for (const [what, { size }] of sums) assert.equal(size, 3, what);
});

Deno.test("zeros are skipped where there are many, or where it is asked for", async () => {
  const choose = (skipZeros: SkipZeros, samples: Samples) =>
    chooseInputs(skipZeros, "wasm", samples);
  const few = sparseSamples(0.9);
  const many = sparseSamples(0.1);
  const kept = ({ x }: Samples) => x.filter((value) => value !== 0).length;
  const percent = (samples: Samples) =>
    `${(100 * kept(samples) / samples.x.length).toFixed(1)} %`;
  assert.deepEqual(await choose("auto", few), {
    pattern: undefined,
    words: `${
      percent(few)
    } of the inputs are not zero, the limit is 25.0 %: all computed`,
  });
  assert.deepEqual(await choose("auto", many), {
    pattern: { entries: kept(many) },
    words: `${
      percent(many)
    } of the inputs are not zero, the limit is 25.0 %: the others skipped`,
  });
  assert.deepEqual(await choose("always", few), {
    pattern: { entries: kept(few) },
    words: `${
      percent(few)
    } of the inputs are not zero, as told: the others skipped`,
  });
  assert.deepEqual(await choose("never", many), {
    pattern: undefined,
    words: "all inputs computed, as told",
  });
  // If that doesn't leave few enough, columns aren't told by their most frequent values.
  const { x } = sparseSamples(0.5);
  const moved = { ...few, x: x.map((value) => value === 0 ? 1 : value) };
  assert.deepEqual(await findPattern(moved, 0.25), {
    entries: kept(moved),
  });
  // Where a BLAS computes the others, fewer have to be left.
  const samples = sparseSamples(0.2);
  const wasm = await chooseInputs("auto", "wasm", samples);
  assert.notEqual(wasm.pattern, undefined);
  const blas = await chooseInputs("auto", "blas", samples);
  assert.equal(blas.pattern, undefined);
});

/** The same samples with another value in place of each column's zeros, and in other units. */
function shifted(samples: Samples): Samples {
  const modes = randomSamples(1, samples.inputs, 1, 9).x;
  return {
    ...samples,
    x: samples.x.map((value, at) =>
      Math.fround(2 * value) + modes[at % samples.inputs]
    ),
  };
}

Deno.test("the most frequent value of a column is skipped like a zero: the weights are those of all inputs", async () => {
  const samples = shifted(sparseSamples(0.15));
  const { entries, columnModes } = await findPattern(samples, 0.25);
  assert.ok(entries < 0.2 * samples.x.length);
  const modes = randomSamples(1, 50, 1, 9).x;
  assert.deepEqual(columnModes, modes);

  for (const shuffle of ["once", "epoch"] as const) {
    const options = { epochs: 3, batchSize: 40, l2: 0.01, shuffle };
    const sums = new Set<string>();
    const results: Float32Array[][] = [];
    for (const workers of [4, 1, 2, 3]) {
      const skipZeros = workers === 4 ? "never" : "auto";
      await using mlp = new Mlp({
        preset: "article",
        layers: [50, 21, 4],
        workers,
        skipZeros,
      });
      await Array.fromAsync(mlp.fit(samples, options));
      results.push(mlp.weights);
      if (skipZeros === "auto") sums.add(await mlp.weightsSha256());
    }
    assert.equal(sums.size, 1, "other bits with other numbers of workers");
    for (const [n, values] of results[0].entries()) {
      for (const [at, value] of values.entries()) {
        assert.ok(Math.abs(value - results[1][n][at]) < 2e-6);
      }
    }
  }
});

/** The same samples in compressed sparse rows, with a zero among the values. */
function compressed(samples: Samples): SparseSamples {
  const { x, inputs } = samples;
  const [data, indices, indptr]: number[][] = [[], [], [0]];
  for (let sample = 0; sample < samples.count; sample++) {
    for (let input = 0; input < inputs; input++) {
      const value = x[sample * inputs + input];
      if (value === 0 && (sample > 0 || input !== 3)) continue;
      data.push(value);
      indices.push(input);
    }
    indptr.push(data.length);
  }
  const matrix = {
    data: Float32Array.from(data),
    indices: Int32Array.from(indices),
    indptr: Int32Array.from(indptr),
  };
  const { y, outputs } = samples;
  return samplesFrom({ x: matrix, inputs, y, outputs });
}

Deno.test("compressed sparse rows train, evaluate and predict to the bits of the same numbers in full", async () => {
  for (const skipZeros of ["auto", "never", "always"] as const) {
    const results = [];
    for (const form of [(full: Samples) => full, compressed]) {
      await using mlp = new Mlp({
        preset: "article",
        ...{ layers: [50, 21, 4], workers: 2, skipZeros },
      });
      const start = mlp.weights;
      const found = [];
      for (const density of [0, 0.1, 0.9]) {
        const samples = form(sparseSamples(density));
        const shuffle = density === 0 ? "once" : "epoch";
        mlp.weights = start;
        const options = { epochs: 2, batchSize: 40, shuffle } as const;
        await Array.fromAsync(mlp.fit(samples, options));
        found.push({
          weights: mlp.weights,
          evaluation: await mlp.evaluate(samples),
          outputs: await mlp.predict(samples.x),
        });
      }
      results.push(found);
    }
    assert.deepEqual(results[0], results[1]);
  }
});

Deno.test("invalid compressed sparse rows are refused", async () => {
  const { x, y } = compressed(sparseSamples(0.1));
  const refused = (change: object, expected: RegExp) =>
    assert.throws(
      () => samplesFrom({ x: { ...x, ...change }, inputs: 50, y, outputs: 4 }),
      expected,
    );
  refused({ data: [1] }, /'x.data' must be Float32Array/);
  refused({ data: x.data.slice(1) }, /'x.indices.length' must be/);
  refused({ indptr: x.indptr.map((n) => n + 1) }, /'x.indptr\[0\]' must be 0/);
  refused({ indptr: x.indptr.slice(0, -1) }, /'x.indptr\[202\]' must be/);
  refused(
    { indices: x.indices.map(() => 7) },
    /'x.indices\[\d+\]' must be above 7, the one/,
  );
  refused({ indices: x.indices.map((n) => n + 50) }, /from 0 to 49 in row/);
  await using mlp = new Mlp({
    preset: "article",
    layers: [50, 21, 4],
    workers: 1,
  });
  const data = x.data.map((value, at) => at === 5 ? NaN : value);
  await assert.rejects(
    () => mlp.predict({ ...x, data }),
    /Cannot predict as 'x.data\[5\]' must be a finite number: current value is NaN/,
  );
  const samples = samplesFrom({
    x: { ...x, data },
    inputs: 50,
    y,
    outputs: 4,
  });
  await assert.rejects(() => mlp.evaluate(samples), /x.data\[5\]/);
});

Deno.test("the reference kernels train to nearly the same weights", async () => {
  const samples = sparseSamples(0.5);
  const weights = [];
  for (
    const compute of [
      { kernels: "wasm" },
      { kernels: "reference", skipZeros: "never" },
      { kernels: "reference", skipZeros: "always" },
    ] as const
  ) {
    const layers = [50, 21, 4];
    await using mlp = new Mlp({
      preset: "article",
      layers,
      workers: 2,
      ...compute,
    });
    await Array.fromAsync(mlp.fit(samples, { epochs: 2, batchSize: 40 }));
    weights.push(mlp.weights);
  }
  const [expected, ...others] = weights;
  for (const found of others) {
    for (const [n, values] of expected.entries()) {
      for (const [at, value] of values.entries()) {
        assert.ok(Math.abs(value - found[n][at]) < 1e-6);
      }
    }
  }
});
