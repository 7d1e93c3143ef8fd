/** Multiplies its own slice of matrices in shared memory again and again, and says how long that took. */
import type { ProviderName } from "../../src/providers/names.ts";
import { PROVIDERS } from "../../src/providers/providers.ts";
import type {
  DeltaProduct,
  ForwardProduct,
  GradientProduct,
} from "../../src/kernels/products.ts";

/** What a worker is told. */
export interface BareWork {
  readonly provider: { readonly name: ProviderName; readonly setup: unknown };
  readonly memory: WebAssembly.Memory;
  readonly forward: ForwardProduct;
  readonly delta: DeltaProduct;
  readonly gradient: GradientProduct;
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

main.addEventListener("message", async ({ data }: MessageEvent<BareWork>) => {
  const {
    provider: { name, setup },
    memory,
    forward,
    delta,
    gradient,
    batch,
    repeats,
  } = data;
  const { products } = await PROVIDERS[name].open(memory, setup);
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
