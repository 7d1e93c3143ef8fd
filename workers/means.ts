import type { Kernels } from "../src/kernels/kernels.ts";
import type { Products } from "./products.ts";

/** What ops compute with. */
export interface Means {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly products: Products;
  /** Inputs outside of the memory. */
  readonly inputs: Float32Array<SharedArrayBuffer> | undefined;
  /** The worker's scratch for a product. */
  readonly scratch: number;
  /** The worker's vector for own ops. */
  readonly vector: number;
}
