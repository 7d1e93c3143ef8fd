import assert from "node:assert/strict";
import type { ModelDescription } from "../../../src/models/model.ts";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import { forward, noise } from "../models.ts";
import { runOnnx } from "./run_onnx.ts";

/** What ONNX Runtime is asked to compute. */
export interface Asked {
  /** Sizes of a sample. */
  readonly shape?: readonly number[];
  /** Name of the output, if it isn't the first. */
  readonly output?: string;
  /** How far results may be apart. */
  readonly tolerance?: number;
}

/** Reads a model, requires that it computes what ONNX Runtime does with the file, and returns it. */
export async function readAndCompare(
  bytes: Uint8Array<ArrayBuffer>,
  { shape, output, tolerance = 1e-5 }: Asked = {},
): Promise<ModelDescription> {
  const model = await modelFromOnnx(bytes, "a.onnx");
  const { layers } = model.description;
  const samples = 3;
  const x = noise(samples * layers[0], 5);
  const { values } = await runOnnx(
    bytes,
    samples,
    x,
    shape ?? [layers[0]],
    output,
  );
  const wanted = Array.from(
    { length: samples },
    (_, at) =>
      forward(model, [...x.subarray(at * layers[0], (at + 1) * layers[0])]),
  ).flat();
  assert.equal(values.length, wanted.length);
  for (const [at, value] of wanted.entries()) {
    assert.ok(Math.abs(values[at] - value) < tolerance, `${values}, ${wanted}`);
  }
  return model.description;
}
