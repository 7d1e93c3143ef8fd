/** Adds up the gradients of shards, in a tree that doesn't depend on who computed them. */
import type { MatrixLayout } from "../../memory/matrix.ts";
import { type Batch, type Buffers, columnsOf, type OpContext } from "../op.ts";

/**
 * `target += source`, both of a layer's weights; the additions one after another.
 *
 * @param result Where the last target is copied to, as all that was added is there in the end.
 */
export function addShardsOp(
  { slots }: Pick<Buffers, "slots">,
  n: number,
  additions: readonly (readonly [target: MatrixLayout, source: MatrixLayout])[],
  result?: MatrixLayout,
) {
  return {
    code: "addShards" as const,
    slot: slots.add("backward", "sum of shards", n),
    layer: n,
    additions: additions.map(([target, source]) =>
      [target.offset, source.offset] as const
    ),
    result: result?.offset,
    ld: additions[0][0].ld,
  };
}

/** Runs an {@linkcode addShardsOp}. */
export function addShards(
  { kernels, memory }: OpContext,
  { additions, result, ld }: ReturnType<typeof addShardsOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  const [first, end] = columnsOf(from, to);
  const at = 4 * ld * first;
  const count = ld * (end - first);
  for (const [target, source] of additions) {
    kernels.add(target + at, source + at, count);
  }
  if (result === undefined) return;
  const [[sum]] = additions.slice(-1);
  new Float32Array(memory.buffer, result + at, count)
    .set(new Float32Array(memory.buffer, sum + at, count));
}
