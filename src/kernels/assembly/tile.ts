import { PANEL_BYTES } from "./layout";

/**
 * The heart of all three products: a panel of 8 rows times 6 columns, over `groups` groups of 4 terms.
 *
 *     out[row, c] = start[row, c] + Σ_k panel[k][row] · x[k, c]      row < 8, c < 6, k ascending
 *
 * `panel` is contiguous; column c of x starts at `x + c·xStride` and its terms are contiguous. `start` 0 stands for
 * zeros. Strides are in bytes.
 *
 * 12 accumulators, 2 vectors of the panel and 1 splat are the 15 registers that V8 leaves. The order of the
 * statements is the order of the machine code, which is why the build leaves them alone (see build.ts).
 */
export function tile(
  panel: usize,
  groups: i32,
  x: usize,
  xStride: usize,
  out: usize,
  outStride: usize,
  start: usize,
  startStride: usize,
): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
  let b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
  if (start != 0) {
    a0 = v128.load(start);
    b0 = v128.load(start, 16);
    start += startStride;
    a1 = v128.load(start);
    b1 = v128.load(start, 16);
    start += startStride;
    a2 = v128.load(start);
    b2 = v128.load(start, 16);
    start += startStride;
    a3 = v128.load(start);
    b3 = v128.load(start, 16);
    start += startStride;
    a4 = v128.load(start);
    b4 = v128.load(start, 16);
    start += startStride;
    a5 = v128.load(start);
    b5 = v128.load(start, 16);
  }

  // A pointer a column: then the columns share the bounds of each offset, which costs least.
  let x0 = x;
  let x1 = x0 + xStride;
  let x2 = x1 + xStride;
  let x3 = x2 + xStride;
  let x4 = x3 + xStride;
  let x5 = x4 + xStride;

  for (; groups > 0; groups--) {
    let w0 = v128.load(panel);
    let w1 = v128.load(panel, 16);
    let t = v128.load32_splat(x0);
    a0 = f32x4.relaxed_madd(t, w0, a0);
    b0 = f32x4.relaxed_madd(t, w1, b0);
    t = v128.load32_splat(x1);
    a1 = f32x4.relaxed_madd(t, w0, a1);
    b1 = f32x4.relaxed_madd(t, w1, b1);
    t = v128.load32_splat(x2);
    a2 = f32x4.relaxed_madd(t, w0, a2);
    b2 = f32x4.relaxed_madd(t, w1, b2);
    t = v128.load32_splat(x3);
    a3 = f32x4.relaxed_madd(t, w0, a3);
    b3 = f32x4.relaxed_madd(t, w1, b3);
    t = v128.load32_splat(x4);
    a4 = f32x4.relaxed_madd(t, w0, a4);
    b4 = f32x4.relaxed_madd(t, w1, b4);
    t = v128.load32_splat(x5);
    a5 = f32x4.relaxed_madd(t, w0, a5);
    b5 = f32x4.relaxed_madd(t, w1, b5);

    w0 = v128.load(panel, 32);
    w1 = v128.load(panel, 48);
    t = v128.load32_splat(x0, 4);
    a0 = f32x4.relaxed_madd(t, w0, a0);
    b0 = f32x4.relaxed_madd(t, w1, b0);
    t = v128.load32_splat(x1, 4);
    a1 = f32x4.relaxed_madd(t, w0, a1);
    b1 = f32x4.relaxed_madd(t, w1, b1);
    t = v128.load32_splat(x2, 4);
    a2 = f32x4.relaxed_madd(t, w0, a2);
    b2 = f32x4.relaxed_madd(t, w1, b2);
    t = v128.load32_splat(x3, 4);
    a3 = f32x4.relaxed_madd(t, w0, a3);
    b3 = f32x4.relaxed_madd(t, w1, b3);
    t = v128.load32_splat(x4, 4);
    a4 = f32x4.relaxed_madd(t, w0, a4);
    b4 = f32x4.relaxed_madd(t, w1, b4);
    t = v128.load32_splat(x5, 4);
    a5 = f32x4.relaxed_madd(t, w0, a5);
    b5 = f32x4.relaxed_madd(t, w1, b5);

    w0 = v128.load(panel, 64);
    w1 = v128.load(panel, 80);
    t = v128.load32_splat(x0, 8);
    a0 = f32x4.relaxed_madd(t, w0, a0);
    b0 = f32x4.relaxed_madd(t, w1, b0);
    t = v128.load32_splat(x1, 8);
    a1 = f32x4.relaxed_madd(t, w0, a1);
    b1 = f32x4.relaxed_madd(t, w1, b1);
    t = v128.load32_splat(x2, 8);
    a2 = f32x4.relaxed_madd(t, w0, a2);
    b2 = f32x4.relaxed_madd(t, w1, b2);
    t = v128.load32_splat(x3, 8);
    a3 = f32x4.relaxed_madd(t, w0, a3);
    b3 = f32x4.relaxed_madd(t, w1, b3);
    t = v128.load32_splat(x4, 8);
    a4 = f32x4.relaxed_madd(t, w0, a4);
    b4 = f32x4.relaxed_madd(t, w1, b4);
    t = v128.load32_splat(x5, 8);
    a5 = f32x4.relaxed_madd(t, w0, a5);
    b5 = f32x4.relaxed_madd(t, w1, b5);

    w0 = v128.load(panel, 96);
    w1 = v128.load(panel, 112);
    t = v128.load32_splat(x0, 12);
    a0 = f32x4.relaxed_madd(t, w0, a0);
    b0 = f32x4.relaxed_madd(t, w1, b0);
    t = v128.load32_splat(x1, 12);
    a1 = f32x4.relaxed_madd(t, w0, a1);
    b1 = f32x4.relaxed_madd(t, w1, b1);
    t = v128.load32_splat(x2, 12);
    a2 = f32x4.relaxed_madd(t, w0, a2);
    b2 = f32x4.relaxed_madd(t, w1, b2);
    t = v128.load32_splat(x3, 12);
    a3 = f32x4.relaxed_madd(t, w0, a3);
    b3 = f32x4.relaxed_madd(t, w1, b3);
    t = v128.load32_splat(x4, 12);
    a4 = f32x4.relaxed_madd(t, w0, a4);
    b4 = f32x4.relaxed_madd(t, w1, b4);
    t = v128.load32_splat(x5, 12);
    a5 = f32x4.relaxed_madd(t, w0, a5);
    b5 = f32x4.relaxed_madd(t, w1, b5);

    panel += 4 * PANEL_BYTES;
    x0 += 16;
    x1 += 16;
    x2 += 16;
    x3 += 16;
    x4 += 16;
    x5 += 16;
  }

  v128.store(out, a0);
  v128.store(out, b0, 16);
  out += outStride;
  v128.store(out, a1);
  v128.store(out, b1, 16);
  out += outStride;
  v128.store(out, a2);
  v128.store(out, b2, 16);
  out += outStride;
  v128.store(out, a3);
  v128.store(out, b3, 16);
  out += outStride;
  v128.store(out, a4);
  v128.store(out, b4, 16);
  out += outStride;
  v128.store(out, a5);
  v128.store(out, b5, 16);
}
