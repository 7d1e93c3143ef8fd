import {
  floatBytes,
  PANEL_BYTES,
  panelCount,
  roundUp4,
  SAMPLE_BLOCK,
  STRIP_TILES,
  TILE_INPUTS,
} from "./layout";
import { tile } from "./tile";

/** Bytes from one input of a strip to the next: a cache line more than the samples, so that rows don't collide. */
const ROW_BYTES: usize = (<usize> SAMPLE_BLOCK + 16) * 4;

/** Bytes of the strips of 6 inputs. */
const STRIP_BYTES: usize = 6 * ROW_BYTES;

/** Copies `samples` columns of delta to panels `[panel][sample][8]`, with zeros up to whole groups of 4 samples. */
function packDelta(
  delta: usize,
  ldd: i32,
  panels: i32,
  samples: i32,
  target: usize,
): void {
  const stride = floatBytes(ldd);
  const panelBytes = (<usize> SAMPLE_BLOCK) * PANEL_BYTES;
  const zero = f32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    let read = delta + (<usize> p) * PANEL_BYTES;
    let write = target + (<usize> p) * panelBytes;
    for (let s = 0; s < samples; s++) {
      v128.store(write, v128.load(read));
      v128.store(write, v128.load(read, 16), 16);
      read += stride;
      write += PANEL_BYTES;
    }
    for (let s = samples; s < roundUp4(samples); s++) {
      v128.store(write, zero);
      v128.store(write, zero, 16);
      write += PANEL_BYTES;
    }
  }
}

/** Transposes 4 inputs of 4 samples. */
// @ts-ignore: decorator
@inline
function transpose4(read: usize, stride: usize, write: usize): void {
  const s0 = v128.load(read);
  const s1 = v128.load(read + stride);
  const s2 = v128.load(read + 2 * stride);
  const s3 = v128.load(read + 3 * stride);
  const low01 = v128.shuffle<f32>(s0, s1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(s0, s1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(s2, s3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(s2, s3, 2, 6, 3, 7);
  v128.store(write, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(write + ROW_BYTES, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(
    write + 2 * ROW_BYTES,
    v128.shuffle<f32>(high01, high23, 0, 1, 4, 5),
  );
  v128.store(
    write + 3 * ROW_BYTES,
    v128.shuffle<f32>(high01, high23, 2, 3, 6, 7),
  );
}

/**
 * Transposes `inputs` rows of `samples` columns of `a` to rows of ROW_BYTES, one an input, with zeros up to whole
 * groups of 4 samples. Rows behind the last input up to whole tiles are left alone: nobody keeps their sums.
 */
function packStrips(
  a: usize,
  lda: i32,
  inputs: i32,
  samples: i32,
  target: usize,
): void {
  const stride = floatBytes(lda);
  const whole = samples & ~3;
  const rows = inputs & ~3;
  for (let s = 0; s < whole; s += 4) {
    let read = a + (<usize> s) * stride;
    let write = target + floatBytes(s);
    for (let i = 0; i < rows; i += 4) {
      transpose4(read, stride, write);
      read += 16;
      write += 4 * ROW_BYTES;
    }
    for (let i = rows; i < inputs; i++) {
      f32.store(write, f32.load(read));
      f32.store(write, f32.load(read + stride), 4);
      f32.store(write, f32.load(read + 2 * stride), 8);
      f32.store(write, f32.load(read + 3 * stride), 12);
      read += 4;
      write += ROW_BYTES;
    }
  }
  if (whole == samples) return;
  for (let i = 0; i < inputs; i++) {
    let read = a + (<usize> whole) * stride + floatBytes(i);
    const write = target + (<usize> i) * ROW_BYTES + floatBytes(whole);
    v128.store(write, f32x4.splat(0));
    for (let s = whole; s < samples; s++) {
      f32.store(write + floatBytes(s - whole), f32.load(read));
      read += stride;
    }
  }
}

/** Copies `count` columns of 8 rows. */
function copyColumns(
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
  count: i32,
): void {
  for (; count > 0; count--) {
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
    source += sourceStride;
    target += targetStride;
  }
}

/** See Kernels.gradientProduct. Scratch holds the panels of delta, the strips of inputs, and one tile. */
export function gradientProduct(
  delta: usize,
  ldd: i32,
  outputs: i32,
  a: usize,
  lda: i32,
  grad: usize,
  ldg: i32,
  from: i32,
  to: i32,
  batch: i32,
  scratch: usize,
): void {
  const panels = panelCount(outputs);
  const panelBytes = (<usize> SAMPLE_BLOCK) * PANEL_BYTES;
  const strips = scratch + (<usize> panels) * panelBytes;
  const spare = strips + (<usize> STRIP_TILES) * STRIP_BYTES;
  const gradStride = floatBytes(ldg);

  for (let first = 0; first < batch; first += SAMPLE_BLOCK) {
    const samples = min(batch - first, SAMPLE_BLOCK);
    const groups = roundUp4(samples) >> 2;
    packDelta(
      delta + (<usize> first) * floatBytes(ldd),
      ldd,
      panels,
      samples,
      scratch,
    );
    for (let input = from; input < to; input += TILE_INPUTS * STRIP_TILES) {
      const inputs = min(to - input, TILE_INPUTS * STRIP_TILES);
      packStrips(
        a + (<usize> first) * floatBytes(lda) + floatBytes(input),
        lda,
        inputs,
        samples,
        strips,
      );
      for (let p = 0; p < panels; p++) {
        const panel = scratch + (<usize> p) * panelBytes;
        let strip = strips;
        let columns = grad + (<usize> (input + 1)) * gradStride +
          (<usize> p) * PANEL_BYTES;
        for (let left = inputs; left > 0; left -= 6) {
          if (left >= 6) {
            tile(
              panel,
              groups,
              strip,
              ROW_BYTES,
              columns,
              gradStride,
              // The sums go on where the samples before ended.
              first == 0 ? 0 : columns,
              gradStride,
            );
          } else {
            // The last columns may belong to somebody else.
            copyColumns(columns, gradStride, spare, PANEL_BYTES, left);
            tile(
              panel,
              groups,
              strip,
              ROW_BYTES,
              spare,
              PANEL_BYTES,
              first == 0 ? 0 : spare,
              PANEL_BYTES,
            );
            copyColumns(spare, PANEL_BYTES, columns, gradStride, left);
          }
          strip += STRIP_BYTES;
          columns += 6 * gradStride;
        }
      }
    }
  }
}

/** See Kernels.biasGradient. */
export function biasGradient(
  delta: usize,
  ldd: i32,
  outputs: i32,
  batch: i32,
  grad: usize,
): void {
  const stride = floatBytes(ldd);
  const rows = panelCount(outputs) * 8;
  for (let row = 0; row < rows; row += 8) {
    let low = f32x4.splat(0);
    let high = f32x4.splat(0);
    let read = delta + floatBytes(row);
    for (let s = 0; s < batch; s++) {
      low = f32x4.add(low, v128.load(read));
      high = f32x4.add(high, v128.load(read, 16));
      read += stride;
    }
    v128.store(grad + floatBytes(row), low);
    v128.store(grad + floatBytes(row), high, 16);
  }
}
