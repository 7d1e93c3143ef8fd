/**
 * Who computes: each provider has a name, says whether it can be used here, and makes the kernels in a worker. To add one: an
 * entry in {@linkcode PROVIDERS}; option, help, errors, choice and workers take the rest from there.
 */
import { HAS_RELAXED_SIMD } from "../runtime/fused.ts";
import { findBlas } from "./blas.ts";
import type { KernelSetName, ProviderName, SkipZeros } from "./names.ts";
import type { KernelNeeds } from "../kernels/native/prepare.ts";
import type { NativeSetup } from "../kernels/native/open.ts";
import {
  kernelProducts,
  type OpKernels,
  type Products,
  type SamplePacker,
} from "../kernels/products.ts";

/** What a worker computes with. */
export interface KernelSet {
  readonly kernels: OpKernels;
  readonly products: Products;
}

/** Whether a provider can be used here: what it is to be called and what opens it in a worker, or why not. */
export type Availability<T> =
  | { readonly words: string; readonly setup: T }
  | { readonly words: undefined; readonly reason: string };

/** Where kernels come from. */
export interface Provider<T> {
  /** Looks whether it can be used by this process, for a network. Nobody is asked for a permission. */
  find(needs: KernelNeeds): Promise<Availability<T>>;
  /** Called in the main thread before most of a memory is used. */
  readonly takeMemory?: (memory: WebAssembly.Memory) => Promise<void>;
  /** Makes what packs samples in the main thread, where that is faster than TypeScript. */
  readonly openPacker?: (
    memory: WebAssembly.Memory,
    setup: T,
  ) => Promise<SamplePacker | undefined>;
  /** Makes the kernels in a worker, working on `memory`, which is shared and may grow. Imported there, and only then. */
  open(memory: WebAssembly.Memory, setup: T): Promise<KernelSet>;
  /**
   * Fraction of the inputs that have to be kept, up to which the products of layer 0 are faster if they skip the others,
   * by `deno task bench:density`.
   */
  readonly sparseDensity: number;
  /**
   * Samples of which its sparse gradient adds up the deltas at a time, where the inputs of a batch lie input by input: as many
   * as it keeps in the first-level cache, or all.
   */
  readonly stripSamples: number;
  /** Multiplications and additions of a worker in a second, in layers of some ten nodes. */
  readonly rate: number;
  /** Whether its dense products are a BLAS's: they read W itself, in calls of fixed sizes. */
  readonly blas: boolean;
}

/** A provider whatever its setup, which goes from `find()` to `open()` as a message. */
// deno-lint-ignore no-explicit-any -- each has a setup of its own
export type AnyProvider = Provider<any>;

const wasm: Provider<null> = {
  find: () =>
    Promise.resolve({
      words: HAS_RELAXED_SIMD
        ? "WebAssembly"
        : "WebAssembly without fused multiply-adds, so that last digits are others",
      setup: null,
    }),
  async open(memory) {
    const { instantiateKernels } = await import("../kernels/wasm.ts");
    const kernels = instantiateKernels(memory);
    return { kernels, products: kernelProducts(kernels) };
  },
  // With 512 nodes in layer 1; with 70 it is 0.38.
  sparseDensity: 0.25,
  // Strips of 96 take 1.2 times as long.
  stripSamples: Infinity,
  rate: 30e9,
  blas: false,
};

/** Machine code for the processor's own vectors. The setup is what vectors those are, and where the code is. */
const native: Provider<NativeSetup> = {
  async find(needs) {
    const { findLevel } = await import("../kernels/native/cpu.ts");
    const found = await findLevel();
    if (found.words === undefined) return found;
    const { installFor } = await import("../kernels/native/prepare.ts");
    const installed = installFor(found.level, needs);
    return { words: found.words, setup: { level: found.level, installed } };
  },
  async takeMemory(memory) {
    const { useLargePages } = await import("../kernels/native/memory.ts");
    useLargePages(memory);
  },
  async openPacker(memory, setup) {
    const { openPacker } = await import("../kernels/native/packing.ts");
    return openPacker(memory, setup);
  },
  async open(memory, setup) {
    const { openKernels } = await import("../kernels/native/open.ts");
    const { instantiateKernels } = await import("../kernels/wasm.ts");
    const { kernels, products } = openKernels(memory, setup);
    // WebAssembly's kernels have the same bits: they run where there is no machine code.
    return { kernels: { ...instantiateKernels(memory), ...kernels }, products };
  },
  // The same, so that the same inputs are skipped, and bits stay.
  sparseDensity: wasm.sparseDensity,
  stripSamples: 100,
  rate: 70e9,
  blas: false,
};

/** The machine's BLAS for the dense products, WebAssembly for all else. The setup is the library's path. */
const blas: Provider<string> = {
  find: findBlas,
  async open(memory, path) {
    const { instantiateKernels } = await import("../kernels/wasm.ts");
    const kernels = instantiateKernels(memory);
    const { blasProducts } = await import("./blas_products.ts");
    return { kernels, products: blasProducts(path, memory, kernels) };
  },
  sparseDensity: 0.12,
  stripSamples: wasm.stripSamples,
  rate: 50e9,
  blas: true,
};

/** Slow, and there to compare with. */
const reference: Provider<null> = {
  find: () => Promise.resolve({ words: "plain TypeScript", setup: null }),
  async open(memory) {
    const { referenceKernels } = await import(
      "../kernels/reference/kernels.ts"
    );
    const kernels = referenceKernels(memory);
    return { kernels, products: kernelProducts(kernels) };
  },
  sparseDensity: wasm.sparseDensity,
  stripSamples: wasm.stripSamples,
  rate: 1e9,
  blas: false,
};

/** All of them by name, the fastest first: `"auto"` takes the first that can be used. */
export const PROVIDERS: Readonly<Record<ProviderName, AnyProvider>> = {
  native,
  blas,
  wasm,
  reference,
};

/** What the option `kernels` may be. */
export const KERNEL_SETS: readonly KernelSetName[] = [
  "auto",
  ...Object.keys(PROVIDERS) as ProviderName[],
];

/** What the option `skipZeros` may be. */
export const SKIP_ZEROS: readonly SkipZeros[] = ["auto", "always", "never"];
