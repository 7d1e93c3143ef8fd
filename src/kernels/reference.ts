import type { Kernels } from "./kernels.ts";
import { referenceActivations } from "./reference/activations.ts";
import { referenceDropout } from "./reference/dropout.ts";
import { referenceLosses } from "./reference/losses.ts";
import { referenceOptimizers } from "./reference/optimizers.ts";
import { referencePacking } from "./reference/packing.ts";
import { referenceProducts } from "./reference/products.ts";
import { referenceScaling } from "./reference/scaling.ts";
import { referenceSoftmax } from "./reference/softmax.ts";
import { referenceSparse } from "./reference/sparse.ts";
import { referenceUpdate } from "./reference/update.ts";
import { Views } from "./reference/views.ts";

/**
 * The kernels in plain TypeScript, on the same layouts as the WebAssembly ones: the oracle in tests, and a slow kernel
 * set to fall back on. Simple loops, sums in float64.
 */
export function referenceKernels(memory: WebAssembly.Memory): Kernels {
  const views = new Views(memory);
  return {
    ...referencePacking(views),
    ...referenceProducts(views),
    ...referenceSparse(views),
    ...referenceActivations(views),
    ...referenceSoftmax(views),
    ...referenceLosses(views),
    ...referenceDropout(views),
    ...referenceScaling(views),
    ...referenceUpdate(views),
    ...referenceOptimizers(views),
  };
}
