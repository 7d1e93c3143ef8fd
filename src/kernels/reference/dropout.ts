import type { ElementwiseKernels } from "../elementwise.ts";
import type { Views } from "./views.ts";

/** Dropout, on 32-bit integers as the WebAssembly kernel. */
export function referenceDropout(
  views: Views,
): Pick<ElementwiseKernels, "dropout"> {
  return {
    dropout(
      source,
      target,
      ld,
      from,
      to,
      keyLow,
      keyHigh,
      threshold,
      factor,
    ) {
      const f = views.floats;
      const key1 = mix(mix(keyHigh ^ 0x9e37_79b9) + keyLow);
      const key2 = mix(keyHigh ^ key1);
      for (let c = from * ld; c < to * ld; c++) {
        const hash = mix(mix(c + key1) ^ key2);
        f[target / 4 + c] = hash >= threshold
          ? f[source / 4 + c] * Math.fround(factor)
          : 0;
      }
    },
  };
}

/** The finalizer of MurmurHash3. Takes any integer modulo 2³². */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
