/**
 * Machine code behind the kernels' interface, with the bits of WebAssembly. Activations, losses and optimizers may have none:
 * then WebAssembly's kernel runs.
 */
import type {
  ActivationKernels,
  DeltaKernel,
  LossKernels,
  UpdateKernels,
} from "../elementwise.ts";
import type { DeltaName } from "../../units/losses.ts";
import type { OpKernels, Products } from "../products.ts";
import { columnKernels } from "./column_kernels.ts";
import type { Level } from "./cpu.ts";
import { elementwiseKernels } from "./elementwise_kernels.ts";
import type { Library } from "./library.ts";
import { lossKernels } from "./loss_kernels.ts";
import { nativeProducts, productKernels } from "./native_products.ts";
import { sparseKernels } from "./sparse_kernels.ts";
import { transposingKernel } from "./transposing.ts";

/** The kernels that an activation, a loss or an optimizer adds. */
type UnitKernels =
  & ActivationKernels
  & LossKernels
  & UpdateKernels
  & Record<DeltaName, DeltaKernel>;

/** What there is machine code for. */
export type NativeKernels =
  & Omit<OpKernels, keyof UnitKernels>
  & Partial<UnitKernels>;

/** A kernel set in machine code, for a machine that has the level. */
export function nativeKernels(
  library: Library,
  level: Level,
): { readonly kernels: NativeKernels; readonly products: Products } {
  const elementwise = elementwiseKernels(library, level);
  const kernels = {
    ...elementwise,
    ...columnKernels(library, level, elementwise),
    ...lossKernels(library, level),
    ...sparseKernels(library, level),
    ...transposingKernel(library),
    ...productKernels(library, level),
  };
  return { kernels, products: nativeProducts(library, level) };
}
