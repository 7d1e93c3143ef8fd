/** The input of a graph that is read. */
import { WrongValueError } from "../../checks/errors.ts";
import { wrong } from "../../checks/validate.ts";
import type { Graph } from "./graph.ts";
import { FLOAT } from "./messages.ts";

/** Types of values that are numbers of any kind. */
const NUMBERS: readonly number[] = [2, 3, 4, 5, 6, 7, 10, 11, 12, 13];

/**
 * Refuses an input that isn't float32, or whose known sizes don't make `inputs` values for each
 * sample.
 */
export function checkInput(
  graph: Graph,
  inputs: number,
  flatten: boolean,
): void {
  const { input, action } = graph;
  const { elemType = 0, shape } = input.type?.tensorType ?? {};
  const [first] = graph.consumers(input.name ?? "");
  // A Cast, which is to float32, makes those of any other.
  const cast = first?.opType === "Cast" && NUMBERS.includes(elemType);
  if (elemType !== FLOAT && !cast) {
    throw new WrongValueError(
      wrong(
        action,
        `${input.name}.elem_type`,
        `${FLOAT} (float32)`,
        elemType,
      ),
    );
  }
  if (shape === undefined) return;
  const sizes = shape.dim.slice(1).map(({ dimValue }) => dimValue);
  const values = sizes.reduce(
    (product, size) =>
      product === undefined || size === undefined ? undefined : product * size,
    1,
  );
  const fits = values === undefined || values === inputs;
  if (!fits || shape.dim.length < 2 || (sizes.length > 1 && !flatten)) {
    const found = shape.dim.map(({ dimValue, dimParam }) =>
      dimValue ?? dimParam ?? "?"
    );
    throw new WrongValueError(
      wrong(action, `shape of ${input.name}`, `[N, ${inputs}]`, found),
    );
  }
}
