import type { Interval } from "../metrics/wilson_interval.ts";
import type { History } from "./events.ts";

/** How well a network does, by its accuracy or R². */
export interface FinalScores {
  /** Of the samples that were learned. */
  readonly train: number;
  /** Of samples that were not, with where the true score lies. */
  readonly test?: { readonly score: number; readonly interval: Interval };
  /** What guessing reaches: the fraction of the most frequent class, and 0 of R². */
  readonly baseline?: number;
}

/** Something to look at after a training. */
export interface TrainingNote {
  readonly name: "unfinished" | "stuck" | "overfit";
  readonly text: string;
}

/** With fewer it is clear that the network is not done: it was a try. */
const FEWEST_EPOCHS = 5;

/** A fall within the last fifth that more epochs would go on with; below, it is the noise of batches. */
const STILL_FALLS = 0.05;

/** The part of the whole fall that it must be too: a loss that is all but 0 may halve forever, and no score changes. */
const OF_WHOLE = 0.02;

/** A first step in the right direction makes more of a difference than 1 %. */
const NEVER_FELL = 0.01;

/** A smaller gap between scores is usual, and nothing that regularization would close. */
const GAP = 0.1;

/**
 * What a training's course and scores say about its options: that it ended too early, that it learned nothing, or that it
 * learned by heart. Of an ordinary training, nothing.
 */
export function trainingNotes(
  history: Pick<History, "epochs" | "stopReason">,
  { train, test, baseline = 0 }: FinalScores,
): TrainingNote[] {
  const notes: TrainingNote[] = [];
  const losses = history.epochs.map(({ loss }) => loss);
  const held = history.epochs.flatMap(({ validation }) =>
    validation === undefined ? [] : [validation.loss]
  );
  const fall = fallAtEnd(losses);
  const helps = held.length === 0 || fallAtEnd(held) > 0;
  if (isStuck(losses) && train < baseline + GAP / 2) {
    notes.push({
      name: "stuck",
      text:
        `the loss never fell below that of the first epoch, ${
          losses[0].toPrecision(3)
        }: ` +
        "try another --learning-rate, ten times smaller or larger",
    });
  } else if (history.stopReason === "finished" && fall > 0 && helps) {
    notes.push({
      name: "unfinished",
      text: `the loss still fell by ${
        Math.round(100 * fall)
      } % in the last fifth of the epochs: try more --epochs`,
    });
  }
  // Above the interval, so that it isn't chance of a few samples; a lone one has none.
  const { low = 0, high = 0 } = test?.interval ?? {};
  if (test && train - test.score > GAP && train > high && high > low) {
    notes.push({
      name: "overfit",
      text: `the score is ${
        train.toFixed(3)
      } on samples that were learned and ${
        test.score.toFixed(3)
      } on others: try --l2, --dropout, fewer nodes in --hidden, or --patience with --validation-split`,
    });
  }
  return notes;
}

function isStuck(losses: readonly number[]): boolean {
  if (losses.length < FEWEST_EPOCHS) return false;
  return Math.min(...losses.slice(1)) > losses[0] * (1 - NEVER_FELL);
}

/** By what fraction values fell from the last fifth but one to the last; 0 where that is too little to go on. */
function fallAtEnd(values: readonly number[]): number {
  if (values.length < FEWEST_EPOCHS) return 0;
  const fifth = Math.floor(values.length / 5);
  const mean = (some: readonly number[]) =>
    some.reduce((sum, value) => sum + value, 0) / some.length;
  const last = mean(values.slice(-fifth));
  const before = mean(values.slice(-2 * fifth, -fifth));
  const fall = before - last;
  const matters = fall > OF_WHOLE * (values[0] - last);
  return matters && fall > STILL_FALLS * before ? fall / before : 0;
}
