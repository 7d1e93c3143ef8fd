import * as ort from "onnxruntime-web/wasm";

// One thread needs no worker, and so no permission besides that to read the WebAssembly.
ort.env.wasm.numThreads = 1;

/**
 * An output of an ONNX file for some samples, one after another, by ONNX Runtime.
 *
 * @param name Of the output. Default: the first
 */
export async function runOnnx(
  bytes: Uint8Array,
  samples: number,
  x: Float32Array,
  shape: readonly number[] = [x.length / samples],
  name?: string,
): Promise<{ values: Float32Array; dims: readonly number[] }> {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ["wasm"],
    logSeverityLevel: 3,
  });
  try {
    const [input] = session.inputNames;
    const output = name ?? session.outputNames[0];
    const tensor = new ort.Tensor("float32", x, [samples, ...shape]);
    const { [output]: result } = await session.run({ [input]: tensor }, [
      output,
    ]);
    return { values: result.data as Float32Array, dims: result.dims };
  } finally {
    await session.release();
  }
}
