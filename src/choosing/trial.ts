import { WrongValueError } from "../checks/errors.ts";
import type { Evaluation } from "../inference/evaluate.ts";
import { Mlp } from "../mlp/mlp.ts";
import { type Candidate, networkOf, type Part } from "./candidate.ts";

/** The messages to threads of trials: the parts once, then one training after another. */
export type ToTrials =
  | { readonly type: "parts"; readonly parts: readonly Part[] }
  | {
    readonly type: "train";
    readonly part: number;
    readonly candidate: Candidate;
  };

/** What they answer to each training. */
export type FromTrials =
  | { readonly type: "done"; readonly done: Done }
  | {
    readonly type: "failed";
    /** Whether the options are to blame, rather than the program. */
    readonly mistake: boolean;
    readonly message: string;
    readonly stack: string | undefined;
  };

/** What a training came to. */
export interface Done {
  readonly evaluation: Evaluation;
  readonly seconds: number;
}

/**
 * Trains a candidate on one part of the samples, and judges it by the other.
 *
 * @throws {RangeError} If numbers grow beyond all bounds.
 */
export async function runTrial(
  part: Part,
  candidate: Candidate,
): Promise<Done> {
  const start = performance.now();
  await using mlp = new Mlp({ ...networkOf(part, candidate), workers: 1 });
  let last = 0;
  for await (const event of mlp.fit(part.train, candidate.training)) {
    last = event.epoch;
    requireFinite(Number.isFinite(event.lastBatch.cost), last);
  }
  // The last step of an epoch doesn't show in its cost.
  requireFinite(mlp.weights.every((w) => w.every(Number.isFinite)), last);
  const evaluation = await mlp.evaluate(part.test);
  requireFinite(Number.isFinite(evaluation.loss), last);
  return { evaluation, seconds: (performance.now() - start) / 1000 };
}

function requireFinite(finite: boolean, epoch: number): void {
  if (finite) return;
  throw new WrongValueError(`The training has diverged in epoch ${epoch}`);
}
