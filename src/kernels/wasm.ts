import type { Kernels } from "./kernels.ts";
// @ts-types="./module.d.ts"
import module from "./module.js";

/** The WebAssembly kernels, working on `memory`, which is shared and may grow to 4 GiB. */
export function instantiateKernels(memory: WebAssembly.Memory): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as Kernels;
}
