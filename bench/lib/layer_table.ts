import type { Timing } from "../../mod.ts";
import { table } from "./table.ts";

/** Multiply-adds of an op count as two operations. Only the products have a count; it doesn't depend on the data. */
function operations(
  { name, layer }: Timing,
  layers: readonly number[],
  samples: number,
): number {
  switch (name) {
    case "product": // to layer N, from layer N - 1
      return 2 * layers[layer] * layers[layer - 1] * samples;
    case "delta": // to layer N, from layer N + 1
      return 2 * layers[layer] * layers[layer + 1] * samples;
    case "gradient": // of the weights between layers N and N + 1
      return 2 * layers[layer] * layers[layer + 1] * samples;
    default:
      return 0;
  }
}

/**
 * The time of every op for a mini-batch, and the rate of the products on each worker beside the peak of the machine.
 *
 * @param timings Of an epoch, as means over the workers.
 * @param peak GFLOPS of one core.
 */
export function layerTable(
  timings: readonly Timing[],
  layers: readonly number[],
  run: {
    readonly samples: number;
    readonly batches: number;
    readonly workers: number;
  },
  peak: number,
): string {
  const total = timings.reduce(
    (sum, { milliseconds }) => sum + milliseconds,
    0,
  );
  const rows = timings.map((timing) => {
    const { part, name, layer, milliseconds } = timing;
    const count = operations(timing, layers, run.samples);
    const rate = count / run.workers / milliseconds / 1e6;
    return [
      part,
      name,
      part === "barrier" || part === "other" ? "-" : layer,
      (1000 * milliseconds / run.batches).toFixed(1),
      (100 * milliseconds / total).toFixed(1),
      count === 0 ? "-" : rate.toFixed(1),
      count === 0 ? "-" : (100 * rate / peak).toFixed(0),
    ];
  });
  return table(
    ["part", "op", "layer", "µs/batch", "%", "GFLOPS/worker", "% of peak"],
    rows,
  );
}
