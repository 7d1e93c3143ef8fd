/** Small ONNX files that are made to take all memory, all time or the whole stack: each is refused at once. */
import assert from "node:assert/strict";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import type {
  NodeProto,
  TensorProto,
} from "../../../src/models/onnx/messages.ts";
import { outcomeOf } from "../../fuzz/outcome.ts";
import { B, file, GEMM, node, scalar, tensor, value, W } from "./graphs.ts";

/** A tensor without values. */
const empty = (name: string, ...dims: number[]): TensorProto => ({
  name,
  dims,
  dataType: 1,
  floatData: [],
});

/** A tensor of zeros. */
const zeros = (name: string, ...dims: number[]): TensorProto => ({
  ...empty(name, ...dims),
  rawData: new Uint8Array(4 * dims.reduce((all, size) => all * size, 1)),
});

/** A message of a number and its bytes. */
function field(number: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = [];
  for (let left = bytes.length; left > 0 || length.length === 0; left >>>= 7) {
    length.push(left & 127 | (left > 127 ? 128 : 0));
  }
  const all = new Uint8Array(1 + length.length + bytes.length);
  all.set([number << 3 | 2, ...length]);
  all.set(bytes, 1 + length.length);
  return all;
}

/** Bytes over and over. */
const repeated = (count: number, ...bytes: number[]) =>
  Uint8Array.from(
    { length: count * bytes.length },
    (_, at) => bytes[at % bytes.length],
  );

/** A chain of so many nodes of one sort. */
function chain(length: number, text: (at: number) => string): NodeProto[] {
  return Array.from({ length }, (_, at) => node(text(at)));
}

const many = (count: number, text: string) => Array(count).fill(node(text));
const out = (name: string) => ({ output: [value(name, "n", 2)] });

/** What the file is, its bytes, and what the message says. */
const FILES: [string, () => Promise<Uint8Array<ArrayBuffer>>, RegExp][] = [
  [
    "weights of [2³⁰, 0]",
    () => file([node("Gemm x W -> y")], [empty("W", 2 ** 30, 0)]),
    /'W.dims' must be whole numbers from 1: current value is \[1073741824, 0\]$/,
  ],
  [
    "weights of [0, 2²⁸]",
    () => file([node("Gemm x W -> y")], [empty("W", 0, 2 ** 28)]),
    /'W.dims' must be whole numbers from 1: current value is \[0, 268435456\]$/,
  ],
  [
    "weights of [-1, 0]",
    () => file([node("Gemm x W -> y")], [empty("W", -1, 0)]),
    /'W.dims' must be whole numbers from 1: current value is \[-1, 0\]$/,
  ],
  [
    "weights of [-1, -6]",
    () => file([node("Gemm x W -> y")], [{ ...W, dims: [-1, -6] }]),
    /'W.dims' must be whole numbers from 1: current value is \[-1, -6\]$/,
  ],
  [
    "weights of [2³⁰, 2³⁰]",
    () => file([node("Gemm x W -> y")], [empty("W", 2 ** 30, 2 ** 30)]),
    /'W.length' must be 1152921504606847000 for dims \[1073741824, 1073741824\]: current value is 0$/,
  ],
  [
    "weights of 1e9 nodes",
    () => file([node("Gemm x W -> y")], [empty("W", 3, 1e9)]),
    /'W.length' must be 3000000000 for dims \[3, 1000000000\]: current value is 0$/,
  ],
  [
    "weights of 2³² and more by a layer of one value",
    () => file([node("Gemm x W B -> y")], [W, { ...B, dims: [2 ** 53 - 1] }]),
    /'B.length' must be 9007199254740991 for dims /,
  ],
  [
    "a constant to add of [2³⁰, 0]",
    () =>
      file([node("Add x C -> a"), node("Gemm a W -> y")], [
        W,
        empty("C", 2 ** 30, 0),
      ]),
    /'C.dims' must be whole numbers from 1/,
  ],
  [
    "30,000 nodes on one value",
    () => file([GEMM, ...many(30_000, "Relu y -> a")], [W, B], out("a")),
    /node 'a' \(Relu\) must be alone in taking 'y': 'a' \((Relu|Mul)\) does too$/,
  ],
  [
    "20,000 multiplications of one value",
    () =>
      file(
        [GEMM, ...many(20_000, "Mul y c -> a")],
        [W, B, scalar("c", 1)],
        out("a"),
      ),
    /node 'a' \(Mul\) must be alone in taking 'y': 'a' \((Relu|Mul)\) does too$/,
  ],
  [
    "100,000 nodes",
    () => file(many(100_000, "Relu x -> y"), []),
    /must be whole ONNX data: it has more than 100000 nodes, attributes, names and sizes$/,
  ],
  [
    "1,000,000 nodes of two bytes",
    () => Promise.resolve(field(7, repeated(1e6, 0x0a, 0))),
    /it has more than 100000 nodes, /,
  ],
  [
    "1,000,000 names of two bytes",
    () => Promise.resolve(field(7, field(1, repeated(1e6, 0x0a, 0)))),
    /it has more than 100000 nodes, /,
  ],
  [
    "1,000,000 dims of one byte",
    () => Promise.resolve(field(7, field(5, field(1, repeated(1e6, 1))))),
    /it has more than 100000 nodes, /,
  ],
  [
    "1,000,000 entries of metadata",
    () => Promise.resolve(repeated(1e6, 0x72, 0)),
    /it has more than 100000 nodes, /,
  ],
  [
    "groups that are nested 100,000 deep",
    () => Promise.resolve(field(7, repeated(1e5, 0x7b))),
    /must be whole ONNX data: field 15 at byte \d+ is of a type that ONNX doesn't have$/,
  ],
  [
    "graphs that are nested 2,000 deep",
    async () => {
      // A subgraph of an If: the attribute has a graph, which has a node, which has an attribute.
      let graph = new Uint8Array(0);
      for (let depth = 0; depth < 2000; depth++) {
        graph = field(1, field(5, field(6, graph)));
      }
      return await Promise.resolve(field(7, graph));
    },
    /'opset_import' must be 7 or more: current value is undefined$/,
  ],
  [
    "a nested description",
    () =>
      file([GEMM], [W, B], {}, {
        metadataProps: [{
          key: "lockstep",
          value: "[".repeat(1e5) + "]".repeat(1e5),
        }],
      }),
    /'a.onnx' as its description must be nested at most 100 deep$/,
  ],
  [
    "300 layers that share their weights, by 300 names of them",
    () => {
      const large = tensor("L", 300, 300);
      const names = Array.from({ length: 300 }, (_, at) => `L${at}`);
      return file(
        [
          ...names.map((name) => node(`Identity L -> ${name}`)),
          ...names.map((_, at) => node(`MatMul h${at} L -> h${at + 1}`)),
        ],
        [large],
        { input: [value("h0", "n", 300)], output: [value("h300", "n", 300)] },
      );
    },
    /\(MatMul\) must not share its constants with so many others: the graph takes more than 8 times the values in the file$/,
  ],
  [
    "10,000 layers that share their weights",
    () =>
      file(
        chain(10_000, (at) => `MatMul ${at || "x"} S -> ${at + 1}`),
        [zeros("S", 300, 300)],
        { ...out("10000"), input: [value("x", "n", 300)] },
      ),
    /\(MatMul\) must not share its constants with so many others: the graph takes more than 8 times the values in the file$/,
  ],
  [
    "10,000 scalings of a large layer",
    () =>
      file(
        [
          ...chain(10_000, (at) => `Mul ${at || "x"} two -> ${at + 1}`),
          node("MatMul 10000 V -> y"),
        ],
        [zeros("V", 100_000, 1), scalar("two", 1)],
        { input: [value("x", "n", 100_000)] },
      ),
    /\(Mul\) must not share its constants with so many others/,
  ],
  [
    "10,000 times the same sizes",
    () =>
      file(
        [
          node(`Concat ${Array(10_000).fill("many").join(" ")} -> shape`),
          node("Reshape x shape -> a"),
          node("Gemm a W B -> y"),
        ],
        [W, B, {
          ...{ name: "many", dims: [40_000], dataType: 7, floatData: [] },
          rawData: new Uint8Array(320_000),
        }],
      ),
    /node 'shape' \(Concat\) must not share its constants with so many others/,
  ],
  [
    "10,000 layers of a wide bias",
    () =>
      file(
        chain(10_000, (at) => `Gemm ${at || "x"} E C -> ${at + 1}`),
        [zeros("E", 1, 1), zeros("C", 1)],
        { ...out("9999999"), input: [value("x", "n", 1)] },
      ),
    /'10000' must lead to the output '9999999'$/,
  ],
];

for (const [what, bytes, message] of FILES) {
  Deno.test(`an ONNX file with ${what} is refused at once`, async () => {
    const outcome = await outcomeOf(modelFromOnnx, await bytes(), "a.onnx");
    assert.ok("error" in outcome, "it was read");
    assert.match(outcome.error.message, message);
    assert.ok(!outcome.error.message.includes("\n"));
  });
}

Deno.test("ONNX files with names of a million letters, or of controls, are refused with short messages", async () => {
  const [long, control] = ["a".repeat(1e6), "\x1b[31m"];
  for (const name of [long, control]) {
    const files = [
      file([node(`${name} x W -> y`)], [W]),
      file([node(`Gemm x ${name} -> y`)], [W]),
      file([{ ...node("Gemm x x -> y"), name }], [W]),
      file([node("Gemm x W -> y", { name, type: 2, i: 1 })], [W]),
      file([
        node("Flatten x -> y", {
          name: "axis",
          type: 3,
          s: new TextEncoder().encode(name),
        }),
      ], [W]),
      file([GEMM], [W, B], out(name)),
      file([GEMM, GEMM], [W, B], out(name)),
      file([GEMM], [W, { ...B, name }, { ...B, name }]),
      file([GEMM], [W, B], { input: [value("x", name, 5)] }),
      file([GEMM], [W, B], { input: [{ name }, { name: "x" }] }),
      file([node(`Gemm x ${name} -> y`)], [{ ...W, name, dims: [1, 2] }]),
      file([node(`Gemm x ${name} -> y`)], [{ ...W, name, dataType: 8 }]),
      file([GEMM], [W, B], {}, {
        opsetImport: [{ version: 17 }],
        metadataProps: [{ key: "lockstep", value: name }],
      }),
    ];
    for (const [at, bytes] of files.entries()) {
      const outcome = await outcomeOf(modelFromOnnx, await bytes, "a.onnx");
      assert.ok("error" in outcome, `${at} was read`);
      const { message } = outcome.error;
      assert.ok(message.length < 1000, `${at}: ${message.length} letters`);
      // What V8 says of JSON that isn't one is made visible where it is printed.
      if (at < files.length - 1) {
        assert.ok(!message.includes("\x1b"), `${at}: ${message}`);
      }
    }
  }
});
