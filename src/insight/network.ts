/** What functions that look into a network ask of it. */
import { WrongTypeError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { widthOf } from "../data/column_kinds.ts";
import type { Mlp } from "../mlp/mlp.ts";

/**
 * A network that predicts and can be evaluated, such as an {@linkcode Mlp}.
 *
 * @example
 * ```ts
 * import { type InsightNetwork, Mlp } from "@lockstep/lockstep";
 *
 * await using mlp = new Mlp({ layers: [2, 3] });
 * const network: InsightNetwork = mlp;
 * console.log(network.layers); // [2, 3]
 * ```
 */
export type InsightNetwork = Pick<
  Mlp,
  | "layers"
  | "task"
  | "classNames"
  | "targetNames"
  | "encoder"
  | "predict"
  | "evaluate"
>;

/** @throws {TypeError} If a value isn't a network. */
export function requireNetwork(action: string, value: unknown): void {
  if (
    typeof value === "object" && value !== null && "predict" in value &&
    "evaluate" in value
  ) return;
  throw new WrongTypeError(wrong(action, "network", "a network", value));
}

/** A range of inputs that belong together. */
export interface InputColumn {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The inputs of each raw column, or each input by itself. */
export function columnsOf(
  { encoder }: InsightNetwork,
  inputs: number,
): InputColumn[] {
  if (encoder === undefined) {
    return Array.from(
      { length: inputs },
      (_, at) => ({ name: `x[${at}]`, from: at, to: at + 1 }),
    );
  }
  let to = 0;
  return encoder.columns.map((column) => {
    const from = to;
    to += widthOf([column]);
    return { name: column.name, from, to };
  });
}
