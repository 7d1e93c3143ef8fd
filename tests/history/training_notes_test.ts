/** What is told after trainings, with courses of losses written by hand. */
import assert from "node:assert/strict";
import type { EpochEvent } from "../../mod.ts";
import {
  type FinalScores,
  trainingNotes,
} from "../../src/history/training_notes.ts";

/** Names of what is told, with the texts. */
function notesOf(
  losses: readonly number[],
  scores: FinalScores,
  { stopReason = "finished", held }: {
    readonly stopReason?: "finished" | "early" | "left";
    readonly held?: readonly number[];
  } = {},
): string[] {
  const lastBatch = { cost: 1, regularizationFraction: 0 };
  const epochs = losses.map((loss, at): EpochEvent => ({
    ...{ epoch: at + 1, seconds: 1, learningRate: 0.1, loss, lastBatch },
    ...(held === undefined
      ? {}
      : { validation: { loss: held[at], meanAbsoluteError: 0.1 } }),
  }));
  return trainingNotes({ epochs, stopReason }, scores)
    .map(({ name, text }) => `${name}: ${text}`);
}

const FALLS = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.4, 0.3, 0.3];
const DONE = [1, 0.5, 0.3, 0.25, 0.22, 0.21, 0.2, 0.2, 0.2, 0.199];
const good = { train: 0.9, baseline: 0.5 };

Deno.test("a loss that still falls at the end is told of, with by how much", () => {
  // From a mean of 0.4 to one of 0.3.
  assert.deepEqual(notesOf(FALLS, good), [
    "unfinished: the loss still fell by 25 % in the last fifth of the epochs: try more --epochs",
  ]);
  assert.deepEqual(notesOf(DONE, good), []);
  assert.deepEqual(notesOf(FALLS, good, { stopReason: "early" }), []);
  assert.deepEqual(notesOf(FALLS.slice(0, 4), good), []);
  // It halves, and is all but 0 since long.
  const tiny = [1, 0.1, 0.01, 1e-3, 1e-4, 8e-5, 4e-5, 2e-5, 1e-5, 5e-6];
  assert.deepEqual(notesOf(tiny, good), []);
  // More epochs would not help where the samples held back get no better.
  assert.deepEqual(notesOf(FALLS, good, { held: FALLS }).length, 1);
  assert.deepEqual(notesOf(FALLS, good, { held: DONE }), []);
});

Deno.test("a loss that never fell is told of, unless the network knew all from the start", () => {
  const stays = [2.3, 2.31, 2.3, 2.29, 2.3];
  const [note, ...others] = notesOf(stays, { train: 0.11, baseline: 0.117 });
  assert.match(note, /^stuck: .* first epoch, 2\.30: try another --learning-r/);
  assert.deepEqual(others, []);
  assert.deepEqual(notesOf(stays, { train: 0.95, baseline: 0.117 }), []);
  // R² has no baseline but 0.
  assert.equal(notesOf(stays, { train: -0.2 }).length, 1);
  assert.deepEqual(notesOf([2.3, 2.2, 2.3, 2.3, 2.3], { train: 0.1 }), []);
});

Deno.test("a network that learned by heart is told of, where it isn't chance", () => {
  const test = (score: number, low: number, high: number) => ({
    ...good,
    ...{ train: 0.99, test: { score, interval: { low, high } } },
  });
  assert.deepEqual(notesOf(DONE, test(0.8, 0.76, 0.84)), [
    "overfit: the score is 0.990 on samples that were learned and 0.800 on others: try --l2, --dropout, fewer nodes in --hidden, or --patience with --validation-split",
  ]);
  // Of few samples the true score may be as high; and a small gap is usual.
  assert.deepEqual(notesOf(DONE, test(0.8, 0.5, 0.995)), []);
  assert.deepEqual(notesOf(DONE, test(0.93, 0.92, 0.94)), []);
  // The R² of a lone sample is 0, and so are all of the bootstrap's.
  assert.deepEqual(notesOf(DONE, test(0, 0, 0)), []);
});
