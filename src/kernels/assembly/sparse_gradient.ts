import { floatBytes, PANEL_BYTES, panelCount } from "./layout";
import {
  entriesAt,
  ENTRY_BYTES,
  panelsAtOnce,
  SPARSE_INPUTS,
  STRIP_BLOCKS,
  stripAt,
} from "./sparse";

/** Inputs of a strip. */
const STRIP_INPUTS: i32 = STRIP_BLOCKS * SPARSE_INPUTS;

/**
 * Adds one column to many: `base[row, e] += value_e · column[row]` for each entry, 40 rows. The functions below do the
 * same for fewer rows.
 */
function scatter10(
  entries: usize,
  end: usize,
  base: usize,
  column: usize,
): void {
  const a0 = v128.load(column);
  const a1 = v128.load(column, 16);
  const a2 = v128.load(column, 32);
  const a3 = v128.load(column, 48);
  const a4 = v128.load(column, 64);
  const a5 = v128.load(column, 80);
  const a6 = v128.load(column, 96);
  const a7 = v128.load(column, 112);
  const a8 = v128.load(column, 128);
  const a9 = v128.load(column, 144);
  for (; entries < end; entries += ENTRY_BYTES) {
    const out = base + <usize> i32.load(entries);
    const value = v128.load32_splat(entries, 4);
    v128.store(
      out,
      f32x4.relaxed_madd(value, a0, v128.load(out)),
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a1, v128.load(out, 16)),
      16,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a2, v128.load(out, 32)),
      32,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a3, v128.load(out, 48)),
      48,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a4, v128.load(out, 64)),
      64,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a5, v128.load(out, 80)),
      80,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a6, v128.load(out, 96)),
      96,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a7, v128.load(out, 112)),
      112,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a8, v128.load(out, 128)),
      128,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a9, v128.load(out, 144)),
      144,
    );
  }
}

/** The same for 32 rows. */
function scatter8(
  entries: usize,
  end: usize,
  base: usize,
  column: usize,
): void {
  const a0 = v128.load(column);
  const a1 = v128.load(column, 16);
  const a2 = v128.load(column, 32);
  const a3 = v128.load(column, 48);
  const a4 = v128.load(column, 64);
  const a5 = v128.load(column, 80);
  const a6 = v128.load(column, 96);
  const a7 = v128.load(column, 112);
  for (; entries < end; entries += ENTRY_BYTES) {
    const out = base + <usize> i32.load(entries);
    const value = v128.load32_splat(entries, 4);
    v128.store(
      out,
      f32x4.relaxed_madd(value, a0, v128.load(out)),
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a1, v128.load(out, 16)),
      16,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a2, v128.load(out, 32)),
      32,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a3, v128.load(out, 48)),
      48,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a4, v128.load(out, 64)),
      64,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a5, v128.load(out, 80)),
      80,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a6, v128.load(out, 96)),
      96,
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a7, v128.load(out, 112)),
      112,
    );
  }
}

/** The same for 8 rows. */
function scatter2(
  entries: usize,
  end: usize,
  base: usize,
  column: usize,
): void {
  const a0 = v128.load(column);
  const a1 = v128.load(column, 16);
  for (; entries < end; entries += ENTRY_BYTES) {
    const out = base + <usize> i32.load(entries);
    const value = v128.load32_splat(entries, 4);
    v128.store(
      out,
      f32x4.relaxed_madd(value, a0, v128.load(out)),
    );
    v128.store(
      out,
      f32x4.relaxed_madd(value, a1, v128.load(out, 16)),
      16,
    );
  }
}

/** See Kernels.gradientSparse. */
export function gradientSparse(
  delta: usize,
  ldd: i32,
  outputs: i32,
  strips: i32,
  shift: i32,
  starts: usize,
  entries: usize,
  indices: usize,
  grad: usize,
  ldg: i32,
  from: i32,
  to: i32,
  batch: i32,
): void {
  const panels = panelCount(outputs);
  const columns = grad + floatBytes(ldg);
  memory.fill(
    columns + (<usize> from) * floatBytes(ldg),
    0,
    (<usize> (to - from)) * floatBytes(ldg),
  );
  const endStrip = (to + STRIP_INPUTS - 1) / STRIP_INPUTS;
  for (let strip = from / STRIP_INPUTS; strip < endStrip; strip++) {
    const input = strip * STRIP_INPUTS;
    const first = max(from - input, 0) / SPARSE_INPUTS;
    const behind = min(to - input, STRIP_INPUTS);
    const last = (behind + SPARSE_INPUTS - 1) / SPARSE_INPUTS;
    for (let s = 0; s < batch; s++) {
      const sample = i32.load(indices + floatBytes(s));
      const place = stripAt(starts, strips, shift, sample, strip);
      const e = entriesAt(entries, place + floatBytes(first));
      const end = entriesAt(entries, place + floatBytes(last));
      if (e == end) continue;
      let base = columns;
      let column = delta + (<usize> s) * floatBytes(ldd);
      for (let left = panels; left > 0;) {
        const count = panelsAtOnce(left);
        if (count == 5) scatter10(e, end, base, column);
        else if (count == 4) scatter8(e, end, base, column);
        else scatter2(e, end, base, column);
        const bytes = (<usize> count) * PANEL_BYTES;
        left -= count;
        base += bytes;
        column += bytes;
      }
    }
  }
}
