/** Machine code in a thread. */
import type { Products } from "../products.ts";
import type { Level } from "./cpu.ts";
import { type NativeKernels, nativeKernels } from "./kernels.ts";
import { Library } from "./library.ts";
import { baseOf, Caller } from "./memory.ts";

/** What a thread needs to know. */
export interface NativeSetup {
  readonly level: Level;
  /** Addresses of kernels by their names. */
  readonly installed: ReadonlyMap<string, bigint>;
}

/** The kernels, working on `memory`; what isn't installed yet is when it is first called. */
export function openKernels(
  memory: WebAssembly.Memory,
  { level, installed }: NativeSetup,
): { readonly kernels: NativeKernels; readonly products: Products } {
  const known = new Map(
    [...installed].map(([name, address]) => [
      name,
      Deno.UnsafePointer.create(address)!,
    ]),
  );
  const library = new Library(new Caller(baseOf(memory)), known);
  return nativeKernels(library, level);
}
