/** Without shared memory or workers, making a network is refused at once. */
import assert from "node:assert/strict";
import { Mlp } from "../../mod.ts";
import { SystemError } from "../../src/checks/errors.ts";

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
  Deno.test(`${name} is ${value}: the error names the two headers that are missing`, async () => {
    await withGlobal(name, value, () => {
      assert.throws(
        () => new Mlp({ preset: "article", layers: [2, 1] }),
        new SystemError(
          "Cannot share memory with workers as this page is not cross-origin isolated: serve it with the headers 'Cross-Origin-Opener-Policy: same-origin' and 'Cross-Origin-Embedder-Policy: require-corp'",
        ),
      );
    });
  });
}

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
