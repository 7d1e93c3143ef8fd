/** Every reader of files, with valid files from which broken ones are made. */
import fc from "fast-check";
import { DATA_READERS } from "./data_readers.ts";
import { MODEL_READERS } from "./model_readers.ts";
import { mutated } from "./mutations.ts";
import { type FuzzedReader, outcomeOf } from "./outcome.ts";
import { TRAINING_READERS } from "./training_readers.ts";

/** All of them. */
export const READERS: readonly FuzzedReader[] = [
  ...MODEL_READERS,
  ...DATA_READERS,
  ...TRAINING_READERS,
];

/**
 * Tries a reader with broken files.
 *
 * @returns How many of them were read all the same, and how many were refused.
 *
 * @throws If another outcome comes: see {@linkcode outcomeOf}. The error has the seed, and the least file that shows it.
 */
export async function fuzz(
  { name, read, files, isRight }: FuzzedReader,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<{ readonly read: number; readonly refused: number }> {
  const count = { read: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(mutated(files), async (bytes) => {
      const outcome = await outcomeOf(read, bytes, name, isRight);
      count["error" in outcome ? "refused" : "read"]++;
    }),
    { seed, numRuns: runs },
  );
  return count;
}
