/** What functions that look into a network ask of it. */
import { WrongTypeError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
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
