/** Changes W by its gradient, as the optimizer does. */
import {
  type Batch,
  columnsOf,
  type OpContext,
  type TrainingBuffers,
} from "../op.ts";

export function updateOp(
  { training, weights, slots }: TrainingBuffers,
  n: number,
) {
  const { w, grad, moments: [mean, square] } = weights[n];
  return {
    code: "update" as const,
    slot: slots.add("update", "update", n),
    layer: n,
    ...{ w: w.offset, grad: grad.offset, ld: w.ld },
    ...{ mean: mean.offset, square: square.offset, training },
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
  const [first, end] = columnsOf(from, to);
  const offset = 4 * op.ld * first;
  const count = op.ld * (end - first);
  const [w, grad] = [op.w + offset, op.grad + offset];
  const [mean, square] = [op.mean + offset, op.square + offset];
  const { training } = op;
  const { momentum, beta1, beta2, epsilon, optimizer } = training;
  switch (optimizer) {
    case "article":
      kernels.momentumUpdate(w, grad, mean, count, learningRate, momentum);
      break;
    case "sgd": {
      const nesterov = training.nesterov ? 1 : 0;
      kernels.sgdUpdate(
        ...[w, grad, mean, count, learningRate, momentum, nesterov] as const,
      );
      break;
    }
    case "rmsprop":
      kernels.rmspropUpdate(
        ...[w, grad, square, count, learningRate, training.rho] as const,
        epsilon,
      );
      break;
    case "adam":
    case "adamw":
      kernels.adamUpdate(
        ...[w, grad, mean, square, count] as const,
        learningRate / (1 - beta1 ** step),
        ...[beta1, beta2, epsilon, 1 / Math.sqrt(1 - beta2 ** step)] as const,
        optimizer === "adamw" ? learningRate * training.weightDecay : 0,
      );
      break;
  }
}
