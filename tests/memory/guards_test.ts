/** Buffers with guards around them: who writes beside one is found out. */
import assert from "node:assert/strict";
import { StateError } from "../../src/checks/errors.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Arena } from "../../src/memory/arena.ts";
import type { Network } from "../../src/step/network.ts";
import { GUARDS } from "../../src/memory/guards.ts";
import { instantiateKernels } from "../../src/kernels/wasm.ts";
import { trainGuarded, TRAININGS } from "./guarded_trainings.ts";

GUARDS.bytes = 64;

Deno.test("a kernel that writes a vector too many is found out, by the name of who allocated the buffer", () => {
  const arena = new Arena();
  const layOutTest = () => [0, 1].map(() => arena.allocate(100));
  const [first, second] = layOutTest();
  const { scale } = instantiateKernels(arena.memory);
  scale(first, 24, 2);
  scale(second, 24, 2);
  arena.checkGuards();
  scale(first, 28, 2);
  assert.throws(
    () => arena.checkGuards(),
    (error) =>
      error instanceof StateError &&
      error.message.includes(
        `bytes behind the buffer of 100 bytes at ${first}`,
      ) && /guards_test\.ts:\d+/.test(error.message),
  );
});

Deno.test("what is written before a buffer is found out when it is given back", () => {
  const arena = new Arena();
  arena.allocate(64);
  const mark = arena.mark();
  const second = arena.allocate(64);
  arena.floats(second - 4, 1)[0] = 1;
  assert.throws(() => arena.release(mark), StateError);
});

Deno.test("a network tells after a run and at its end that something was written beside its weights", async () => {
  const network: Network = {
    ...{ layers: [2, 3, 1], activations: ["relu"], task: "numbers" },
    ...{ output: "linear", loss: "halfSquaredError" },
  };
  const engine = new Engine(network, 1, { kernels: "wasm", skipZeros: "auto" });
  const { offset, ld, columns } = engine.weights[0].w;
  engine.arena.floats(offset, ld * columns + 1)[ld * columns] = 0.5;
  await assert.rejects(engine.dispose(), {
    message:
      /written 0 bytes behind the buffer of 96 bytes .* layOutMatrices \(layout\.ts/,
  });
});

for (const training of TRAININGS) {
  Deno.test(`${training.name}: WebAssembly writes nothing beside its buffers`, async () => {
    const guarded = await trainGuarded(training, "wasm");
    GUARDS.bytes = 0;
    const expected = await trainGuarded(training, "wasm");
    GUARDS.bytes = 64;
    assert.equal(guarded, expected);
  });
}
