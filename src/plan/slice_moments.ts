/** Which moments each rank keeps in a training: those of the weights that it updates, and as large a part of those that stay. */
import { floatsOf, type MomentSlices, placeIn } from "../step/moment_slices.ts";
import { floatsBefore, Slices } from "../step/ranks.ts";
import type { Range } from "../step/split.ts";
import type { GroupContext, LayerGroup } from "./layer_group.ts";

/** @param groups The layers that learn, and maybe some between them. */
export function sliceMoments(
  { arena, buffers, ranks: { rank, size }, pieces }: GroupContext,
  groups: readonly LayerGroup[],
): MomentSlices {
  const { network: { layers }, weights } = buffers;
  const grads = weights.map(({ grad }) => grad);
  const from = Math.min(...groups.map((group) => group.layers[0]));
  const to = Math.max(...groups.map((group) => group.layers[1]));
  const others: Range[] = [[0, from], [to, weights.length]];
  const all = [
    ...groups.map(({ slices }) => slices),
    ...others.filter(([from, to]) => from < to)
      .map((range) => new Slices(layers, pieces, grads, size, range)),
  ].map(({ places }) => places).toSorted(([one], [other]) => one - other);
  const owned = Array.from(
    { length: size },
    (_, rank) =>
      all.map((places): Range => [places[rank], places[rank + 1]])
        .filter(([from, to]) => from < to),
  );
  const bytes = 4 * floatsOf(owned[rank]);
  return { owned, offsets: [arena.allocate(bytes), arena.allocate(bytes)] };
}

/** Byte offsets at which the moments of a layer would begin if this rank had all of them, as far as ops count from there. */
export function momentsOf(
  { buffers, ranks: { rank } }: GroupContext,
  { owned, offsets: [first, second] }: MomentSlices,
  group: LayerGroup,
  n: number,
): [first: number, second: number] {
  const grads = buffers.weights.map(({ grad }) => grad);
  const start = group.slices.places[rank];
  const place = placeIn(owned[rank], start) + floatsBefore(grads, n) - start;
  return [first + 4 * place, second + 4 * place];
}
