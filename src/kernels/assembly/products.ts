import { floatBytes, PANEL_BYTES, panelCount, roundUp4 } from "./layout";
import { tile } from "./tile";

/** Bytes of `a` that stay in the second-level cache while all panels pass by. */
const BLOCK_BYTES: i32 = 128 * 1024;

/** Samples of a block: whole tiles, at least one. */
// @ts-ignore: decorator
@inline
function blockSamples(ld: i32): i32 {
  return max(BLOCK_BYTES / (ld * 4 * 6), 1) * 6;
}

/**
 * All panels times all samples. A panel stays in the first-level cache while the samples of a block pass by.
 * `biasBytes` is the length of what stands before the terms in each panel: the start of the sums, or nothing.
 */
function panelsTimesSamples(
  packed: usize,
  panels: i32,
  terms: i32,
  biasBytes: usize,
  x: usize,
  ldx: i32,
  out: usize,
  ldo: i32,
  from: i32,
  to: i32,
): void {
  const groups = terms >> 2;
  const xStride = floatBytes(ldx);
  const outStride = floatBytes(ldo);
  const panelStride = biasBytes + (<usize> terms) * PANEL_BYTES;
  const block = blockSamples(ldx);
  for (let first = from; first < to; first += block) {
    const end = min(first + block, to);
    for (let p = 0; p < panels; p++) {
      const panel = packed + (<usize> p) * panelStride;
      const start = biasBytes != 0 ? panel : 0;
      const rows = out + (<usize> p) * PANEL_BYTES;
      for (let s = first; s < end; s += 6) {
        tile(
          panel + biasBytes,
          groups,
          x + (<usize> s) * xStride,
          xStride,
          rows + (<usize> s) * outStride,
          outStride,
          start,
          0,
        );
      }
    }
  }
}

/** See Kernels.forwardProduct. */
export function forwardProduct(
  packed: usize,
  outputs: i32,
  inputs: i32,
  a: usize,
  lda: i32,
  z: usize,
  ldz: i32,
  from: i32,
  to: i32,
): void {
  panelsTimesSamples(
    packed,
    panelCount(outputs),
    roundUp4(inputs),
    PANEL_BYTES,
    a,
    lda,
    z,
    ldz,
    from,
    to,
  );
}

/** See Kernels.deltaProduct. */
export function deltaProduct(
  packed: usize,
  outputs: i32,
  inputs: i32,
  delta: usize,
  ldd: i32,
  result: usize,
  ldr: i32,
  from: i32,
  to: i32,
): void {
  panelsTimesSamples(
    packed,
    panelCount(inputs),
    roundUp4(outputs),
    0,
    delta,
    ldd,
    result,
    ldr,
    from,
    to,
  );
}
