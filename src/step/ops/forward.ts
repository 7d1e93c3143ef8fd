/** The product of the forward pass, from dense inputs. */
import type { Batch, Buffers, OpContext } from "../op.ts";
import { load, loadOp } from "./gather.ts";

/** `Z[N+1] = W[N][:, 0] + W[N][:, 1:]·A[N]`. */
export function forwardOp({ weights, batch, slots }: Buffers, n: number) {
  const [{ w, packed }, a, z] = [weights[n], batch.a[n], batch.z[n + 1]];
  return {
    code: "forward" as const,
    slot: slots.add("forward", "product", n + 1),
    w: w.offset,
    ldw: w.ld,
    packed,
    outputs: w.rows,
    inputs: a.rows,
    a: a.offset,
    aStep: n === 0 ? batch.xStep : 0,
    lda: a.ld,
    z: z.offset,
    ldz: z.ld,
  };
}

/** Runs a {@linkcode forwardOp}. */
export function forward(
  { products }: OpContext,
  op: ReturnType<typeof forwardOp>,
  { start }: Batch,
  from: number,
  to: number,
): void {
  products.forward(op, start, from, to);
}

/**
 * The product of layer 0 where nothing else reads the inputs.
 *
 * @param elsewhere Whether the inputs are those of the run, to be brought in only where the product isn't computed from there.
 */
export function forwardInputsOp(buffers: Buffers, elsewhere: boolean) {
  return {
    ...forwardOp(buffers, 0),
    code: "forwardInputs" as const,
    load: elsewhere ? loadOp(buffers) : undefined,
  };
}

/** Runs a {@linkcode forwardInputsOp}. */
export function forwardInputs(
  context: OpContext,
  op: ReturnType<typeof forwardInputsOp>,
  batch: Batch,
  from: number,
  to: number,
): void {
  const { products, inputs, memory } = context;
  if (products.forwardSkipping !== undefined) {
    const [x, ldx] = op.load === undefined
      ? [
        new Float32Array(memory.buffer, op.a, op.lda * to),
        op.lda,
      ]
      : [inputs!, op.inputs];
    if (products.forwardSkipping(op, x, ldx, from, to)) return;
  }
  if (op.load !== undefined) load(context, op.load, batch, from, to);
  products.forward(op, batch.start, from, to);
}

/** A number for each sample that is finite only if all its inputs are: `Σ Z[1]²`, as each element of Z[1] has all of them. */
export function checkInputsOp({ batch, slots }: Buffers) {
  const [, z] = batch.z;
  return {
    code: "checkInputs" as const,
    slot: slots.add("forward", "check", 1),
    z: z.offset,
    ld: z.ld,
    result: batch.errors,
  };
}

/** Runs a {@linkcode checkInputsOp}. */
export function checkInputs(
  { kernels }: OpContext,
  { z, ld, result }: ReturnType<typeof checkInputsOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  kernels.columnSquares(z, ld, result, from, to);
}
