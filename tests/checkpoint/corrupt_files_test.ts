import assert from "node:assert/strict";
import { Mlp } from "../../mod.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from "../../src/models/safetensors.ts";
import { inFolder } from "../in_folder.ts";
import { interrupt, RUNS } from "./runs.ts";

const RUN = RUNS["adam, best weights and plateau"];

/** A good checkpoint in the middle of an epoch, with best weights. */
async function good(): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array();
  await inFolder(async (folder) => {
    await using mlp = new Mlp({
      ...RUN.network,
      workers: 1,
    });
    await interrupt(mlp, RUN, 14, "left");
    await mlp.saveCheckpoint(`${folder}/good`);
    bytes = await Deno.readFile(`${folder}/good`);
    await using loaded = await Mlp.loadCheckpoint(`${folder}/good`);
    assert.equal(await loaded.weightsSha256(), await mlp.weightsSha256());
  });
  return bytes;
}

let known: ReturnType<typeof good> | undefined;

/** Asserts that a changed copy of a good checkpoint is refused. */
async function assertRefused(
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array,
  type: typeof RangeError,
  reason: string,
): Promise<void> {
  const bytes = await (known ??= good());
  await inFolder(async (folder) => {
    const path = `${folder}/corrupt.checkpoint`;
    await Deno.writeFile(path, change(bytes));
    await assert.rejects(Mlp.loadCheckpoint(path), (error: Error) => {
      assert.ok(
        error.message.startsWith(`Cannot read '${path}' as ${reason}`),
        error.message,
      );
      assert.equal(Object.getPrototypeOf(error.constructor), type);
      return true;
    });
  });
}

type Parts = { tensors: Tensor[]; metadata: Record<string, string> };

/** The bytes with other tensors or metadata. */
const withParts = (change: (parts: Parts) => Partial<Parts>) =>
(
  bytes: Uint8Array,
) => {
  const { tensors, metadata } = decodeSafetensors(bytes, "good");
  const parts = { tensors: [...tensors], metadata: { ...metadata } };
  const changed = { ...parts, ...change(parts) };
  return encodeSafetensors(changed.tensors, changed.metadata);
};

const withMetadata = (change: Record<string, string>) =>
  withParts(({ metadata }) => ({ metadata: { ...metadata, ...change } }));

/** Changes one field of the JSON in the metadata; `undefined` removes it. */
const withField = (
  part: "progress" | "description",
  path: string,
  value: unknown,
) =>
  withParts(({ metadata }) => {
    const json = JSON.parse(metadata[part]);
    const keys = path.split(".");
    const last = keys.pop()!;
    const fields = keys.reduce((object, key) => object[key], json);
    assert.ok(value === undefined || MAY_LACK.has(last) || last in fields);
    fields[last] = value;
    return { metadata: { ...metadata, [part]: JSON.stringify(json) } };
  });

/** Changes the values of a tensor. */
const withValue = (name: string, value: number) =>
  withParts(({ tensors }) => ({
    tensors: tensors.map((tensor) =>
      tensor.name === name
        ? { ...tensor, data: (tensor.data as Float32Array).with(2, value) }
        : tensor
    ) as Tensor[],
  }));

/** Puts another number into the order of the samples. */
const withOrder = (value: number) =>
  withParts(({ tensors }) => ({
    tensors: tensors.map((tensor) =>
      tensor.name === "order"
        ? { ...tensor, data: (tensor.data as Int32Array).with(2, value) }
        : tensor
    ) as Tensor[],
  }));

const without = (names: RegExp) =>
  withParts(({ tensors }) => ({
    tensors: tensors.filter(({ name }) => !names.test(name)),
  }));

const FILES: [string, Parameters<typeof assertRefused>[0], string][] = [
  [
    "is empty",
    () => new Uint8Array(),
    "its length must be 8 bytes or more: current value is 0",
  ],
  [
    "ends in its header",
    (bytes) => bytes.subarray(0, 100),
    "its header's length must be at most 92 bytes: ",
  ],
  ["lacks its last byte", (bytes) => bytes.subarray(0, -1), "its length must "],
  ["has a byte too many", (bytes) => {
    const more = new Uint8Array(bytes.length + 1);
    more.set(bytes);
    return more;
  }, "its length must be "],
  [
    "is of another format",
    withMetadata({ format: "pt" }),
    "'__metadata__.format' must be 'lockstep-checkpoint': current value is 'pt'",
  ],
  [
    "has no metadata",
    withParts(() => ({ metadata: {} })),
    "'__metadata__.format' must be 'lockstep-checkpoint': current value is undefined",
  ],
  [
    "is of another version",
    withMetadata({ version: "1" }),
    "'__metadata__.version' must be '2': current value is '1'",
  ],
  [
    "has no weights of a layer",
    without(/^weights\.1$/),
    "'weights.1' must be F32 of shape [9, 6]: current value is undefined",
  ],
  [
    "lacks what the optimizer keeps",
    without(/^moments\.3$/),
    "'moments.3' must be F32 of shape [9, 6]: current value is undefined",
  ],
  [
    "lacks some of the best weights",
    without(/^best\.0$/),
    "'best.0' must be F32 of shape [6, 8]: current value is undefined",
  ],
  [
    "lacks all of the best weights",
    without(/^best/),
    "'best.0' must be F32 of shape [6, 8]: current value is undefined",
  ],
  [
    "has weights of another shape",
    withParts(({ tensors }) => ({
      tensors: tensors.map((tensor) =>
        tensor.name === "weights.0" ? { ...tensor, shape: [8, 6] } : tensor
      ),
    })),
    "'weights.0' must be F32 of shape [6, 8]: current value is 'F32 of [8, 6]'",
  ],
  [
    "has weights of another type",
    withParts(({ tensors }) => ({
      tensors: tensors.map((tensor) =>
        tensor.name === "weights.0"
          ? { ...tensor, dtype: "I32", data: new Int32Array(48) }
          : tensor
      ) as Tensor[],
    })),
    "'weights.0' must be F32 of shape [6, 8]: current value is 'I32 of [6, 8]'",
  ],
  [
    "has more weights than layers",
    withParts(({ tensors }) => ({
      tensors: [...tensors, { ...tensors[0], name: "weights.3" }],
    })),
    "'tensors' must be weights, moments, best and order alone: current value is ['weights.3']",
  ],
  [
    "has no order of samples",
    without(/^order$/),
    "'order' must be I32 of shape [35]: current value is undefined",
  ],
  [
    "has an order of other samples",
    withParts(({ tensors }) => ({
      tensors: tensors.map((tensor) =>
        tensor.name === "order"
          ? { ...tensor, shape: [2], data: Int32Array.of(0, 1) }
          : tensor
      ) as Tensor[],
    })),
    "'order' must be I32 of shape [35]: current value is 'I32 of [2]'",
  ],
  ...[-1, 35, 2 ** 30].map((
    value,
  ): [string, Parameters<typeof assertRefused>[0], string] => [
    `has ${value} in its order`,
    withOrder(value),
    `'order[2]' must be a number from 0 to 34 that is there once: current value is ${value}`,
  ]),
  [
    "has a sample twice in its order",
    withParts(({ tensors }) => ({
      tensors: tensors.map((tensor) =>
        tensor.name === "order"
          ? {
            ...tensor,
            data: (tensor.data as Int32Array).with(
              34,
              (tensor.data as Int32Array)[0],
            ),
          }
          : tensor
      ) as Tensor[],
    })),
    "'order[34]' must be a number from 0 to 34 that is there once: current value is ",
  ],
  [
    "has a weight that is NaN",
    withValue("weights.1", NaN),
    "'weights[1][2]' must be a finite number: current value is NaN",
  ],
  ["has a moment that is NaN", withValue("moments.1", NaN), "'moments"],
  [
    "has a best weight that is infinite",
    withValue("best.1", -Infinity),
    "'",
  ],
  [
    "has no description",
    withMetadata({ description: "" }),
    "its description must be JSON: ",
  ],
  [
    "describes other layers",
    withField("description", "layers", [5, 8, 7, 3]),
    "'weights.1' must be F32 of shape [9, 7]: current value is 'F32 of [9, 6]'",
  ],
  [
    "describes a loss that its output can't have",
    withField("description", "loss", "binaryCrossEntropy"),
    "'loss' must be 'crossEntropy' for the output 'softmax': current value is 'binaryCrossEntropy'",
  ],
  [
    "has no JSON for its progress",
    withMetadata({ progress: "{epoch: 1}" }),
    "its progress must be JSON: ",
  ],
  [
    "has a key of its progress twice",
    withMetadata({ progress: '{"epoch": 1, "epoch": 2}' }),
    "its progress must have each key once: 'epoch' is there twice",
  ],
];

for (const [what, change, reason] of FILES) {
  Deno.test(`a checkpoint that ${what} is refused`, async () => {
    await assertRefused(change, RangeError, reason);
  });
}

/** Fields that a good checkpoint doesn't have. */
const MAY_LACK = new Set(["more", "putBack", "parts"]);

/** A field of the progress, a value of it that is wrong, the type of the error, and how its message begins. */
const PROGRESS: [string, unknown, typeof RangeError, string][] = [
  ["more", 1, RangeError, "'each field of progress' must be settings or "],
  ["settings", undefined, TypeError, "'settings' must be an object: "],
  ["settings.optimizer", "lion", RangeError, "'optimizer' must be 'article' "],
  ["settings", { optimizer: "adam" }, RangeError, "'settings"],
  [
    "settings.more",
    1,
    RangeError,
    "'each field of settings' must be epochs or ",
  ],
  [
    "settings.learningRate",
    -1,
    RangeError,
    "'learningRate' must be ",
  ],
  ["settings.dropout", [0], RangeError, "'dropout.length' must be 2 for as "],
  [
    "samples",
    "35",
    TypeError,
    "'samples' must be a whole number of 0 or more: ",
  ],
  [
    "epoch",
    -1,
    RangeError,
    "'epoch' must be a whole number of 0 or more: current value is -1",
  ],
  ["batch", 1.5, RangeError, "'batch' must be a whole number of 0 or more: "],
  ["batch", 6, RangeError, "'batch' must be "],
  [
    "steps",
    undefined,
    TypeError,
    "'steps' must be a whole number of 0 or more: ",
  ],
  [
    "best",
    0,
    RangeError,
    "'best' must be a whole number of 1 or more: current value is 0",
  ],
  ["best", undefined, RangeError, "'"],
  ["putBack", "yes", RangeError, "'putBack' must be true with a best epoch, "],
  ["learningRate", null, TypeError, "'learningRate' must be a number: "],
  ["learningRate", -1, RangeError, "'learningRate' must be "],
  ["sums", [], TypeError, "'sums' must be an object: current value is []"],
  ["sums.correct", "5", TypeError, "'sums.correct' must be a number: "],
  ["sums.last", null, TypeError, "'sums.last' must be an object: "],
  ["sums.last.loss", null, TypeError, "'sums.last.loss' must be a number: "],
  ["shuffles", 5, TypeError, "'shuffles' must be four numbers: "],
  ["shuffles", [1, 2, 3], RangeError, "'shuffles.length' must be 4: "],
  ["shuffles", [0, 0, 0, 0], RangeError, "'shuffles' must be other than all 0"],
  ["shuffles", ["1", 2, 3, 4], TypeError, "'shuffles[0]' must be a whole "],
  // No loop counts up to the epoch.
  [
    "samples",
    1e8,
    RangeError,
    "'order' must be I32 of shape [100000000]: current value is 'I32 of [35]'",
  ],
  ["samples", 2 ** 53 - 1, RangeError, "'order' must be I32 of shape [9007"],
  [
    "epoch",
    1e8,
    RangeError,
    "'orders' must be a whole number from 100000001 to 100000001: current value is ",
  ],
  ["parts", [], RangeError, "'samples' must be left out where there are "],
  ["data", 7, TypeError, "'data' must be 8 digits in hex: "],
  ["data", "xy", RangeError, "'data' must be 8 digits in hex: "],
  ["orders", 1e8, RangeError, "'orders' must be a whole number from "],
  ["orders", null, TypeError, "'orders' must be a whole number from "],
  ["schedule", 3, TypeError, "'schedule' must be an object: "],
  [
    "schedule",
    {},
    TypeError,
    "'schedule.epoch' must be a whole number of 0 or ",
  ],
  ["schedule.rate", -1, RangeError, "'schedule.rate' must be a finite number "],
  ["schedule.best", "low", TypeError, "'schedule.best' must be a number or "],
  ["stopping", {}, TypeError, "'stopping.best' must be a number or null: "],
  [
    "stopping.badEpochs",
    -1,
    RangeError,
    "'stopping.badEpochs' must be a whole number of 0 or ",
  ],
];

for (const [path, value, type, reason] of PROGRESS) {
  const shown = value === undefined ? "left out" : JSON.stringify(value);
  Deno.test(`a checkpoint whose progress has '${path}' ${shown} is refused`, async () => {
    await assertRefused(withField("progress", path, value), type, reason);
  });
}

for (const progress of ["5", "null", "[]", '"done"', "{}"]) {
  Deno.test(`a checkpoint whose progress is ${progress} is refused`, async () => {
    await assertRefused(withMetadata({ progress }), TypeError, "'");
  });
}

Deno.test("a checkpoint of a hundred million epochs resumes at once", async () => {
  const bytes = await (known ??= good());
  const { metadata } = decodeSafetensors(bytes, "good");
  const progress = JSON.parse(metadata.progress);
  const far = { ...progress, epoch: 1e8, orders: 1e8 + 1 };
  await inFolder(async (folder) => {
    const path = `${folder}/far.checkpoint`;
    const changed = withMetadata({ progress: JSON.stringify(far) })(bytes);
    await Deno.writeFile(path, changed);
    await using mlp = await Mlp.loadCheckpoint(path, { workers: 1 });
    const { epochs } = await mlp.fit(RUN.samples, {
      ...RUN.options,
      epochs: 1e8 + 2,
      resume: true,
    });
    assert.deepEqual(
      epochs.map(({ epoch }) => epoch),
      [1e8 + 1, 1e8 + 2],
    );
  });
});
