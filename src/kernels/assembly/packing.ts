import { floatBytes, PANEL_BYTES, roundUp4 } from "./layout";

/** See Kernels.gather. */
export function gather(
  source: usize,
  indices: usize,
  target: usize,
  ld: i32,
  from: i32,
  to: i32,
): void {
  const bytes = floatBytes(ld);
  for (let s = from; s < to; s++) {
    const index = i32.load(indices + floatBytes(s));
    memory.copy(
      target + (<usize> s) * bytes,
      source + (<usize> index) * bytes,
      bytes,
    );
  }
}

/** See Kernels.packWeights. */
export function packWeights(
  w: usize,
  ldw: i32,
  outputs: i32,
  inputs: i32,
  packed: usize,
  from: i32,
  to: i32,
): void {
  const stride = floatBytes(ldw);
  const panelBytes = (<usize> (1 + roundUp4(inputs))) * PANEL_BYTES;
  for (let row = 0; row < outputs; row += 8) {
    let read = w + (<usize> from) * stride + floatBytes(row);
    let write = packed + (<usize> (row >> 3)) * panelBytes +
      (<usize> from) * PANEL_BYTES;
    const rows = outputs - row;
    for (let column = from; column < to; column++) {
      if (rows >= 8) {
        v128.store(write, v128.load(read));
        v128.store(write, v128.load(read, 16), 16);
      } else {
        for (let r = 0; r < 8; r++) {
          f32.store(
            write + floatBytes(r),
            r < rows ? f32.load(read + floatBytes(r)) : 0,
          );
        }
      }
      read += stride;
      write += PANEL_BYTES;
    }
  }
}

/** See Kernels.packTransposed. */
export function packTransposed(
  w: usize,
  ldw: i32,
  outputs: i32,
  _inputs: i32,
  packed: usize,
  from: i32,
  to: i32,
): void {
  const panelBytes = (<usize> roundUp4(outputs)) * PANEL_BYTES;
  const whole = outputs & ~3;
  for (let input = from; input < to; input++) {
    let read = w + (<usize> (input + 1)) * floatBytes(ldw);
    let write = packed + (<usize> (input >> 3)) * panelBytes +
      floatBytes(input & 7);
    for (let o = 0; o < whole; o += 4) {
      const weights = v128.load(read);
      v128.store_lane<f32>(write, weights, 0);
      v128.store_lane<f32>(write, weights, 1, 32);
      v128.store_lane<f32>(write, weights, 2, 64);
      v128.store_lane<f32>(write, weights, 3, 96);
      read += 16;
      write += 4 * PANEL_BYTES;
    }
    for (let o = whole; o < outputs; o++) {
      f32.store(write, f32.load(read));
      read += 4;
      write += PANEL_BYTES;
    }
  }
}

/** See Kernels.clearPadding. */
export function clearPadding(
  a: usize,
  ld: i32,
  rows: i32,
  from: i32,
  to: i32,
): void {
  for (let column = from; column < to; column++) {
    const start = a + (<usize> column) * floatBytes(ld);
    for (let row = rows; row < ld; row++) {
      f32.store(start + floatBytes(row), 0);
    }
  }
}

/** See Kernels.fillColumns. */
export function fillColumns(
  column: usize,
  target: usize,
  ld: i32,
  from: i32,
  to: i32,
): void {
  const bytes = floatBytes(ld);
  for (let s = from; s < to; s++) {
    memory.copy(target + (<usize> s) * bytes, column, bytes);
  }
}
