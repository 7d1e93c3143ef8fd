/** Changes W by its gradient, as the optimizer does. */
import { type KernelOwner, OPTIMIZERS } from "../../units/optimizers.ts";
import {
  type Batch,
  columnsOf,
  type OpContext,
  type TrainingBuffers,
} from "../op.ts";

/**
 * @param moments Byte offsets at which the layer's would begin, of which a rank may have a slice.
 * @param workers How many share the step.
 */
export function updateOp(
  { training, weights, slots }: TrainingBuffers,
  n: number,
  [first, second]: readonly [number, number],
  workers: number,
) {
  const { w, grad } = weights[n];
  return {
    code: "update" as const,
    slot: slots.add("update", "update", n),
    layer: n,
    ...{ w: w.offset, grad: grad.offset, ld: w.ld },
    ...{ first, second, training },
    // Of further layers a copy is made next, which reads it.
    streams: n === 0 && workers > 1,
  };
}

/** Runs an {@linkcode updateOp}. */
export function update(
  { kernels }: OpContext,
  op: ReturnType<typeof updateOp>,
  { learningRate, step }: Batch,
  from: number,
  to: number,
): void {
  const { w, grad, ld, first, second, training, streams } = op;
  const [column, end] = columnsOf(from, to);
  const at = 4 * ld * column;
  const { optimizer } = training;
  const rule = OPTIMIZERS[optimizer];
  const kernel = rule.kernel ?? optimizer as KernelOwner;
  const name = `${kernel}Update` as const;
  const run = (streams ? kernels.streaming?.[name] : undefined) ??
    kernels[name];
  run(
    w + at,
    grad + at,
    first + at,
    second + at,
    ld * (end - column),
    ...rule.arguments(training, learningRate, step),
  );
}
