/** Checkpoints: a network and where its training stands, as safetensors. */
import {
  StateError,
  WrongTypeError,
  WrongValueError,
} from "../checks/errors.ts";
import {
  checkDescription,
  requireUsable,
} from "../models/check_description.ts";
import { checkWeights } from "../models/check_weights.ts";
import type { Model } from "../models/model.ts";
import { requireKnownFields, requireObject } from "../checks/json_checks.ts";
import { parseJson } from "../io/parse_json.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from "../models/safetensors.ts";
import { orderOf, samplesOf } from "./checkpoint_samples.ts";
import { NO_SUMS, type Progress } from "./progress.ts";
import { batchCount } from "../step/split.ts";
import { earlyStoppingState } from "./early_stopping.ts";
import { scheduleState } from "../units/schedules.ts";
import { TRAIN_OPTION_TABLE } from "./options/option_table.ts";
import { trainSettings } from "./options/train_settings.ts";
import {
  requireInteger,
  requireNonNegative,
  wrong,
} from "../checks/validate.ts";

const METADATA = { format: "lockstep-checkpoint", version: "2" };

/** What a checkpoint holds. */
export interface Checkpoint {
  readonly model: Model;
  /** What the optimizer keeps, two arrays for each layer. */
  readonly moments: readonly Float32Array[];
  /** Updates of the weights since the optimizer began. */
  readonly steps: number;
  readonly progress: Progress;
}

/**
 * Writes a checkpoint: `weights.N`, `moments.N` and `best.N` of shape [inputs + 1, outputs], `order` with a number for each
 * sample, all else in the metadata. Where each rank has samples of its own, `parts` takes the place of what is known of them.
 */
export function encodeCheckpoint(
  { description, weights }: Model,
  { moments, steps }: Pick<Checkpoint, "moments" | "steps">,
  progress: Progress,
): Uint8Array<ArrayBuffer> {
  const { best, order, samples, data, shuffles, ...rest } = progress;
  const { loss } = rest.sums;
  // JSON has no such numbers, and nothing can go on from there.
  if (!Number.isFinite(loss)) {
    throw new StateError(
      `Cannot save a checkpoint as the training has diverged: its loss is ${loss}`,
    );
  }
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
    ...tensors("moments", moments, 2),
    ...tensors("best", best?.weights ?? []),
    ...(rest.parts === undefined
      ? [
        { name: "order", dtype: "I32", shape: [samples], data: order } as const,
      ]
      : []),
  ], {
    ...METADATA,
    description: JSON.stringify(description),
    progress: JSON.stringify({
      ...(rest.parts === undefined ? { samples, data, shuffles } : {}),
      ...rest,
      steps,
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
    if (metadata.format === "lockstep") {
      throw new WrongValueError(
        `Cannot ${action} as it must be a checkpoint: it is a model, without where a training stood`,
      );
    }
    const path = `__metadata__.${key}`;
    throw new WrongValueError(
      wrong(action, path, `'${wanted}'`, metadata[key]),
    );
  }
  const description = checkDescription(
    parseJson(metadata.description ?? "", name, "its description"),
    name,
  );
  requireUsable(action, description);
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
          throw new WrongValueError(wrong(action, key, wanted, shown));
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
    layers,
    name,
  );
  const order = progress.parts === undefined
    ? orderOf(left, progress.samples, action)
    : new Int32Array();
  const { settings } = progress;
  const restored = best !== undefined && settings.restoreBestWeights;
  const bestWeights = restored ? take("best") : undefined;
  if (bestWeights !== undefined) checkWeights(description, bestWeights, name);
  for (const [n, values] of moments.entries()) {
    const at = values.findIndex(Number.isNaN);
    if (at < 0) continue;
    throw new WrongValueError(
      wrong(action, `moments.${n}[${at}]`, "a number other than NaN", NaN),
    );
  }
  if (left.size > 0) {
    const wanted = "weights, moments, best and order alone";
    throw new WrongValueError(
      wrong(action, "tensors", wanted, [...left.keys()]),
    );
  }
  return {
    model: { description, weights },
    moments,
    steps,
    progress: {
      ...progress,
      order,
      ...(best === undefined ? {} : {
        best: {
          epoch: best,
          ...(bestWeights === undefined ? {} : { weights: bestWeights }),
        },
      }),
    },
  };
}

function parseProgress(
  value: unknown,
  layers: readonly number[],
  name: string,
): Omit<Progress, "best" | "order"> & { steps: number; best?: number } {
  const action = `read '${name}'`;
  const fields = requireObject(action, "progress", value);
  requireKnownFields(action, "progress", fields, [
    ...["settings", "samples", "data", "shuffles", "orders", "epoch", "batch"],
    ...["learningRate", "sums", "schedule", "stopping", "steps", "best"],
    ...["putBack", "parts"],
  ]);
  const own = samplesOf(action, fields);
  const given = requireObject(action, "settings", fields.settings);
  TRAIN_OPTION_TABLE.optimizer.kind
    .check(action, "optimizer", given.optimizer);
  for (const field of ["epoch", "batch", "steps"] as const) {
    requireInteger(action, field, fields[field], 0, Infinity);
  }
  const samples = own.parts?.reduce((sum, part) => sum + part.samples, 0) ??
    own.samples;
  const settings = trainSettings(given, {
    ...{ samples, layers, validated: true, action },
  });
  const known = Object.keys(settings);
  requireKnownFields(action, "settings", given, known);
  for (const field of known) {
    if (field in given) continue;
    throw new WrongValueError(
      wrong(action, `settings.${field}`, "given", undefined),
    );
  }
  if (settings.partitioned !== (own.parts !== undefined)) {
    const wanted = settings.partitioned ? "given" : "left out";
    throw new WrongValueError(wrong(action, "parts", wanted, fields.parts));
  }
  const batches = batchCount(samples, settings.batchSize);
  requireInteger(action, "batch", fields.batch, 0, batches);
  if (fields.best !== undefined) {
    requireInteger(action, "best", fields.best, 1, Infinity);
  }
  const { best, putBack } = fields;
  if (putBack !== undefined && !(putBack === true && best !== undefined)) {
    const wanted = "true with a best epoch, or left out";
    throw new WrongValueError(wrong(action, "putBack", wanted, putBack));
  }
  if (typeof fields.learningRate !== "number") {
    const { learningRate } = fields;
    throw new WrongTypeError(
      wrong(action, "learningRate", "a number", learningRate),
    );
  }
  requireNonNegative(action, "learningRate", fields.learningRate);
  requireNumbers(action, "sums", fields.sums, NO_SUMS);
  scheduleState(action, fields.schedule, "schedule.");
  earlyStoppingState(action, fields.stopping, "stopping.");
  const { epoch, batch } = fields as { epoch: number; batch: number };
  const [least, most] = settings.shuffle === "once"
    ? [1, 1]
    : [Math.max(1, batch > 0 ? epoch + 1 : epoch), epoch + 1];
  requireInteger(action, "orders", fields.orders, least, most);
  return { ...fields as ReturnType<typeof parseProgress>, ...own, settings };
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
      throw new WrongTypeError(wrong(action, path, "a number", fields[key]));
    }
  }
}
