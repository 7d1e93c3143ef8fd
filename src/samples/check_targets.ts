import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { firstNotFinite } from "../data/floats.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { OutputName } from "../units/outputs.ts";
import type { Task } from "../units/tasks.ts";
import { checkNumbers, placeOf } from "./check_numbers.ts";

/** By how much the sum of probabilities may differ from 1, as some are rounded to a few digits. */
const SUM_TOLERANCE = 0.01;

/** Samples that are looked at between two looks at the clock. */
const SLICE_SAMPLES = 1_000;

const FOR_NUMBERS = "or the network made with task: 'numbers'";

/** What a target has to be, and what finds the first that isn't. */
interface Rule {
  readonly wanted: string;
  readonly find: (values: Float32Array) => number;
}

function ruleOf(task: Task, output: OutputName, outputs: number): Rule {
  if (output === "linear" && task === "numbers") {
    return { wanted: "a finite number", find: firstNotFinite };
  }
  if (task === "classes" && outputs === 1) {
    return {
      wanted:
        "0 or 1, or the network made with task: 'labels' for probabilities, task: 'numbers' for numbers",
      find: (values) => values.findIndex((value) => value !== 0 && value !== 1),
    };
  }
  return {
    wanted: task === "numbers"
      ? "from 0 to 1 for the output 'sigmoid'"
      : `from 0 to 1, ${FOR_NUMBERS}`,
    find: firstNotProbability,
  };
}

/**
 * Checks that targets are what a network learns, in slices, so that the main thread can answer in between.
 *
 * @throws {RangeError} If one is not, or those of a sample of classes don't add up to 1.
 */
export async function checkTargets(
  action: string,
  { y, count, outputs }: Samples | SparseSamples,
  { task, output }: { readonly task: Task; readonly output: OutputName },
): Promise<void> {
  const { wanted, find } = ruleOf(task, output, outputs);
  await checkNumbers(y, find, (at) => {
    const name = placeOf("y", at, outputs);
    throw new WrongValueError(wrong(action, name, wanted, y[at]));
  });
  if (task === "classes" && outputs > 1) {
    await checkSums(action, y, count, outputs);
  }
}

/** The place of the first value that isn't from 0 to 1, or -1. */
function firstNotProbability(values: Float32Array): number {
  for (let at = 0; at < values.length; at++) {
    if (!(values[at] >= 0 && values[at] <= 1)) return at;
  }
  return -1;
}

/** Checks that the targets of each sample are a distribution, without which none of the classes is right. */
async function checkSums(
  action: string,
  y: Float32Array,
  samples: number,
  outputs: number,
): Promise<void> {
  await inSlices(samples, SLICE_SAMPLES, (from, to) => {
    for (let sample = from; sample < to; sample++) {
      let sum = 0;
      for (let at = sample * outputs; at < (sample + 1) * outputs; at++) {
        sum += y[at];
      }
      if (Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
      const wanted =
        "probabilities with a sum of 1, or the network made with task: 'labels' where any number of them may apply";
      throw new WrongValueError(
        wrong(action, `y of sample ${sample}`, wanted, sum),
      );
    }
  });
}
