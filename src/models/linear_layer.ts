/** A layer as PyTorch's `Linear` and ONNX's `Gemm` with `transB` keep it. */
export interface LinearLayer {
  /** Nodes that it takes. */
  readonly inputs: number;
  /** Nodes that it makes. */
  readonly outputs: number;
  /** `outputs × inputs` values, row-major: that of row o, input i at `o · inputs + i`. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** One value for each output. */
  readonly bias: Float32Array<ArrayBuffer>;
}

/** Takes `outputs × (inputs + 1)` column-major values, column 0 the bias, apart. */
export function toLinear(
  weights: Float32Array,
  inputs: number,
  outputs: number,
): LinearLayer {
  const weight = new Float32Array(outputs * inputs);
  for (let i = 0; i < inputs; i++) {
    const column = (i + 1) * outputs;
    for (let o = 0; o < outputs; o++) {
      weight[o * inputs + i] = weights[column + o];
    }
  }
  return { inputs, outputs, weight, bias: weights.slice(0, outputs) };
}

/** Puts them together again. */
export function fromLinear(
  { inputs, outputs, weight, bias }: LinearLayer,
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(outputs * (inputs + 1));
  weights.set(bias);
  for (let i = 0; i < inputs; i++) {
    const column = (i + 1) * outputs;
    for (let o = 0; o < outputs; o++) {
      weights[column + o] = weight[o * inputs + i];
    }
  }
  return weights;
}
