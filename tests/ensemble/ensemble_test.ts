import assert from "node:assert/strict";
import {
  ensembleOf,
  logLoss,
  Mlp,
  type MlpOptions,
  type Samples,
  trainEnsemble,
} from "../../mod.ts";
import { assertNear } from "../assert_close.ts";
import { inFolder } from "../in_folder.ts";
import { runOnnx } from "../models/onnx/run_onnx.ts";
import { randomSamples } from "../samples.ts";

const TRAIN = randomSamples(40, 4, 3, 2);
const HELD = randomSamples(60, 4, 3, 5);

const NUMBERS: MlpOptions = {
  layers: [4, 6, 3],
  task: "numbers",
  preprocessing: { offset: [0, 0.5, 0, 1], scale: [1, 2, 1, 0.5] },
  targets: { center: [10, 0, -4], unit: [2, 1, 8] },
};

const NETWORKS: readonly (readonly [string, MlpOptions])[] = [
  ["classes", { layers: [4, 6, 3], classNames: ["a", "b", "c"] }],
  ["labels", { layers: [4, 6, 3], task: "labels" }],
  ["numbers", NUMBERS],
];

for (const [title, network] of NETWORKS) {
  Deno.test(`an ensemble of ${title} is the mean of its members, in use and in every file`, async () => {
    const options = { epochs: 8, learningRate: 0.02 };
    await using ensemble = await trainEnsemble(
      { ...network, seed: 7, workers: 2 },
      TRAIN,
      { members: 3, ...options },
    );
    assert.equal(ensemble.members, 3);
    const members: Mlp[] = [];
    for (const seed of [7, 8, 9]) {
      const mlp = new Mlp({ ...network, seed, workers: 1 });
      await mlp.fit(TRAIN, options);
      members.push(mlp);
    }
    const all = await Promise.all(members.map((mlp) => mlp.predict(HELD.x)));
    const found = await ensemble.predict(HELD.x);
    for (const [at, value] of found.entries()) {
      const mean = all.reduce((sum, outputs) => sum + outputs[at], 0) / 3;
      assertNear(value, mean, 1e-6, `[${at}]`);
    }
    // To train them one by one gives the same bits.
    await using combined = ensembleOf(members, { workers: 1 });
    assert.deepEqual(await combined.predict(HELD.x), found);
    assert.equal(
      await combined.weightsSha256(),
      await ensemble.weightsSha256(),
    );
    for (const mlp of members) await mlp.dispose();

    await assertEvaluation(ensemble, HELD, found);
    if (network.task !== "numbers") {
      const { before, after } = await ensemble.calibrate(HELD, {
        method: "platt",
      });
      assert.ok(after < before);
      const { loss } = await ensemble.evaluate(HELD);
      assertNear(loss, after, 1e-5, "loss");
    } else await ensemble.fitInterval(HELD, { coverage: 0.8 });
    await assertFiles(ensemble);
    await assert.rejects(async () => await ensemble.fit(TRAIN), {
      name: "Error",
      message: /an ensemble is the mean of networks that are trained/,
    });
  });
}

/** Metrics are those of the mean outputs. */
async function assertEvaluation(
  ensemble: Mlp,
  held: Samples,
  found: Float32Array,
) {
  const evaluation = await ensemble.evaluate(held);
  const mean = (of: (value: number, at: number) => number) =>
    found.reduce((sum, value, at) => sum + of(value, at), 0) / found.length;
  if (ensemble.task === "numbers") {
    const { unit } = ensemble.targets!;
    const off = mean((value, at) => Math.abs(value - held.y[at]));
    assertNear(evaluation.meanAbsoluteError!, off, 1e-5, "mean error");
    const loss = 3 *
      mean((value, at) => ((value - held.y[at]) / unit[at % 3]) ** 2 / 2);
    assertNear(evaluation.loss, loss, 1e-5, "loss");
    return;
  }
  const labels = ensemble.task === "labels";
  const loss = logLoss(held.y, found, labels ? 1 : 3) * (labels ? 3 : 1);
  assertNear(evaluation.loss, loss, 1e-5, "loss");
}

async function assertFiles(ensemble: Mlp): Promise<void> {
  const found = await ensemble.predict(HELD.x);
  const names = [".safetensors", ".json", ".onnx"];
  await inFolder(async (folder) => {
    for (const ending of names) {
      const path = `${folder}/model${ending}`;
      await ensemble.save(path);
      await using again = await Mlp.load(path, { workers: 1 });
      assert.equal(again.members, 3);
      assert.equal(await again.weightsSha256(), await ensemble.weightsSha256());
      assert.deepEqual(await again.predict(HELD.x), found);
      assert.deepEqual(
        await again.evaluate(HELD),
        await ensemble.evaluate(HELD),
      );
      if (ending !== ".onnx") continue;
      const bytes = await Deno.readFile(path);
      const { values } = await runOnnx(bytes, HELD.count, HELD.x);
      for (const [at, value] of found.entries()) {
        assertNear(values[at], value, 3e-6, `ONNX Runtime [${at}]`);
      }
      // A changed weight, and a changed node.
      const text = new TextDecoder("latin1").decode(bytes);
      const changed = [
        Uint8Array.from(
          bytes,
          (byte, at) => at === text.indexOf("Gemm") ? byte + 1 : byte,
        ),
        Uint8Array.from(
          bytes,
          (byte, at) => at === text.lastIndexOf("Mean") ? byte + 1 : byte,
        ),
      ];
      for (const other of changed) {
        await Deno.writeFile(path, other);
        await assert.rejects(() => Mlp.load(path), {
          name: "RangeError",
          message: /must be as it was written/,
        });
      }
    }
  });
}

Deno.test("what makes no ensemble is refused", async () => {
  await using one = new Mlp({ layers: [4, 3], workers: 1 });
  await using other = new Mlp({ layers: [4, 2, 3], workers: 1 });
  assert.throws(() => ensembleOf([one]), {
    name: "RangeError",
    message: /'networks' must be an array of two/,
  });
  assert.throws(() => ensembleOf([one, other]), {
    name: "RangeError",
    message: /'networks\[1\]\.layers' must be \[4,3\] as of networks\[0\]/,
  });
  const train = (options: object, network: object = {}) =>
    trainEnsemble(
      { layers: [4, 3], workers: 1, ...network },
      TRAIN,
      options as { members: number },
    );
  await assert.rejects(() => train({ members: 1 }), {
    name: "RangeError",
    message: /'members' must be a whole number from 2/,
  });
  await assert.rejects(() => train({ members: 2, epoch: 3 }), {
    name: "TypeError",
    message: /did you mean 'epochs'/,
  });
  await assert.rejects(() => train({ members: 2 }, { weights: one.weights }), {
    name: "TypeError",
    message: /'weights' must be left out/,
  });
  assert.throws(() => new Mlp({ layers: [4, 3], members: 2 }), {
    name: "RangeError",
    message: /'weights' must be given with 'members'/,
  });
  assert.throws(
    () => new Mlp({ layers: [4, 3], members: 2, weights: one.weights }),
    { name: "RangeError", message: /'weights.length' must be 2/ },
  );
  const reason = new Error("enough");
  await assert.rejects(
    () => train({ members: 2, signal: AbortSignal.abort(reason) }),
    reason,
  );
});
