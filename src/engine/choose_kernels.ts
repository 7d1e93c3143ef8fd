/** Which kernels a training uses: as told, or the fastest that the machine has for the data. */
import { StateError } from "../checks/errors.ts";
import { type BlasSearch, findBlas } from "../kernels/blas.ts";
import type { KernelSetName } from "../pool/messages.ts";
import type { SparsePattern } from "../samples/sparsity.ts";

/**
 * Part of the inputs that have to be kept, up to which the products of layer 0 skip the others. By
 * `deno task bench:density` both ways take the same time at 0.25 with 512 nodes in layer 1, at 0.38 with 70.
 */
export const SPARSE_DENSITY = 0.25;

/** The same where a BLAS computes the products otherwise. */
export const SPARSE_DENSITY_BLAS = 0.12;

/** Finds the BLAS, if the kernel set may use one. */
export async function searchBlas(kernels: KernelSetName): Promise<BlasSearch> {
  if (kernels !== "auto" && kernels !== "blas") {
    return { path: undefined, reason: `not with '${kernels}'` };
  }
  const found = await findBlas();
  if (kernels === "blas" && found.path === undefined) {
    throw new StateError(`Cannot compute with 'blas' as ${found.reason}`);
  }
  return found;
}

/** Most of the inputs, as a part of them, that may have to be kept for the others to be skipped. */
export function sparseLimit(kernels: KernelSetName, blas: BlasSearch): number {
  if (kernels === "wasm-sparse") return 1;
  if (kernels !== "auto") return -1;
  return blas.path === undefined ? SPARSE_DENSITY : SPARSE_DENSITY_BLAS;
}

/** Which kernels run and why, for people. */
export function describeKernels(
  kernels: KernelSetName,
  blas: BlasSearch,
  sparse: boolean,
  { entries, base }: SparsePattern,
  inputs: number,
): string {
  if (kernels === "typescript") return "TypeScript, as told";
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const products = blas.path !== undefined
    ? `products by ${blas.path}`
    : kernels === "auto"
    ? `WebAssembly, as ${blas.reason}`
    : "WebAssembly, as told";
  const usual = base === undefined ? "are not zero" : "are not as usual";
  const found = `${percent(entries / inputs)} of the inputs ${usual}`;
  const limit = kernels === "auto"
    ? `the limit is ${percent(sparseLimit(kernels, blas))}`
    : "as told";
  return `${products}; ${found}, ${limit}: ${
    sparse ? "the others skipped" : "all computed"
  }`;
}
