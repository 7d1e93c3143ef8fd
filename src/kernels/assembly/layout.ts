// The shapes that kernels.ts declares as well; a test compares both.

/** Rows of an output panel: two vectors of four floats. */
export const PANEL: i32 = 8;

/** Samples of a tile of the forward and delta products. */
export const TILE_SAMPLES: i32 = 6;

/** Inputs of a tile of the gradient product. */
export const TILE_INPUTS: i32 = 6;

/** Samples that the gradient product packs at a time. */
export const SAMPLE_BLOCK: i32 = 256;

/** Input tiles that the gradient product packs at a time. */
export const STRIP_TILES: i32 = 8;

/** Bytes of a column of a panel. */
// @ts-ignore: decorator
@inline
export const PANEL_BYTES: usize = 32;

/** Rounds up to whole vectors of four. */
// @ts-ignore: decorator
@inline
export function roundUp4(count: i32): i32 {
  return (count + 3) & ~3;
}

/** How many panels hold `rows`. */
// @ts-ignore: decorator
@inline
export function panelCount(rows: i32): i32 {
  return (rows + 7) >> 3;
}

/** Bytes of `count` floats. */
// @ts-ignore: decorator
@inline
export function floatBytes(count: i32): usize {
  return (<usize> count) << 2;
}
