import assert from "node:assert/strict";
import { Mlp } from "../../mod.ts";
import {
  startEarlyWorker,
  takeEarlyWorker,
} from "../../src/pool/early_worker.ts";
import { TRAINER } from "../../src/runtime/entries.ts";
import { randomSamples } from "../samples.ts";

const SAMPLES = randomSamples(20, 3, 2, 1);

async function bits(workers: number): Promise<string> {
  await using mlp = new Mlp({ layers: [3, 4, 2], workers });
  await mlp.fit(SAMPLES, { epochs: 2, batchSize: 10 });
  return await mlp.weightsSha256();
}

Deno.test("a worker that started early is the first of the next pool, and of no other", async () => {
  await startEarlyWorker();
  // There is one at a time.
  await startEarlyWorker();
  const early = await bits(2);
  assert.equal(takeEarlyWorker(0, TRAINER), undefined);
  assert.equal(await bits(1), early);
});

Deno.test("a worker that started early and isn't asked for anything doesn't keep the process alive", async () => {
  const module = new URL("../../src/pool/early_worker.ts", import.meta.url);
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { startEarlyWorker } from ${
        JSON.stringify(module)
      }; await startEarlyWorker(); console.log("done");`,
    ],
  }).output();
  assert.deepEqual([code, new TextDecoder().decode(stdout)], [0, "done\n"]);
});
