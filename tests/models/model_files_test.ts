import fc from "fast-check";
import assert from "node:assert/strict";
import { WrongValueError } from "../../src/checks/errors.ts";
import type { Model } from "../../src/models/model.ts";
import { readModel } from "../../src/model_files/read_model.ts";
import { writeModel } from "../../src/model_files/write_model.ts";
import { MODELS, withNoise } from "./models.ts";

const EXTENSIONS = [".safetensors", ".onnx", ".json"];

const MODEL: Model = withNoise({
  layers: [3, 4, 2],
  activations: ["relu"],
  output: "softmax",
  loss: "crossEntropy",
  seed: 3,
  classNames: ["cat", "dog"],
});

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readModel() reads what writeModel() wrote, in every format", async () => {
  await inFolder(async (folder) => {
    await fc.assert(
      fc.asyncProperty(MODELS, async (model) => {
        for (const extension of EXTENSIONS) {
          const path = `${folder}/model.v1${extension}`;
          await writeModel(path, model);
          assert.deepEqual(await readModel(path), model);
        }
      }),
      { seed: 1, numRuns: 20 },
    );
    const files = await Array.fromAsync(Deno.readDir(folder));
    assert.equal(files.length, EXTENSIONS.length);
  });
});

for (const extension of EXTENSIONS) {
  Deno.test(`readModel() names a ${extension} file that isn't one`, async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/model${extension}`;
      // No UTF-8 either.
      await Deno.writeFile(
        path,
        Uint8Array.of(0xff, 0xfe, 0, 1, 2, 3, 4, 5, 6),
      );
      await assert.rejects(readModel(path), (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
        assert.ok(error.message.startsWith(`Cannot read '${path}' as `));
        return true;
      });
    });
  });

  Deno.test(`writeModel() leaves the old ${extension} file when a weight is NaN`, async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/model${extension}`;
      await writeModel(path, MODEL);
      const old = await Deno.readFile(path);
      const weights = [MODEL.weights[0].with(0, NaN), MODEL.weights[1]];
      await assert.rejects(
        writeModel(path, { ...MODEL, weights }),
        (error: Error) => {
          assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
          assert.ok(error.message.startsWith(`Cannot write '${path}' as `));
          assert.match(error.message, /'weights\[0\]\[0\]' must be a finite/);
          return true;
        },
      );
      assert.deepEqual(await Deno.readFile(path), old);
    });
  });
}

Deno.test("writeModel() writes no description that is nested too deep to be read", async () => {
  const nested = (depth: number): unknown =>
    Array.from({ length: depth }).reduce((inner) => [inner], 1);
  // The description and its `training` are two of the 99.
  const withDepth = (depth: number) => ({
    ...MODEL,
    description: { ...MODEL.description, training: { a: nested(depth - 2) } },
  });
  await inFolder(async (folder) => {
    for (const extension of EXTENSIONS) {
      const path = `${folder}/model${extension}`;
      await writeModel(path, withDepth(99));
      assert.deepEqual(await readModel(path), withDepth(99));
      for (const depth of [100, 100_000]) {
        await assert.rejects(
          writeModel(path, withDepth(depth)),
          (error: Error) => {
            assert.ok(error instanceof WrongValueError);
            assert.match(
              error.message,
              /^Cannot write '.*' as it could not be read again: .*its description must be nested at most 99 deep$/,
            );
            return true;
          },
        );
      }
      assert.deepEqual(await readModel(path), withDepth(99));
    }
  });
});

Deno.test("readModel() and writeModel() name the extensions that they know", async () => {
  const known = "as its name must end in '.safetensors', '.onnx' or '.json'";
  await assert.rejects(
    readModel("model.bin"),
    new RangeError(`Cannot read 'model.bin' ${known}`),
  );
  await assert.rejects(
    writeModel("json", MODEL),
    new RangeError(`Cannot write 'json' ${known}`),
  );
});

Deno.test("readModel() names what is missing, and what the system refuses", async () => {
  await assert.rejects(
    readModel("/no/such/model.json"),
    new Deno.errors.NotFound(
      "Cannot read '/no/such/model.json' as there is no such file",
    ),
  );
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/model.json`);
    await assert.rejects(readModel(`${folder}/model.json`), (error: Error) => {
      assert.ok(error instanceof Deno.errors.IsADirectory);
      assert.ok(
        error.message.startsWith(
          `Cannot read '${folder}/model.json' as it must be a file: `,
        ),
      );
      return true;
    });
  });
});

Deno.test({
  name: "readModel() says that the permission to read is missing",
  permissions: { read: false },
  async fn() {
    await assert.rejects(
      readModel("/some/model.json"),
      new Deno.errors.NotCapable(
        "Cannot read '/some/model.json' as the permission is missing: run again with --allow-read",
      ),
    );
  },
});
