/** Without shared memory or workers, making a network is refused at once. */
import assert from "node:assert/strict";
import { type ComputeOptions, Mlp } from "../../mod.ts";
import { SystemError } from "../../src/checks/errors.ts";
import { randomSamples } from "../samples.ts";

/** Runs `use` while a global variable has another value. */
async function withGlobal(
  name: string,
  value: unknown,
  use: () => void | Promise<void>,
): Promise<void> {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true });
  try {
    await use();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, before);
  }
}

for (
  const [name, value] of [
    ["crossOriginIsolated", false],
    ["SharedArrayBuffer", undefined],
  ] as const
) {
  Deno.test(`${name} is ${value}: one thread computes the same bits, and several are refused`, async () => {
    const samples = randomSamples(60, 5, 3, 1);
    const results = async (options: ComputeOptions) => {
      await using mlp = new Mlp({ layers: [5, 8, 3], seed: 1, ...options });
      const { epochs } = await mlp.fit(samples, { epochs: 2, batchSize: 10 });
      const outputs = await mlp.predict(samples.x);
      return [await mlp.weightsSha256(), epochs.at(-1)!.loss, outputs[7]];
    };
    const wanted = await results({ workers: 2 });
    await withGlobal(name, value, async () => {
      assert.equal(new Mlp({ layers: [2, 1] }).workers, 1);
      assert.deepEqual(await results({}), wanted);
      assert.throws(
        () => new Mlp({ layers: [2, 1], workers: 2 }),
        new SystemError(
          "Cannot make a network as 'workers' must be 1 in a page that is not cross-origin isolated: current value is 2; serve it with the headers 'Cross-Origin-Opener-Policy: same-origin' and 'Cross-Origin-Embedder-Policy: require-corp'",
        ),
      );
    });
  });
}

Deno.test("one thread for all lets others have their turn between batches", async () => {
  await withGlobal("crossOriginIsolated", false, async () => {
    await using mlp = new Mlp({ layers: [50, 200, 3], seed: 1 });
    const run = mlp.fit(randomSamples(3000, 50, 3, 1), {
      epochs: 1000,
      batchSize: 10,
    });
    setTimeout(() => run.stop(), 20);
    await run;
    // A thread that is blocked would have come to the end before the timer.
    assert.ok(mlp.position.epoch < 1000);
  });
});

Deno.test("a runtime that refuses shared memory: the error says so, and why", () => {
  const { Memory } = WebAssembly;
  const cause = new RangeError("out of addresses");
  WebAssembly.Memory = function () {
    throw cause;
  } as unknown as typeof Memory;
  try {
    assert.throws(
      () => new Mlp({ preset: "article", layers: [2, 1] }),
      new SystemError(
        "Cannot share memory with workers as the runtime refuses: it has no shared WebAssembly memory, or too few free addresses",
        { cause },
      ),
    );
  } finally {
    WebAssembly.Memory = Memory;
  }
});

Deno.test("without Node's workers, Web Workers compute the same bits", async () => {
  const sums = new Set<string>();
  const sum = async () => {
    await using mlp = new Mlp({
      preset: "article",
      layers: [3, 4, 2],
      workers: 2,
    });
    const outputs = await mlp.predict([[1, 2, 3], [4, 5, 6]]);
    sums.add(outputs.join());
  };
  await sum();
  await withGlobal("process", undefined, sum);
  assert.equal(sums.size, 1);
});
