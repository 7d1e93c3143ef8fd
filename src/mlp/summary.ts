import { Allocator } from "../memory/arena.ts";
import type { ModelDescription } from "../models/model.ts";
import { layOutWeights } from "../step/layout.ts";

/** Groups of three digits. */
const grouped = (value: number) => value.toLocaleString("en");

/**
 * What a network consists of: a line for each layer of weights, its parameters and its memory; see {@linkcode Mlp.summary}.
 *
 * @param trainable Whether each layer of weights learns. Default: all do
 * @param rank One of several, and the bytes of moments that it keeps.
 */
export function summaryOf(
  { layers, activations, output, members = 1 }: Pick<
    ModelDescription,
    "layers" | "activations" | "output" | "members"
  >,
  trainable: readonly boolean[] = layers.slice(1).map(() => true),
  rank?: {
    readonly rank: number;
    readonly size: number;
    readonly moments: number;
  },
): string {
  const counts = layers.slice(1).map((outputs, n) => outputs * (layers[n] + 1));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const learning = counts.reduce(
    (sum, count, n) => trainable[n] ? sum + count : sum,
    0,
  );
  const allocator = new Allocator(0);
  layOutWeights(allocator, layers, rank?.size);
  const rows = [
    ["layer", "nodes", "activation", "parameters", "trainable"],
    ...counts.map((count, n) => [
      `${n + 1}`,
      `${layers[n]} → ${layers[n + 1]}`,
      activations[n] ?? output,
      grouped(count),
      trainable[n] ? "yes" : "no",
    ]),
  ];
  const widths = rows[0].map((_, at) =>
    Math.max(...rows.map((row) => row[at].length))
  );
  return [
    ...rows.map((row) =>
      row.map((cell, at) =>
        at === 3 ? cell.padStart(widths[at]) : cell.padEnd(widths[at])
      ).join("  ").trimEnd()
    ),
    ...(members === 1
      ? [`parameters   ${grouped(total)}, trainable ${grouped(learning)}`]
      : [
        `members      ${members} of these layers`,
        `parameters   ${grouped(members * total)}`,
      ]),
    `memory       ${grouped(allocator.bytes)} bytes`,
    ...(rank === undefined ? [] : [
      `moments      ${
        grouped(rank.moments)
      } bytes by rank ${rank.rank} of ${rank.size}`,
    ]),
  ].join("\n");
}
