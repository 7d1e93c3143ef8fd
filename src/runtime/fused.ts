/**
 * What runs where there is relaxed SIMD:
 * `(module (func (param v128) (result v128) local.get 0 local.get 0 local.get 0 f32x4.relaxed_madd))`
 */
// deno-fmt-ignore
export const FUSED_MODULE = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 6, 1, 0x60, 1, 0x7b, 1, 0x7b,
  3, 2, 1, 0,
  10, 13, 1, 11, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x85, 2, 0x0b,
);

/**
 * Whether WebAssembly has relaxed SIMD, and with it fused multiply-adds. Node 20 and Safari haven't: there, other
 * kernels round products as well, so that last digits are others, and layers take longer.
 */
export const HAS_RELAXED_SIMD: boolean = WebAssembly.validate(FUSED_MODULE);
