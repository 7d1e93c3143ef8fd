import { floatBytes, PANEL_BYTES, panelCount } from "./layout";

/** See Kernels.weightedSum. */
export function weightedSum(
  w: usize,
  ldw: i32,
  outputs: i32,
  inputs: i32,
  values: usize,
  result: usize,
): void {
  const stride = floatBytes(ldw);
  const end = w + (<usize> panelCount(outputs)) * PANEL_BYTES;
  // A pass for every four outputs.
  for (; w < end; w += 16, result += 16) {
    let sum = v128.load(w);
    let column = w;
    for (let input = 0; input < inputs; input++) {
      column += stride;
      const value = v128.load32_splat(values + floatBytes(input));
      sum = f32x4.relaxed_madd(value, v128.load(column), sum);
    }
    v128.store(result, sum);
  }
}

/** See Kernels.addOuter. */
export function addOuter(
  vector: usize,
  values: usize,
  grad: usize,
  ldg: i32,
  from: i32,
  to: i32,
): void {
  for (let input = from; input < to; input++) {
    const value = v128.load32_splat(values + floatBytes(input));
    let out = grad + (<usize> (input + 1)) * floatBytes(ldg);
    const end = out + floatBytes(ldg);
    for (let read = vector; out < end; out += 16, read += 16) {
      v128.store(
        out,
        f32x4.relaxed_madd(value, v128.load(read), v128.load(out)),
      );
    }
  }
}
