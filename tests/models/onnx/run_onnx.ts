import * as ort from "onnxruntime-web/wasm";

// One thread needs no worker, and so no permission besides that to read the WebAssembly.
ort.env.wasm.numThreads = 1;

/** An output of an ONNX file. */
export interface Output {
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

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
): Promise<Output> {
  return await run(bytes, ([input]) => ({
    [input]: new ort.Tensor("float32", x, [samples, ...shape]),
  }), name);
}

/** The output of an ONNX file for numbers and texts of some rows. */
export async function runOnnxOnCells(
  bytes: Uint8Array,
  { input, texts }: {
    readonly input?: readonly (readonly number[])[];
    readonly texts?: readonly (readonly string[])[];
  },
): Promise<Output> {
  return await run(bytes, () => ({
    ...(input && {
      input: new ort.Tensor("float32", Float32Array.from(input.flat()), [
        input.length,
        input[0].length,
      ]),
    }),
    ...(texts && {
      texts: new ort.Tensor("string", texts.flat(), [
        texts.length,
        texts[0].length,
      ]),
    }),
  }));
}

async function run(
  bytes: Uint8Array,
  feedsOf: (names: readonly string[]) => Record<string, ort.Tensor>,
  name?: string,
): Promise<Output> {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ["wasm"],
    logSeverityLevel: 3,
  });
  try {
    const output = name ?? session.outputNames[0];
    const feeds = feedsOf(session.inputNames);
    const { [output]: result } = await session.run(feeds, [output]);
    return { values: result.data as Float32Array, dims: result.dims };
  } finally {
    await session.release();
  }
}
