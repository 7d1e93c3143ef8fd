import type { Kernels } from "../kernels.ts";
import { referenceActivations } from "./activations.ts";
import { referenceDropout } from "./dropout.ts";
import { referenceDeltas, referenceLosses } from "./losses.ts";
import { referenceOptimizers } from "./optimizers.ts";
import { referencePacking } from "./packing.ts";
import { referenceProducts } from "./products.ts";
import { referenceScaling } from "./scaling.ts";
import { referenceSoftmax } from "./softmax.ts";
import { referenceSparse } from "./sparse.ts";
import { referenceUpdate } from "./update.ts";
import { Views } from "./views.ts";

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
    ...referenceDeltas(views),
    ...referenceDropout(views),
    ...referenceScaling(views),
    ...referenceUpdate(views),
    ...referenceOptimizers(views),
  };
}
