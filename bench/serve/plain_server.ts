/** The least that serves a model with ONNX Runtime: a call of it for each request. */
import * as ort from "onnxruntime-web/wasm";

ort.env.wasm.numThreads = 1;

const [path] = Deno.args;
const session = await ort.InferenceSession.create(await Deno.readFile(path), {
  executionProviders: ["wasm"],
});
const [input] = session.inputNames;
const [output] = session.outputNames;

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/`),
}, async (request) => {
  const { rows } = await request.json();
  const x = Float32Array.from(rows.flat());
  const dims = [rows.length, x.length / rows.length];
  const tensor = new ort.Tensor("float32", x, dims);
  const { [output]: { data } } = await session.run({ [input]: tensor });
  return Response.json({ outputs: [...data as Float32Array] });
});
