/** Workers that end, throw, stall or stay silent: whoever waits for them gets an error, and nothing hangs. */
import { ONE_RANK } from "../../src/step/ranks.ts";
import assert from "node:assert/strict";
import { StateError, SystemError } from "../../src/checks/errors.ts";
import { CONTROL_BYTES } from "../../src/pool/control.ts";
import { WorkerStopped } from "../../src/pool/worker_handle.ts";
import { WorkerPool } from "../../src/pool/worker_pool.ts";
import { ONE_BATCH } from "../../src/engine/engine.ts";
import { packingPlan } from "../../src/plan/inference_plan.ts";
import { Arena } from "../../src/memory/arena.ts";
import { layOutWeights } from "../../src/step/layout.ts";

/** A pool of three and a small plan; number 1 has a fault. */
function poolWith(
  fault: string,
  startSeconds?: number,
  module = "./faulty_trainer.ts",
) {
  Deno.env.set("LOCKSTEP_FAULT", fault);
  const layers = [8, 6, 3];
  const arena = new Arena();
  const control = arena.allocate(CONTROL_BYTES);
  const weights = layOutWeights(arena, layers);
  const network = {
    layers,
    activations: ["sigmoid"],
    task: "labels",
    output: "sigmoid",
    loss: "binaryCrossEntropy",
  } as const;
  const plan = packingPlan({
    ...{ arena, network, workers: 3, weights, blas: false },
    ranks: ONE_RANK,
  });
  const pool = new WorkerPool({
    ...{ arena, control, workers: 3 },
    provider: { name: "wasm", setup: null },
    entry: new URL(module, import.meta.url),
    ...(startSeconds === undefined ? {} : { startSeconds }),
  });
  return { pool, run: () => pool.run(plan, { ...ONE_BATCH, samples: 1 }) };
}

/** Fails if a promise takes 30 seconds. What is awaited takes a second at most, but the machine may be busy. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it hangs")), 30_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until a worker says that its fault is about to happen. */
async function nextFault(): Promise<void> {
  const channel = new BroadcastChannel("lockstep fault");
  await new Promise((resolve) =>
    channel.addEventListener("message", resolve, { once: true })
  );
  channel.close();
}

for (const when of ["load", "init"]) {
  Deno.test(`a worker that ends at ${when}: the start fails`, async () => {
    const { pool } = poolWith(`${when}-ends`);
    await assert.rejects(soon(pool.start()), /^Error: Worker \d died$/);
    assert.ok(pool.closed);
    await soon(pool.dispose());
  });

  Deno.test(`a worker that throws at ${when}: the start fails with its error`, async () => {
    const { pool } = poolWith(`${when}-throws`);
    await assert.rejects(
      soon(pool.start()),
      /^Error: Worker \d failed: (Uncaught )?.*out of order/,
    );
    await soon(pool.dispose());
  });

  for (const how of ["stalls", "sleeps", "stays silent"]) {
    Deno.test(`a worker that ${how} at ${when}: dispose() ends the start`, async () => {
      const { pool } = poolWith(`${when}-${how}`);
      const fault = nextFault();
      const start = assert.rejects(soon(pool.start()), WorkerStopped);
      await soon(fault);
      await soon(pool.dispose());
      await start;
    });
  }
}

Deno.test("workers that don't answer at the start: the error says how many", async () => {
  const { pool } = poolWith("init-stays silent", 2);
  await assert.rejects(
    soon(pool.start()),
    (error: Error) =>
      error instanceof SystemError &&
      // On a machine that has much else to do, the others may be late as well.
      /^Cannot start the workers as [123] of 3 gave no answer within 2 s$/.test(
        error.message,
      ),
  );
  await soon(pool.dispose());
});

Deno.test("a worker that dies silently in a run: the caller gets an error, the other workers end", async () => {
  const { pool, run } = poolWith("run-ends");
  await pool.start();
  await assert.rejects(soon(run()), new Error("Worker 1 died"));
  assert.ok(pool.closed);
  await assert.rejects(
    run(),
    new StateError("Cannot run a plan as the worker pool is closed"),
  );
  await soon(pool.dispose());
});

for (const how of ["stalls", "sleeps", "stays silent"]) {
  Deno.test(`a worker that ${how} in a run: dispose() ends it, and says that it was by force`, async () => {
    const { pool, run } = poolWith(`run-${how}`);
    await pool.start();
    const fault = nextFault();
    const running = assert.rejects(soon(run()), WorkerStopped);
    await soon(fault);
    await soon(pool.dispose());
    await running;
    assert.ok(pool.forced);
  });
}

Deno.test("a worker that does not start: the error says why", async () => {
  const { pool } = poolWith("", undefined, "./no_such_worker.ts");
  await assert.rejects(
    soon(pool.start()),
    // Where types are checked, that fails first.
    /^Error: Worker \d failed: (Cannot find module .*no_such_worker\.ts|Type checking failed)/,
  );
});
