/** The samples that a training holds back of those that it is given. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { pickInSlices } from "../data/pick.ts";
import { splitNumbers } from "../data/split.ts";

/** Numbers of the samples to learn from and of those held back, from 0. */
export interface ValidationNumbers {
  readonly learn: Int32Array;
  readonly held: Int32Array;
}

/**
 * Chooses what is held back by chance, of classes their share, as `trainTestSplit()` does; `undefined` if nothing is.
 *
 * @throws {RangeError} If one of the two would be empty.
 */
export function validationNumbers(
  samples: Samples | SparseSamples,
  fraction: number,
  seed: number,
): ValidationNumbers | undefined {
  if (fraction === 0) return undefined;
  requireHeld(samples.count, fraction);
  const { train, test } = splitNumbers(samples, {
    ...{ testFraction: fraction, seed },
  });
  return { learn: train, held: test };
}

/**
 * Refuses what is too little to hold a fraction back.
 *
 * @param whose What to add to the number of samples in errors.
 *
 * @throws {RangeError} If nothing would be left to learn from, or to validate with.
 */
export function requireHeld(count: number, fraction: number, whose = ""): void {
  const held = Math.round(count * fraction);
  if (fraction === 0 || held >= 1 && held < count) return;
  const wanted =
    `such that of ${count} samples${whose} some are left and some held back`;
  throw new WrongValueError(
    wrong("train", "validationSplit", wanted, fraction),
  );
}

/** Samples to learn from, and others to judge by. */
export interface ValidationParts {
  readonly learn: Samples | SparseSamples;
  readonly held?: Samples | SparseSamples;
}

/** Divides samples; all are to learn from if none are held back. */
export async function validationParts(
  samples: Samples | SparseSamples,
  numbers: ValidationNumbers | undefined,
): Promise<ValidationParts> {
  if (numbers === undefined) return { learn: samples };
  return {
    learn: await pickInSlices(samples, numbers.learn),
    held: await pickInSlices(samples, numbers.held),
  };
}
