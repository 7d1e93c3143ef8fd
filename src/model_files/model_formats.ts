import { WrongValueError } from "../checks/errors.ts";
import { endingsWanted } from "../checks/nearest.ts";
import { modelFromJson, modelToJson } from "./model_json.ts";
import {
  modelFromSafetensors,
  modelToSafetensors,
} from "./model_safetensors.ts";
import type { Model } from "../models/model.ts";
import { modelFromOnnx } from "../models/onnx/model_from_onnx.ts";
import { modelToOnnx } from "../models/onnx/model_to_onnx.ts";
import type { FindBeside } from "../io/read_beside.ts";
import { utf8 } from "../io/utf8.ts";

/**
 * How a model becomes bytes, and bytes a model; the name of the file is for errors. What a format keeps in other files is
 * looked for by `find`.
 */
export interface ModelFormat {
  readonly encode: (
    model: Model,
    name: string,
  ) => Uint8Array | Promise<Uint8Array>;
  readonly decode: (
    bytes: Uint8Array,
    name: string,
    find?: FindBeside,
  ) => Model | Promise<Model>;
}

const FORMATS: Readonly<Record<string, ModelFormat>> = {
  ".safetensors": { encode: modelToSafetensors, decode: modelFromSafetensors },
  ".onnx": { encode: modelToOnnx, decode: modelFromOnnx },
  ".json": {
    encode: (model, name) => new TextEncoder().encode(modelToJson(model, name)),
    decode: (bytes, name) => modelFromJson(utf8(bytes, name), name),
  },
};

/** How the names of files with models end. */
export const MODEL_ENDINGS = Object.keys(FORMATS);

/** @throws {RangeError} If the name of the file ends in none of the known extensions. */
export function formatOf(
  path: string,
  action: "read" | "write",
): ModelFormat {
  for (const [extension, format] of Object.entries(FORMATS)) {
    if (path.endsWith(extension)) return format;
  }
  throw new WrongValueError(
    `Cannot ${action} '${path}' as its name must end in ${
      endingsWanted(path, MODEL_ENDINGS)
    }`,
  );
}
