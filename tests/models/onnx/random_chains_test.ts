/** Chains of every supported node in any order that makes a network: each computes what ONNX Runtime does. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type {
  NodeProto,
  TensorProto,
} from "../../../src/models/onnx/messages.ts";
import { noise } from "../models.ts";
import { readAndCompare } from "./compare.ts";
import { file, float, int, node, value } from "./graphs.ts";

const SCALINGS = ["Sub", "Mul", "Add", "Div", "BatchNormalization"] as const;
const NO_OPS = ["Identity", "Cast", "Dropout", "Flatten", "Reshape"] as const;
const ACTIVATIONS = [
  "Sigmoid",
  "Tanh",
  "Relu",
  "Elu",
  "LeakyRelu",
  "Swish",
  "Softplus",
];

/** Nodes that keep the width of a layer. */
const BETWEEN = fc.array(fc.constantFrom(...SCALINGS, ...NO_OPS), {
  maxLength: 3,
});

const CHAINS = fc.record({
  inputs: fc.integer({ min: 1, max: 4 }),
  before: BETWEEN,
  layers: fc.array(
    fc.record({
      outputs: fc.integer({ min: 1, max: 4 }),
      kind: fc.constantFrom("Gemm", "MatMul", "MatMul and Add"),
      after: BETWEEN,
      activation: fc.option(fc.constantFrom(...ACTIVATIONS)),
      behind: BETWEEN,
    }),
    { minLength: 1, maxLength: 3 },
  ),
  last: fc.constantFrom("", "Sigmoid", "Softmax"),
  seed: fc.nat(1000),
});

/** Builds a graph, node after node. */
class Builder {
  readonly nodes: NodeProto[] = [];
  readonly constants: TensorProto[] = [];
  #seed: number;
  width: number;
  value = "x";

  constructor(width: number, seed: number) {
    this.width = width;
    this.#seed = seed;
  }

  /** Numbers from 0.25 to 1.25, some of them negative: nothing is divided by nearly 0. */
  constant(...dims: number[]): string {
    const length = dims.reduce((all, size) => all * size, 1);
    const floatData = [...noise(length, ++this.#seed)].map((one) =>
      one + (one < 0 ? -0.25 : 0.25)
    );
    const name = `c${this.constants.length}`;
    this.constants.push({ name, dims, dataType: 1, floatData });
    return name;
  }

  sizes(...int64Data: number[]): string {
    const name = `c${this.constants.length}`;
    const dims = [int64Data.length];
    this.constants.push({ name, dims, dataType: 7, floatData: [], int64Data });
    return name;
  }

  append(text: string, ...attributes: Parameters<typeof int>[]): void {
    const made = `v${this.nodes.length}`;
    this.nodes.push(
      node(
        `${text} -> ${made}`,
        ...attributes.map(([name, i]) =>
          name === "alpha" ? float(name, i) : int(name, i)
        ),
      ),
    );
    this.value = made;
  }

  layer(kind: string, outputs: number): void {
    const weight = this.constant(this.width, outputs);
    const bias = this.constant(outputs);
    if (kind === "Gemm") {
      this.append(`Gemm ${this.value} ${weight} ${bias}`);
    } else {
      this.append(`MatMul ${this.value} ${weight}`);
      if (kind !== "MatMul") this.append(`Add ${bias} ${this.value}`);
    }
    this.width = outputs;
  }

  between(operators: readonly string[]): void {
    for (const operator of operators) {
      switch (operator) {
        case "BatchNormalization": {
          const [scale, bias, mean] = [0, 1, 2].map(() =>
            this.constant(this.width)
          );
          const variance = this.constant(this.width);
          const { floatData, ...rest } = this.constants.pop()!;
          this.constants.push({ ...rest, floatData: floatData.map(Math.abs) });
          const all = [this.value, scale, bias, mean, variance].join(" ");
          this.append(`BatchNormalization ${all}`);
          break;
        }
        case "Cast":
          this.append(`Cast ${this.value}`, ["to", 1]);
          break;
        case "Reshape":
          this.append(`Reshape ${this.value} ${this.sizes(-1, this.width)}`);
          break;
        case "Identity":
        case "Dropout":
        case "Flatten":
          this.append(`${operator} ${this.value}`);
          break;
        default: {
          const dims = [[], [1], [this.width], [1, this.width]];
          const other = this.constant(...dims[this.nodes.length % 4]);
          this.append(`${operator} ${this.value} ${other}`);
        }
      }
    }
  }

  activation(name: string): void {
    const x = this.value;
    if (name === "Swish") {
      this.append(`Sigmoid ${x}`);
      this.append(`Mul ${this.value} ${x}`);
    } else if (name === "LeakyRelu") {
      this.append(`LeakyRelu ${x}`, ["alpha", 0.01]);
    } else this.append(`${name} ${x}`);
  }
}

Deno.test("modelFromOnnx() computes what ONNX Runtime does, whatever nodes a network is made of", async () => {
  const seen = { targets: 0, preprocessing: 0, plain: 0 };
  await fc.assert(
    fc.asyncProperty(CHAINS, async ({ inputs, before, layers, last, seed }) => {
      const chain = new Builder(inputs, seed);
      chain.between(before);
      for (const [at, layer] of layers.entries()) {
        chain.layer(layer.kind, layer.outputs);
        chain.between(layer.after);
        if (at === layers.length - 1) break;
        if (layer.activation !== null) chain.activation(layer.activation);
        chain.between(layer.behind);
      }
      if (last !== "") chain.activation(last);
      const bytes = await file(chain.nodes, chain.constants, {
        input: [value("x", "n", inputs)],
        output: [value(chain.value, "n", chain.width)],
      }, { opsetImport: [{ version: 17 }] });
      const description = await readAndCompare(bytes, { tolerance: 1e-3 });
      assert.equal(description.layers.length, layers.length + 1);
      if (description.targets) seen.targets++;
      else if (description.preprocessing) seen.preprocessing++;
      else seen.plain++;
    }),
    { seed: 3, numRuns: 60 },
  );
  assert.ok(
    Object.values(seen).every((count) => count >= 5),
    JSON.stringify(seen),
  );
});
