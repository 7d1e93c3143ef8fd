/** Multiplies its own slice of matrices in shared memory again and again, and says how long that took. */
import { instantiateKernels } from "../../src/kernels/wasm.ts";
import type { DeltaOp, ForwardOp } from "../../src/plan/sample_op.ts";
import type { GradientOp } from "../../src/plan/weight_op.ts";
import { blasProducts } from "../../workers/blas_products.ts";

/** What a worker is told. */
export interface BareWork {
  readonly path: string;
  readonly memory: WebAssembly.Memory;
  readonly forward: ForwardOp;
  readonly delta: DeltaOp;
  readonly gradient: GradientOp;
  readonly batch: number;
  /** Its samples, and its inputs. */
  readonly samples: readonly [from: number, to: number];
  readonly inputs: readonly [from: number, to: number];
  readonly repeats: number;
}

const main = self as unknown as Pick<
  Worker,
  "postMessage" | "addEventListener"
>;

main.addEventListener("message", ({ data }: MessageEvent<BareWork>) => {
  const { path, memory, forward, delta, gradient, batch, repeats } = data;
  const products = blasProducts(path, memory, instantiateKernels(memory));
  const once = () => {
    products.forward(forward, 0, ...data.samples);
    products.delta(delta, ...data.samples);
    products.gradient(gradient, { start: 0, size: batch }, ...data.inputs, 0);
  };
  once();
  const before = performance.now();
  for (let n = 0; n < repeats; n++) once();
  main.postMessage((performance.now() - before) / 1000);
});
