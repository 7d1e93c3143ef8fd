import { sumLanes } from "./lanes";
import { floatBytes } from "./layout";

/** See Kernels.regularize. */
export function regularize(
  grad: usize,
  w: usize,
  count: i32,
  l1: f32,
  l2: f32,
): void {
  const end = w + floatBytes(count);
  const zero = f32x4.splat(0);
  const signBit = f32x4.splat(-0.0);
  const lasso = f32x4.splat(l1);
  const ridge = f32x4.splat(l2);
  while (w < end) {
    const weight = v128.load(w);
    // λ1 with the sign of the weight, and 0 where the weight is 0.
    const signed = v128.and(
      v128.xor(lasso, v128.and(weight, signBit)),
      f32x4.ne(weight, zero),
    );
    const penalty = f32x4.add(f32x4.mul(ridge, weight), signed);
    v128.store(grad, f32x4.add(v128.load(grad), penalty));
    w += 16;
    grad += 16;
  }
}

/** See Kernels.penalties. */
export function penalties(
  w: usize,
  ldw: i32,
  squares: usize,
  magnitudes: usize,
  from: i32,
  to: i32,
): void {
  for (let column = from; column < to; column++) {
    let read = w + (<usize> column) * floatBytes(ldw);
    const end = read + floatBytes(ldw);
    let square = f32x4.splat(0);
    let magnitude = f32x4.splat(0);
    while (read < end) {
      const weight = v128.load(read);
      square = f32x4.add(square, f32x4.mul(weight, weight));
      magnitude = f32x4.add(magnitude, f32x4.abs(weight));
      read += 16;
    }
    f32.store(squares + floatBytes(column), sumLanes(square));
    f32.store(magnitudes + floatBytes(column), sumLanes(magnitude));
  }
}
