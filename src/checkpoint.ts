/** Checkpoints: a network and where its training stands, as safetensors. */
import { checkDescription, checkWeights, type Model } from "./formats/model.ts";
import { requireKnownFields, requireObject } from "./formats/json_checks.ts";
import { parseJson } from "./formats/parse_json.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from "./formats/safetensors.ts";
import type { OptimizerName } from "./plan/network.ts";
import type { Engine } from "./training/engine.ts";
import { NO_SUMS, type Progress } from "./training/progress.ts";
import { requireChoice, requireInteger, wrong } from "./validate.ts";

const METADATA = { format: "lockstep-checkpoint", version: "1" };

const OPTIMIZERS: readonly OptimizerName[] = [
  "article",
  "sgd",
  "rmsprop",
  "adam",
  "adamw",
];

/** What a checkpoint holds. */
export interface Checkpoint {
  readonly model: Model;
  /** What the optimizer keeps, two arrays for each layer. */
  readonly moments: readonly Float32Array[];
  /** Updates of the weights since the optimizer began. */
  readonly steps: number;
  readonly progress: Progress;
}

/** Writes a checkpoint: `weights.N`, `moments.N` and `best.N` of shape [inputs + 1, outputs], all else in the metadata. */
export function encodeCheckpoint(
  { description, weights }: Model,
  engine: Engine,
  progress: Progress,
): Uint8Array<ArrayBuffer> {
  const { best, ...rest } = progress;
  const tensors = (name: string, arrays: readonly Float32Array[], each = 1) =>
    arrays.map((data, at): Tensor => {
      const outputs = description.layers[Math.floor(at / each) + 1];
      return {
        name: `${name}.${at}`,
        dtype: "F32",
        shape: [data.length / outputs, outputs],
        data: data as Float32Array<ArrayBuffer>,
      };
    });
  return encodeSafetensors([
    ...tensors("weights", weights),
    ...tensors("moments", engine.readMoments(), 2),
    ...tensors("best", best?.weights ?? []),
  ], {
    ...METADATA,
    description: JSON.stringify(description),
    progress: JSON.stringify({
      ...rest,
      steps: engine.steps,
      best: best?.epoch,
    }),
  });
}

/**
 * Reads a checkpoint.
 *
 * @param name Of the file, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If the file isn't what it should be.
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  const action = `read '${name}'`;
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  for (const [key, wanted] of Object.entries(METADATA)) {
    if (metadata[key] === wanted) continue;
    const path = `__metadata__.${key}`;
    throw new RangeError(wrong(action, path, `'${wanted}'`, metadata[key]));
  }
  const description = checkDescription(
    parseJson(metadata.description ?? "", name, "its description"),
    name,
  );
  const left = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const { layers } = description;
  const take = (group: string, each = 1) =>
    layers.slice(1).flatMap((outputs, n) =>
      Array.from({ length: each }, (_, at) => {
        const key = `${group}.${each * n + at}`;
        const found = left.get(key);
        const shape = [layers[n] + 1, outputs];
        if (found?.dtype !== "F32" || `${found.shape}` !== `${shape}`) {
          const wanted = `F32 of shape [${shape.join(", ")}]`;
          const shown = found &&
            `${found.dtype} of [${found.shape.join(", ")}]`;
          throw new RangeError(wrong(action, key, wanted, shown));
        }
        left.delete(key);
        return found.data as Float32Array<ArrayBuffer>;
      })
    );
  const weights = take("weights");
  checkWeights(description, weights, name);
  const moments = take("moments", 2);
  const { steps, best, ...progress } = parseProgress(
    parseJson(metadata.progress ?? "", name, "its progress"),
    action,
  );
  const bestWeights = left.size > 0 ? take("best") : undefined;
  if (left.size > 0) {
    const wanted = "weights, moments and best alone";
    throw new RangeError(wrong(action, "tensors", wanted, [...left.keys()]));
  }
  return {
    model: { description, weights },
    moments,
    steps,
    progress: {
      ...progress,
      ...(best === undefined ? {} : {
        best: {
          epoch: best,
          ...(bestWeights === undefined ? {} : { weights: bestWeights }),
        },
      }),
    },
  };
}

/** What is no plain number is checked where it is used: by the schedule, the generator and the options of the training. */
function parseProgress(
  value: unknown,
  action: string,
): Omit<Progress, "best"> & { steps: number; best?: number } {
  const fields = requireObject(action, "progress", value);
  requireKnownFields(action, "progress", fields, [
    ...["settings", "samples", "shuffles", "epoch", "batch", "learningRate"],
    ...["sums", "schedule", "stopping", "steps", "best"],
  ]);
  const settings = requireObject(action, "settings", fields.settings);
  requireChoice(action, "optimizer", settings.optimizer, OPTIMIZERS);
  for (const name of ["samples", "epoch", "batch", "steps"] as const) {
    requireInteger(action, name, fields[name], 0, Infinity);
  }
  if (fields.best !== undefined) {
    requireInteger(action, "best", fields.best, 1, Infinity);
  }
  if (typeof fields.learningRate !== "number") {
    const { learningRate } = fields;
    throw new TypeError(
      wrong(action, "learningRate", "a number", learningRate),
    );
  }
  for (const name of ["sums", "schedule", "stopping"] as const) {
    requireObject(action, name, fields[name]);
  }
  requireNumbers(action, "sums", fields.sums, NO_SUMS);
  if (!Array.isArray(fields.shuffles)) {
    const { shuffles } = fields;
    throw new TypeError(wrong(action, "shuffles", "four numbers", shuffles));
  }
  return fields as ReturnType<typeof parseProgress>;
}

/** Checks that there is a number wherever there is one in `like`. */
function requireNumbers(
  action: string,
  name: string,
  value: unknown,
  like: object,
): void {
  const fields = requireObject(action, name, value);
  for (const [key, wanted] of Object.entries(like)) {
    const path = `${name}.${key}`;
    if (typeof wanted === "object") {
      requireNumbers(action, path, fields[key], wanted);
    } else if (typeof fields[key] !== "number") {
      throw new TypeError(wrong(action, path, "a number", fields[key]));
    }
  }
}
