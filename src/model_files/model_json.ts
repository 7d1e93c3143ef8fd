import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import {
  requireArray,
  requireFloats,
  requireKnownFields,
  requireObject,
} from "../checks/json_checks.ts";
import { checkDescription } from "../models/check_description.ts";
import { checkWeights, checkWritable } from "../models/check_weights.ts";
import type { Model } from "../models/model.ts";
import { parseJson } from "../io/parse_json.ts";

/** What is in the file besides description and weights. */
const HEADER = { format: "lockstep", version: 1 };

/** Decimal digits that always do to tell a float32 from all others. */
const MAXIMUM_DIGITS = 9;

/** Decimal digits that a float32 always keeps: with fewer there is nothing shorter to find. */
const MINIMUM_DIGITS = 6;

/** The shortest decimal that is this float32 again; for the tiny ones below 1.2e-38, at most a few digits longer. */
function decimal(value: number): string {
  if (Object.is(value, -0)) return "-0";
  for (let digits = MINIMUM_DIGITS; digits < MAXIMUM_DIGITS; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(MAXIMUM_DIGITS)));
}

/** Outputs of the layer of an array of weights, of which an ensemble has some for each member. */
function outputsOf({ layers }: Model["description"], n: number): number {
  return layers[n % (layers.length - 1) + 1];
}

/** One line for each column: the biases, then the weights of each input. */
function lines(weights: Float32Array, outputs: number): string {
  const columns: string[] = [];
  for (let from = 0; from < weights.length; from += outputs) {
    const column = weights.subarray(from, from + outputs);
    columns.push(`      ${Array.from(column, decimal).join(", ")}`);
  }
  return `    [\n${columns.join(",\n")}\n    ]`;
}

/**
 * Writes a model as JSON: `{ format, version, description, weights }`. There is a list of weights for each layer but the
 * last, a line for each of its columns: first the biases, then the weights of each input.
 *
 * @param name Of the file, for errors. Default: `"model.json"`
 *
 * @throws {TypeError} If a value of the model is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or a length doesn't fit.
 *
 * @example
 * ```ts
 * import { modelFromJson, modelToJson } from "./model_json.ts";
 *
 * const text = modelToJson({
 *   description: { layers: [2, 1], activations: [], output: "linear", loss: "halfSquaredError", seed: 1 },
 *   weights: [Float32Array.of(0.5, 0.1, 2)],
 * });
 * console.log(text.includes("0.1,"), modelFromJson(text, "model.json").weights[0][1]); // true, 0.10000000149011612
 * ```
 */
export function modelToJson(model: Model, name = "model.json"): string {
  checkWritable(model, name);
  const { description, weights } = model;
  const head = JSON.stringify({ ...HEADER, description }, null, 2);
  const layers = weights.map((values, n) =>
    lines(values, outputsOf(description, n))
  );
  return `${head.slice(0, head.lastIndexOf("\n"))},\n  "weights": [\n${
    layers.join(",\n")
  }\n  ]\n}\n`;
}

/**
 * Reads what {@linkcode modelToJson} wrote, with the same bits. Other numbers are rounded to float32.
 *
 * @param name Of the file, for errors.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If it isn't JSON, a value is out of its range, or a length doesn't fit.
 */
export function modelFromJson(text: string, name: string): Model {
  const action = `read '${name}'`;
  const fields = requireObject(
    action,
    "model",
    parseJson(text, name, "its text"),
  );
  const known = [...Object.keys(HEADER), "description", "weights"];
  requireKnownFields(action, "model", fields, known);
  for (const [key, wanted] of Object.entries(HEADER)) {
    if (fields[key] !== wanted) {
      throw new WrongValueError(
        wrong(
          action,
          key,
          typeof wanted === "string" ? `"${wanted}"` : `${wanted}`,
          fields[key],
        ),
      );
    }
  }
  const description = checkDescription(fields.description, name);
  const weights = requireArray(action, "weights", fields.weights).map(
    (values, n) =>
      Float32Array.from(requireFloats(action, `weights[${n}]`, values)),
  );
  checkWeights(description, weights, name);
  return { description, weights };
}
