/** The machine's own BLAS, for the products: whatever has the C interface, `cblas_sgemm`. */
import { IN_DENO } from "../runtime/builtins.ts";

const SYMBOLS = {
  /** order, transA, transB, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc */
  cblas_sgemm: {
    parameters: [
      ...["i32", "i32", "i32", "i32", "i32", "i32"] as const,
      ...["f32", "buffer", "i32", "buffer", "i32"] as const,
      ...["f32", "buffer", "i32"] as const,
    ],
    result: "void",
  },
  // Every worker computes a slice, so threads of the library's own would be in the way.
  openblas_set_num_threads: {
    parameters: ["i32"],
    result: "void",
    optional: true,
  },
  MKL_Set_Num_Threads: { parameters: ["i32"], result: "void", optional: true },
  BLASSetThreading: { parameters: ["i32"], result: "i32", optional: true },
} as const;

/** Apple's name for "no threads of your own". */
const BLAS_THREADING_SINGLE_THREADED = 1;

/** Libraries by operating system, the first that can be opened is used. */
const CANDIDATES: Partial<Record<typeof Deno.build.os, readonly string[]>> = {
  linux: [
    "libopenblas.so.0",
    "/usr/lib/x86_64-linux-gnu/libopenblas.so.0",
    "/usr/lib/aarch64-linux-gnu/libopenblas.so.0",
    "libmkl_rt.so.2",
  ],
  darwin: ["/System/Library/Frameworks/Accelerate.framework/Accelerate"],
  windows: ["libopenblas.dll", "mkl_rt.2.dll"],
};

/** The library that was found, with its path as what opens it, or why there is none. */
export type BlasSearch =
  | { readonly words: string; readonly setup: string }
  | { readonly words: undefined; readonly reason: string };

/**
 * Opens a BLAS and tells it to use the calling thread alone. It stays open as long as the process lives.
 *
 * @throws {Error} If there is no such library, or it lacks the C interface.
 */
export function openBlas(path: string): Deno.DynamicLibrary<typeof SYMBOLS> {
  const library = Deno.dlopen(path, SYMBOLS);
  library.symbols.openblas_set_num_threads?.(1);
  library.symbols.MKL_Set_Num_Threads?.(1);
  library.symbols.BLASSetThreading?.(BLAS_THREADING_SINGLE_THREADED);
  return library;
}

let search: Promise<BlasSearch> | undefined;

/** Looks once for a BLAS that this process may open. Nobody is asked for a permission. */
export function findBlas(): Promise<BlasSearch> {
  search ??= lookForBlas();
  return search;
}

async function lookForBlas(): Promise<BlasSearch> {
  if (!IN_DENO) {
    return { words: undefined, reason: "a BLAS can be called from Deno alone" };
  }
  const candidates = CANDIDATES[Deno.build.os] ?? [];
  const failures: string[] = [];
  let permitted = false;
  for (const path of candidates) {
    const { state } = await Deno.permissions.query({ name: "ffi", path });
    if (state !== "granted") continue;
    permitted = true;
    try {
      openBlas(path);
      return { words: `products by ${path}`, setup: path };
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  const reason = permitted
    ? `no BLAS can be opened (${failures.join("; ")})`
    : "no BLAS may be opened without --allow-ffi";
  return { words: undefined, reason };
}
