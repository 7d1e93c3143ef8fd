import { floatBytes, PANEL_BYTES, panelCount } from "./layout";
import {
  entriesAt,
  ENTRY_BYTES,
  panelsAtOnce,
  STRIP_BYTES,
  stripAt,
} from "./sparse";

/**
 * Adds columns: `out[row] = start[row] + Σ_e value_e · base[row, e]`, entries in their order, for 40 rows (10 vectors).
 * Entries are in `runs`: those of one go from the start at `place` to the one `bytes` further on, the next one's `step`.
 * The functions below do the same for fewer rows: V8 keeps sums in registers only where each is a variable of its own.
 */
function add10(
  entries: usize,
  place: usize,
  runs: i32,
  bytes: usize,
  step: usize,
  base: usize,
  start: usize,
  out: usize,
): void {
  let a0 = v128.load(start);
  let a1 = v128.load(start, 16);
  let a2 = v128.load(start, 32);
  let a3 = v128.load(start, 48);
  let a4 = v128.load(start, 64);
  let a5 = v128.load(start, 80);
  let a6 = v128.load(start, 96);
  let a7 = v128.load(start, 112);
  let a8 = v128.load(start, 128);
  let a9 = v128.load(start, 144);
  for (; runs > 0; runs--) {
    let e = entriesAt(entries, place);
    const end = entriesAt(entries, place + bytes);
    for (; e < end; e += ENTRY_BYTES) {
      const column = base + <usize> i32.load(e);
      const value = v128.load32_splat(e, 4);
      a0 = f32x4.relaxed_madd(value, v128.load(column), a0);
      a1 = f32x4.relaxed_madd(value, v128.load(column, 16), a1);
      a2 = f32x4.relaxed_madd(value, v128.load(column, 32), a2);
      a3 = f32x4.relaxed_madd(value, v128.load(column, 48), a3);
      a4 = f32x4.relaxed_madd(value, v128.load(column, 64), a4);
      a5 = f32x4.relaxed_madd(value, v128.load(column, 80), a5);
      a6 = f32x4.relaxed_madd(value, v128.load(column, 96), a6);
      a7 = f32x4.relaxed_madd(value, v128.load(column, 112), a7);
      a8 = f32x4.relaxed_madd(value, v128.load(column, 128), a8);
      a9 = f32x4.relaxed_madd(value, v128.load(column, 144), a9);
    }
    place += step;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, a4, 64);
  v128.store(out, a5, 80);
  v128.store(out, a6, 96);
  v128.store(out, a7, 112);
  v128.store(out, a8, 128);
  v128.store(out, a9, 144);
}

/** The same for 32 rows. */
function add8(
  entries: usize,
  place: usize,
  runs: i32,
  bytes: usize,
  step: usize,
  base: usize,
  start: usize,
  out: usize,
): void {
  let a0 = v128.load(start);
  let a1 = v128.load(start, 16);
  let a2 = v128.load(start, 32);
  let a3 = v128.load(start, 48);
  let a4 = v128.load(start, 64);
  let a5 = v128.load(start, 80);
  let a6 = v128.load(start, 96);
  let a7 = v128.load(start, 112);
  for (; runs > 0; runs--) {
    let e = entriesAt(entries, place);
    const end = entriesAt(entries, place + bytes);
    for (; e < end; e += ENTRY_BYTES) {
      const column = base + <usize> i32.load(e);
      const value = v128.load32_splat(e, 4);
      a0 = f32x4.relaxed_madd(value, v128.load(column), a0);
      a1 = f32x4.relaxed_madd(value, v128.load(column, 16), a1);
      a2 = f32x4.relaxed_madd(value, v128.load(column, 32), a2);
      a3 = f32x4.relaxed_madd(value, v128.load(column, 48), a3);
      a4 = f32x4.relaxed_madd(value, v128.load(column, 64), a4);
      a5 = f32x4.relaxed_madd(value, v128.load(column, 80), a5);
      a6 = f32x4.relaxed_madd(value, v128.load(column, 96), a6);
      a7 = f32x4.relaxed_madd(value, v128.load(column, 112), a7);
    }
    place += step;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, a4, 64);
  v128.store(out, a5, 80);
  v128.store(out, a6, 96);
  v128.store(out, a7, 112);
}

/** The same for 8 rows. */
function add2(
  entries: usize,
  place: usize,
  runs: i32,
  bytes: usize,
  step: usize,
  base: usize,
  start: usize,
  out: usize,
): void {
  let a0 = v128.load(start);
  let a1 = v128.load(start, 16);
  for (; runs > 0; runs--) {
    let e = entriesAt(entries, place);
    const end = entriesAt(entries, place + bytes);
    for (; e < end; e += ENTRY_BYTES) {
      const column = base + <usize> i32.load(e);
      const value = v128.load32_splat(e, 4);
      a0 = f32x4.relaxed_madd(value, v128.load(column), a0);
      a1 = f32x4.relaxed_madd(value, v128.load(column, 16), a1);
    }
    place += step;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
}

/** See Kernels.forwardSparse. */
export function forwardSparse(
  w: usize,
  ldw: i32,
  outputs: i32,
  bias: usize,
  strips: i32,
  shift: i32,
  starts: usize,
  entries: usize,
  indices: usize,
  z: usize,
  ldz: i32,
  from: i32,
  to: i32,
): void {
  const panels = panelCount(outputs);
  // A group of one sample has all its strips side by side.
  const runs = shift == 0 ? 1 : strips;
  const bytes = shift == 0 ? (<usize> strips) * STRIP_BYTES : STRIP_BYTES;
  const step = STRIP_BYTES << (<usize> shift);
  for (let s = from; s < to; s++) {
    const sample = i32.load(indices + floatBytes(s));
    const place = stripAt(starts, strips, shift, sample, 0);
    let start = bias;
    let base = w + floatBytes(ldw);
    let out = z + (<usize> s) * floatBytes(ldz);
    for (let left = panels; left > 0;) {
      const count = panelsAtOnce(left);
      if (count == 5) {
        add10(entries, place, runs, bytes, step, base, start, out);
      } else if (count == 4) {
        add8(entries, place, runs, bytes, step, base, start, out);
      } else add2(entries, place, runs, bytes, step, base, start, out);
      const rows = (<usize> count) * PANEL_BYTES;
      left -= count;
      start += rows;
      base += rows;
      out += rows;
    }
  }
}
