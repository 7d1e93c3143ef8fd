/** The readers of what controls a training: configs and checkpoints. */
import {
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/training/checkpoint.ts";
import { optionsFrom } from "../../src/cli/config.ts";
import { TRAIN_OPTIONS } from "../../src/cli/train_options.ts";
import { parseJson } from "../../src/io/parse_json.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
} from "../../src/models/safetensors.ts";
import { utf8 } from "../../src/io/utf8.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { newProgress, type PartProgress } from "../../src/training/progress.ts";
import { trainSettings } from "../../src/training/options/train_settings.ts";
import { withNoise } from "../models/models.ts";
import type { FuzzedReader } from "./outcome.ts";

const CONFIGS = [
  { epochs: 3, hidden: [5, 4], optimizer: "adam", "learning-rate": 0.01 },
  { quiet: true, scale: "minmax", "batch-size": "16", dataset: "a.csv" },
].map((config) => new TextEncoder().encode(JSON.stringify(config, null, 1)));

/** A checkpoint as at the start of a training, with weights that differ from 0. */
function checkpoint(
  given: Readonly<Record<string, unknown>>,
  parts?: readonly PartProgress[],
): Uint8Array<ArrayBuffer> {
  const model = withNoise({
    layers: [3, 2, 2],
    activations: ["relu"],
    output: "softmax",
    loss: "crossEntropy",
    seed: 2,
  });
  const { layers } = model.description;
  const moments = model.weights
    .flatMap((
      { length },
    ) => [new Float32Array(length), new Float32Array(length)]);
  const samples = 7;
  const settings = trainSettings(given, { samples, layers, validated: true });
  const progress = newProgress(
    settings,
    samples,
    "00000000",
    new Xoshiro128(1, 1),
    parts,
  );
  return encodeCheckpoint(model, { moments, steps: 0 }, {
    ...progress,
    ...{ order: Int32Array.of(6, 0, 1, 2, 3, 4, 5), orders: 1, epoch: 0 },
  });
}

const CHECKPOINTS = [
  checkpoint({ batchSize: 3 }),
  checkpoint({
    ...{ optimizer: "adam", schedule: "plateau", patience: 3 },
    ...{ classWeights: "balanced", dropout: [0.2], epochs: 4 },
  }),
  checkpoint({ batchSize: 3, partitioned: true, shards: 2 }, [
    { samples: 4, data: "00000000", start: [1, 2, 3, 4] },
    { samples: 3, data: "0123abcd", start: [4, 3, 2, 1] },
  ]),
];

const [{ tensors, metadata }, , ofParts] = CHECKPOINTS.map((bytes) =>
  decodeSafetensors(bytes, "checkpoint.safetensors")
);

/** A checkpoint that says this of where the training stands. */
const withProgress = (progress: string) =>
  encodeSafetensors(
    progress.includes('"parts"') ? ofParts.tensors : tensors,
    { ...metadata, progress },
  );

/** The readers of what controls a training. */
export const TRAINING_READERS: readonly FuzzedReader[] = [
  {
    name: "config.json",
    read: (bytes, name) =>
      optionsFrom(
        parseJson(utf8(bytes, name), name, "its text"),
        TRAIN_OPTIONS,
        name,
      ),
    files: CONFIGS,
  },
  {
    name: "checkpoint.safetensors",
    read: decodeCheckpoint,
    files: CHECKPOINTS,
  },
  {
    name: "progress.safetensors",
    read: (bytes, name) =>
      decodeCheckpoint(withProgress(utf8(bytes, name)), name),
    files: [metadata, ofParts.metadata].map(({ progress }) =>
      new TextEncoder().encode(progress)
    ),
  },
];
