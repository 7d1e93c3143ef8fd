import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { fromLinear, toLinear } from "../models/linear_layer.ts";
import { checkDescription } from "../models/check_description.ts";
import { checkWeights, checkWritable } from "../models/check_weights.ts";
import type { Model } from "../models/model.ts";
import { parseJson } from "../io/parse_json.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from "../models/safetensors.ts";

/** What the metadata say besides the description. */
const METADATA = { format: "lockstep", version: "1" };

/** The layer of an array of weights, of which an ensemble has some for each member, and how names of its tensors begin. */
function layerOf({ layers, members }: Model["description"], n: number) {
  const layer = n % (layers.length - 1);
  const member = Math.floor(n / (layers.length - 1));
  return {
    prefix: `${
      members === undefined ? "" : `members.${member}.`
    }layers.${layer}`,
    inputs: layers[layer],
    outputs: layers[layer + 1],
  };
}

/**
 * Writes a model as safetensors: `layers.N.weight` of shape [outputs, inputs] and `layers.N.bias` of shape [outputs],
 * as PyTorch's `Linear` has them, of an ensemble with `members.M.` before that, and the description as JSON in the metadata.
 *
 * @param name Of the file, for errors. Default: `"model.safetensors"`
 *
 * @throws {TypeError} If a value of the model is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or a length doesn't fit.
 *
 * @example Read the tensors in Python: `safetensors.torch.load_file("model.safetensors")["layers.0.weight"]`
 * ```ts
 * import { modelFromSafetensors, modelToSafetensors } from "./model_safetensors.ts";
 *
 * const bytes = modelToSafetensors({
 *   description: { layers: [2, 1], activations: [], output: "linear", loss: "halfSquaredError", seed: 1 },
 *   weights: [Float32Array.of(0.5, 1, 2)],
 * });
 * console.log(modelFromSafetensors(bytes, "model.safetensors").weights); // [Float32Array [0.5, 1, 2]]
 * ```
 */
export function modelToSafetensors(
  model: Model,
  name = "model.safetensors",
): Uint8Array<ArrayBuffer> {
  checkWritable(model, name);
  const { description, weights } = model;
  const tensors = weights.flatMap((values, n): Tensor[] => {
    const { prefix, inputs, outputs } = layerOf(description, n);
    const { weight, bias } = toLinear(values, inputs, outputs);
    return [
      {
        name: `${prefix}.weight`,
        dtype: "F32",
        shape: [outputs, inputs],
        data: weight,
      },
      { name: `${prefix}.bias`, dtype: "F32", shape: [outputs], data: bias },
    ];
  });
  return encodeSafetensors(tensors, {
    ...METADATA,
    description: JSON.stringify(description),
  });
}

/**
 * Reads what {@linkcode modelToSafetensors} wrote, with the same bits.
 *
 * @param name Of the file, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If the file isn't what it should be, its tensors don't fit its description, or a weight isn't
 * finite.
 */
export function modelFromSafetensors(bytes: Uint8Array, name: string): Model {
  const action = `read '${name}'`;
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  for (const [key, wanted] of Object.entries(METADATA)) {
    if (metadata[key] !== wanted) {
      if (metadata.format === "lockstep-checkpoint") {
        throw new WrongValueError(
          `Cannot ${action} as it must be a model: it is a checkpoint, for Mlp.loadCheckpoint() or --resume`,
        );
      }
      const path = `__metadata__.${key}`;
      throw new WrongValueError(
        wrong(action, path, `'${wanted}'`, metadata[key]),
      );
    }
  }
  const description = checkDescription(
    parseJson(metadata.description ?? "", name, "its description"),
    name,
  );
  const { layers } = description;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const take = (tensor: string, shape: readonly number[]) => {
    const wanted = `F32 of shape [${shape.join(", ")}]`;
    const found = byName.get(tensor);
    if (found?.dtype !== "F32" || `${found.shape}` !== `${shape}`) {
      const current = found && `${found.dtype} of [${found.shape.join(", ")}]`;
      throw new WrongValueError(wrong(action, tensor, wanted, current));
    }
    byName.delete(tensor);
    return found.data as Float32Array<ArrayBuffer>;
  };
  const count = (layers.length - 1) * (description.members ?? 1);
  const weights = Array.from({ length: count }, (_, n) => {
    const { prefix, inputs, outputs } = layerOf(description, n);
    const weight = take(`${prefix}.weight`, [outputs, inputs]);
    const bias = take(`${prefix}.bias`, [outputs]);
    return fromLinear({ inputs, outputs, weight, bias });
  });
  if (byName.size > 0) {
    const wanted = `those of ${layers.length} layers alone`;
    throw new WrongValueError(
      wrong(action, "tensors", wanted, [...byName.keys()]),
    );
  }
  checkWeights(description, weights, name);
  return { description, weights };
}
