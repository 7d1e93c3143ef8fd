/** The copies of W in panels that the products read. */
import { type Batch, type Buffers, columnsOf, type OpContext } from "../op.ts";

/** Copies W to the panels of the forward product, and from layer 1 on to those of the delta product. */
export function packOp(
  { weights, slots }: Pick<Buffers, "weights" | "slots">,
  n: number,
) {
  const { w, packed, packedTransposed } = weights[n];
  return {
    code: "pack" as const,
    slot: slots.add("update", "pack", n),
    layer: n,
    w: w.offset,
    ldw: w.ld,
    outputs: w.rows,
    inputs: w.columns - 1,
    packed,
    /** 0 in layer 0, to which nothing is propagated. */
    packedTransposed,
  };
}

/** Runs a {@linkcode packOp}. */
export function pack(
  { kernels }: OpContext,
  op: ReturnType<typeof packOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  const { w, ldw, outputs, inputs, packed, packedTransposed } = op;
  const [first, end] = columnsOf(from, to);
  kernels.packWeights(w, ldw, outputs, inputs, packed, first, end);
  if (packedTransposed === 0) return;
  kernels.packTransposed(
    w,
    ldw,
    outputs,
    inputs,
    packedTransposed,
    from,
    to,
  );
}
