/** What every test of a row of docs/compare.md needs. */
import { Mlp, type MlpOptions, type TrainOptions } from "../../mod.ts";
import { samplesFrom } from "../../mod.ts";
import { assertNear } from "../assert_close.ts";
import reference from "./reference.json" with { type: "json" };

/** What reference.py printed. */
export { reference };

/** Tests a row of the tables, by the text of its first cell. */
export function row(name: string, test: () => void | Promise<void>): void {
  Deno.test(`compare: ${name}`, test);
}

/** Compares numbers one by one. */
export function near(
  found: ArrayLike<number>,
  wanted: readonly number[],
  tolerance = 1e-6,
): void {
  if (found.length !== wanted.length) {
    throw new Error(`${found.length} numbers instead of ${wanted.length}`);
  }
  for (const [at, value] of wanted.entries()) {
    assertNear(found[at], value, tolerance, `number ${at}`);
  }
}

/** A network whose logits are its inputs. */
export function passing(
  outputs: number,
  options: Omit<MlpOptions, "layers" | "weights"> = {},
): Mlp {
  const weights = new Float32Array(outputs * (outputs + 1));
  for (let o = 0; o < outputs; o++) weights[outputs * (o + 1) + o] = 1;
  const layers = [outputs, outputs];
  return new Mlp({
    preset: "article",
    workers: 1,
    ...options,
    layers,
    weights: [weights],
  });
}

const { steps } = reference;

/** The samples on which reference.py makes steps. */
export const STEP_SAMPLES = samplesFrom({ x: steps.x, y: steps.y });

/** Where its steps start: the bias, then the weights. */
export function stepNetwork(): Mlp {
  const weights = [Float32Array.from(steps.start)];
  return new Mlp({
    preset: "article",
    layers: [2, 1],
    output: "linear",
    workers: 1,
    weights,
  });
}

/** The weights after five steps, each with all samples. */
export async function afterSteps(
  options: TrainOptions,
): Promise<Float32Array> {
  await using mlp = stepNetwork();
  await mlp.fit(STEP_SAMPLES, {
    ...{ learningRate: 0.1, l2: 0 },
    ...options,
    batchSize: 4,
    epochs: 5,
  });
  return mlp.weights[0];
}
