/** The stages in which weights learn where several ranks train together. */
import type { Collective } from "../step/collectives.ts";
import { clipOp, gradientSquaresOp } from "../step/ops/clip.ts";
import { collectOp } from "../step/ops/collect.ts";
import { type GroupContext, LayerGroup } from "./layer_group.ts";
import type { MomentSlices } from "../step/moment_slices.ts";
import type { LastOp } from "./ops.ts";
import { momentsOf, sliceMoments } from "./slice_moments.ts";
import {
  gradientNorm,
  type Steps,
  type WeightStage,
  type WeightStages,
} from "./weight_steps.ts";

/** Floats of a group from which on it pays to send it while another one is computed: one more hand-over takes 0.3 ms. */
const LEAST_FLOATS = 2 ** 18;

/**
 * Each rank computes the gradients of its shards, gets those of all shards for its slice of the weights, updates that slice,
 * and gets the others. Of large layers the last ones go first, and while they are sent the next ones are computed.
 *
 * @param layers Those that learn.
 */
export function rankStages(
  context: GroupContext,
  layers: readonly number[],
  steps: Steps,
): Omit<WeightStages, "shards"> {
  return new RankStages(context, layers, steps).stages();
}

/** What is done together is numbered as it is first needed. */
class RankStages {
  readonly #context: GroupContext;
  readonly #layers: readonly number[];
  readonly #steps: Steps;
  readonly #groups: readonly LayerGroup[];
  readonly #moments: MomentSlices;
  readonly #collectives: Collective[] = [];

  constructor(context: GroupContext, layers: readonly number[], steps: Steps) {
    this.#context = context;
    this.#layers = layers;
    this.#steps = steps;
    this.#groups = groupsOf(context);
    this.#moments = sliceMoments(context, this.#groups);
  }

  stages(): Omit<WeightStages, "shards"> {
    const stages = [...this.#computed(), ...this.#updated()];
    const packing = this.#layers.flatMap(this.#steps.pack);
    if (packing.length > 0) {
      stages.push({ split: "weights", own: [], ops: packing, last: [] });
    }
    return {
      stages,
      collectives: this.#collectives,
      moments: this.#moments,
    };
  }

  /** Gradients of this rank's shards, group by group. While one is exchanged, the next one is computed. */
  #computed(): WeightStage[] {
    const { own, gradients, penalties, penaltySums } = this.#steps;
    const { timings } = this.#context.buffers.training;
    return this.#groups.map((group, at) => {
      const isLast = at === this.#groups.length - 1;
      const meet: Collective[] = timings && at === 0 ? [{ kind: "wait" }] : [];
      const exchanges = group.exchanges();
      // The update begins with the first group, while the last one is on its way.
      const behind = !isLast ? Infinity : at === 0 ? 0 : exchanges.length;
      return {
        split: "weights",
        own: group.has(0) ? own : [],
        units: group.slices.units,
        ops: this.#learning(group)
          .flatMap((n) => [...penalties(n), ...gradients(n)]),
        last: [
          ...isLast ? penaltySums : [],
          ...meet.map((each) => this.#collect("wait for the slowest", each)),
          ...exchanges.map((each, round) => {
            const wait = round === exchanges.length - 1;
            return this.#collect("gradients", each, wait ? behind : Infinity);
          }),
        ],
      };
    });
  }

  /** The layers of a group that learn. */
  #learning(group: LayerGroup): number[] {
    return this.#layers.filter((n) => group.has(n));
  }

  #updated(): WeightStage[] {
    const { ranks: { rank }, buffers } = this.#context;
    const { training, weights } = buffers;
    const sums = (group: LayerGroup, n: number) => [
      ...group.sums(n),
      ...this.#steps.regularize(n),
    ];
    const stage = (
      group: LayerGroup,
      ops: (n: number) => WeightStage["ops"],
      last: readonly LastOp[],
    ): WeightStage => ({
      ...{ split: "weights", own: [], last },
      units: group.slices.unitsOf(rank),
      ops: this.#learning(group).flatMap(ops),
    });
    const update = (group: LayerGroup, n: number) =>
      this.#steps.update(
        n,
        momentsOf(this.#context, this.#moments, group, n),
      );
    const gathered = (group: LayerGroup, behind: number) =>
      this.#collect("weights", {
        kind: "gather",
        pieces: group.whole(weights.map(({ w }) => w)),
      }, behind);
    if (training.clipNorm === 0) {
      return this.#groups.map((group, at) =>
        stage(
          group,
          (n) => [...sums(group, n), ...update(group, n)],
          [gathered(group, this.#groups.length - 1 - at)],
        )
      );
    }
    const [group] = this.#groups;
    return [
      stage(group, (n) => [
        ...sums(group, n),
        gradientSquaresOp(buffers, n),
      ], [this.#gatherSquares(group), gradientNorm(buffers)]),
      stage(
        group,
        (n) => [clipOp(buffers, n), ...update(group, n)],
        [gathered(group, 0)],
      ),
    ];
  }

  #gatherSquares({ slices: { columns } }: LayerGroup): LastOp {
    const counts = columns.subarray(1).map((end, rank) => end - columns[rank]);
    const offset = this.#context.buffers.weights[0].gradientSquares;
    const places = columns.slice(0, counts.length);
    const pieces = { offset, counts, places };
    return this.#collect("gradient norm", { kind: "gather", pieces });
  }

  /** @param behind How many may not be done yet when the next stage begins. */
  #collect(name: string, collective: Collective, behind = 0): LastOp {
    const { buffers, ranks } = this.#context;
    const which = this.#collectives.push(collective) - 1;
    return collectOp(buffers, ranks, { name, collective, which, behind });
  }
}

/** The last layers, then the first ones, if both are large; else all that learn, as with clipping everything waits for everything. */
function groupsOf(context: GroupContext): LayerGroup[] {
  const { weights, training: { trainable, clipNorm } } = context.buffers;
  const [from, to] = [trainable.indexOf(true), trainable.lastIndexOf(true) + 1];
  const floats = (from: number, to: number) =>
    weights.slice(from, to).reduce((sum, { w }) => sum + w.ld * w.columns, 0);
  for (let at = from + 1; at < to && clipNorm === 0; at++) {
    if (Math.min(floats(from, at), floats(at, to)) < LEAST_FLOATS) continue;
    return [[at, to], [from, at]].map(([from, to]) =>
      new LayerGroup(context, [from, to])
    );
  }
  return [new LayerGroup(context, [from, to])];
}
