import { floatBytes, PANEL_BYTES, panelCount } from "./layout";

/** Samples whose entries are sorted by input at a time. */
export const SPARSE_SAMPLES: i32 = 512;

/** Inputs that get lists of their own at a time; their lists stay in the second-level cache. */
export const SPARSE_INPUTS: i32 = 48;

/** An entry: an int32 and a float32. */
const ENTRY_BYTES: usize = 8;

/** Bytes of the list of one input: a cache line more than its entries, so that lists don't collide in the cache. */
const LIST_BYTES: usize = 512 * 8 + 64;

/**
 * Adds columns: `out[row] = start[row] + Σ_e value_e · base[row, index_e]`, entries in their order, for 40 rows (10
 * vectors). `start` 0 stands for zeros. The functions below do the same for fewer rows.
 */
function add10(
  entries: usize,
  end: usize,
  base: usize,
  stride: usize,
  start: usize,
  out: usize,
): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
  let a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0;
  if (start != 0) {
    a0 = v128.load(start);
    a1 = v128.load(start, 16);
    a2 = v128.load(start, 32);
    a3 = v128.load(start, 48);
    a4 = v128.load(start, 64);
    a5 = v128.load(start, 80);
    a6 = v128.load(start, 96);
    a7 = v128.load(start, 112);
    a8 = v128.load(start, 128);
    a9 = v128.load(start, 144);
  }
  for (; entries < end; entries += ENTRY_BYTES) {
    const column = base + <usize> i32.load(entries) * stride;
    const value = v128.load32_splat(entries, 4);
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
  end: usize,
  base: usize,
  stride: usize,
  start: usize,
  out: usize,
): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
  let a5 = a0, a6 = a0, a7 = a0;
  if (start != 0) {
    a0 = v128.load(start);
    a1 = v128.load(start, 16);
    a2 = v128.load(start, 32);
    a3 = v128.load(start, 48);
    a4 = v128.load(start, 64);
    a5 = v128.load(start, 80);
    a6 = v128.load(start, 96);
    a7 = v128.load(start, 112);
  }
  for (; entries < end; entries += ENTRY_BYTES) {
    const column = base + <usize> i32.load(entries) * stride;
    const value = v128.load32_splat(entries, 4);
    a0 = f32x4.relaxed_madd(value, v128.load(column), a0);
    a1 = f32x4.relaxed_madd(value, v128.load(column, 16), a1);
    a2 = f32x4.relaxed_madd(value, v128.load(column, 32), a2);
    a3 = f32x4.relaxed_madd(value, v128.load(column, 48), a3);
    a4 = f32x4.relaxed_madd(value, v128.load(column, 64), a4);
    a5 = f32x4.relaxed_madd(value, v128.load(column, 80), a5);
    a6 = f32x4.relaxed_madd(value, v128.load(column, 96), a6);
    a7 = f32x4.relaxed_madd(value, v128.load(column, 112), a7);
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
  end: usize,
  base: usize,
  stride: usize,
  start: usize,
  out: usize,
): void {
  let a0 = f32x4.splat(0), a1 = a0;
  if (start != 0) {
    a0 = v128.load(start);
    a1 = v128.load(start, 16);
  }
  for (; entries < end; entries += ENTRY_BYTES) {
    const column = base + <usize> i32.load(entries) * stride;
    const value = v128.load32_splat(entries, 4);
    a0 = f32x4.relaxed_madd(value, v128.load(column), a0);
    a1 = f32x4.relaxed_madd(value, v128.load(column, 16), a1);
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
}

/** The same for all rows of `panels` panels: as many as fit into registers at a time. */
function addColumns(
  panels: i32,
  entries: usize,
  end: usize,
  base: usize,
  stride: usize,
  start: usize,
  out: usize,
): void {
  const step = start != 0 ? 1 : 0;
  while (panels > 0) {
    let done = 1;
    if (panels >= 5 && (panels & 3) == 1) {
      add10(entries, end, base, stride, start, out);
      done = 5;
    } else if (panels >= 4) {
      add8(entries, end, base, stride, start, out);
      done = 4;
    } else {
      add2(entries, end, base, stride, start, out);
    }
    const bytes = (<usize> done) * PANEL_BYTES;
    panels -= done;
    base += bytes;
    out += bytes;
    start += step * bytes;
  }
}

/** See Kernels.forwardSparse. */
export function forwardSparse(
  w: usize,
  ldw: i32,
  outputs: i32,
  blocks: i32,
  starts: usize,
  entries: usize,
  indices: usize,
  z: usize,
  ldz: i32,
  from: i32,
  to: i32,
): void {
  const stride = floatBytes(ldw);
  const panels = panelCount(outputs);
  for (let s = from; s < to; s++) {
    const first = starts +
      floatBytes(i32.load(indices + floatBytes(s)) * blocks);
    const next = first + floatBytes(blocks);
    addColumns(
      panels,
      entries + (<usize> i32.load(first)) * ENTRY_BYTES,
      entries + (<usize> i32.load(next)) * ENTRY_BYTES,
      w + stride,
      stride,
      w,
      z + (<usize> s) * floatBytes(ldz),
    );
  }
}

/** Where the entries of a sample end. */
// @ts-ignore: decorator
@inline
function entriesEnd(
  starts: usize,
  entries: usize,
  sample: i32,
  blocks: i32,
): usize {
  const next = starts + floatBytes((sample + 1) * blocks);
  return entries + (<usize> i32.load(next)) * ENTRY_BYTES;
}

/** See Kernels.gradientSparse. Scratch holds a cursor for each sample, then lists for the inputs. */
export function gradientSparse(
  delta: usize,
  ldd: i32,
  outputs: i32,
  blocks: i32,
  starts: usize,
  entries: usize,
  indices: usize,
  grad: usize,
  ldg: i32,
  from: i32,
  to: i32,
  batch: i32,
  scratch: usize,
): void {
  const stride = floatBytes(ldd);
  const gradStride = floatBytes(ldg);
  const panels = panelCount(outputs);
  const firstBlock = from / SPARSE_INPUTS;
  const ends = scratch + floatBytes(SPARSE_SAMPLES);
  const lists = ends + floatBytes(SPARSE_INPUTS);
  for (let first = 0; first < batch; first += SPARSE_SAMPLES) {
    const samples = min(batch - first, SPARSE_SAMPLES);
    const base = delta + (<usize> first) * stride;
    for (let s = 0; s < samples; s++) {
      const sample = i32.load(indices + floatBytes(first + s));
      const start = starts + floatBytes(sample * blocks + firstBlock);
      const end = entriesEnd(starts, entries, sample, blocks);
      let cursor = entries + (<usize> i32.load(start)) * ENTRY_BYTES;
      // A piece may start within a block.
      while (cursor < end && i32.load(cursor) < from) cursor += ENTRY_BYTES;
      i32.store(scratch + floatBytes(s), <i32> cursor);
    }
    for (let input = from; input < to; input += SPARSE_INPUTS) {
      const inputs = min(to - input, SPARSE_INPUTS);
      for (let i = 0; i < inputs; i++) {
        i32.store(
          ends + floatBytes(i),
          <i32> (lists + (<usize> i) * LIST_BYTES),
        );
      }
      const behind = input + inputs;
      for (let s = 0; s < samples; s++) {
        const sample = i32.load(indices + floatBytes(first + s));
        const end = entriesEnd(starts, entries, sample, blocks);
        let cursor = <usize> <u32> i32.load(scratch + floatBytes(s));
        while (cursor < end) {
          const at = i32.load(cursor);
          if (at >= behind) break;
          const place = ends + floatBytes(at - input);
          const target = <usize> <u32> i32.load(place);
          i32.store(target, s);
          i32.store(target, i32.load(cursor, 4), 4);
          i32.store(place, <i32> (target + ENTRY_BYTES));
          cursor += ENTRY_BYTES;
        }
        i32.store(scratch + floatBytes(s), <i32> cursor);
      }
      for (let i = 0; i < inputs; i++) {
        const column = grad + (<usize> (input + i + 1)) * gradStride;
        addColumns(
          panels,
          lists + (<usize> i) * LIST_BYTES,
          <usize> <u32> i32.load(ends + floatBytes(i)),
          base,
          stride,
          // The sums go on where the samples before ended.
          first == 0 ? 0 : column,
          column,
        );
      }
    }
  }
}
