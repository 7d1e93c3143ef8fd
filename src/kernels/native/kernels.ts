/** Machine code behind the kernels' interface. What has none is WebAssembly's, and the bits of both are the same. */
import type { Kernels } from "../kernels.ts";
import type { Products } from "../products.ts";
import type { Level } from "./cpu.ts";
import { elementwiseKernels } from "./elementwise_kernels.ts";
import type { Library } from "./library.ts";
import { nativeProducts, productKernels } from "./native_products.ts";
import { sparseKernels } from "./sparse_kernels.ts";

/** A kernel set in machine code, for a machine that has the level; `others` are the kernels for what it has none. */
export function nativeKernels(
  library: Library,
  level: Level,
  others: Kernels,
): { readonly kernels: Kernels; readonly products: Products } {
  const kernels = {
    ...others,
    ...elementwiseKernels(library, level, others),
    ...sparseKernels(library, level),
    ...productKernels(library, level),
  };
  return { kernels, products: nativeProducts(library, level) };
}
