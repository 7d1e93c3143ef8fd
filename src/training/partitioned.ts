/** Trainings in which each rank has samples of its own. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { requireAgreement } from "../distributed/agree.ts";
import type { Communicator } from "../distributed/communicator.ts";
import type { ChosenInputs } from "../engine/choose_kernels.ts";
import { requireHeld } from "./validation_part.ts";
import type { TrainOptions } from "./options/train_options.ts";

/**
 * Makes sure that all ranks mean to train in the same way, before any of them looks at its samples.
 *
 * @throws {RangeError} If the process is alone, another rank has been told otherwise, another option doesn't go with it, or a
 * rank has too few samples to hold some back: then on every rank.
 */
export async function requirePartitioned(
  communicator: Communicator | undefined,
  samples: { readonly count: number },
  options: TrainOptions,
): Promise<void> {
  const { partitioned = false, resume = false, otherData = false } = options;
  if (communicator !== undefined) {
    const facts = { partitioned, resume, otherData };
    await requireAgreement(communicator, "train together", facts);
  }
  if (!partitioned) return;
  if (communicator === undefined) {
    throw new WrongValueError(
      "Cannot train as 'partitioned' is not read without 'distributed' of the network",
    );
  }
  if (options.classWeights === "balanced") {
    const wanted = "numbers with 'partitioned'";
    throw new WrongValueError(
      wrong("train", "classWeights", wanted, options.classWeights),
    );
  }
  const { validationSplit = 0 } = options;
  const all = await communicator.gatherDoubles(Float64Array.of(samples.count));
  for (const [rank, [count]] of all.entries()) {
    requireHeld(count, validationSplit, ` of rank ${rank}`);
  }
}

/** How many samples each rank has, by its number. */
export interface PartCounts {
  readonly learned: readonly number[];
  /** Of its own, to validate with. */
  readonly held: readonly number[];
}

/** How many samples each rank has; `undefined` if all have the same. */
export async function countParts(
  communicator: Communicator | undefined,
  { partitioned }: TrainOptions,
  learned: number,
  held: number,
): Promise<PartCounts | undefined> {
  if (communicator === undefined || !partitioned) return undefined;
  const all = await communicator.gatherDoubles(Float64Array.of(learned, held));
  return {
    learned: all.map(([learned]) => learned),
    held: all.map(([, held]) => held),
  };
}

/** Whether zeros are skipped, which all ranks have to do alike: only if each would. */
export async function chooseTogether(
  communicator: Communicator | undefined,
  choice: ChosenInputs,
): Promise<ChosenInputs> {
  if (communicator === undefined) return choice;
  const own = Float64Array.of(choice.pattern === undefined ? 0 : 1);
  const all = await communicator.gatherDoubles(own);
  if (all.every(([skips]) => skips === 1)) return choice;
  return {
    pattern: undefined,
    words: "zeros are computed with, as not all ranks would skip them",
  };
}
