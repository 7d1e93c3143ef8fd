/** What a training remembers of each rank's samples where they have samples of their own, and how it goes on with them. */
import { WrongValueError } from "../checks/errors.ts";
import { describe, wrong } from "../checks/validate.ts";
import type { Communicator } from "../distributed/communicator.ts";
import { turnTaker } from "../slices/in_slices.ts";
import { Xoshiro128, type Xoshiro128State } from "../units/random.ts";
import type { TrainOptions } from "./options/train_options.ts";
import { identity, type PartProgress, type Progress } from "./progress.ts";

const ACTION = "go on with the training";

/** What all ranks have, by their numbers. */
export async function gatherParts(
  communicator: Communicator,
  own: { readonly samples: number; readonly data: string },
  start: Xoshiro128State,
): Promise<PartProgress[]> {
  const { samples, data } = own;
  const all = await communicator.gather(
    JSON.stringify({ samples, data, start }),
  );
  return all.map((text) => JSON.parse(text));
}

/**
 * Refuses to go on with samples that are parted otherwise: on every rank, as each knows what all have.
 *
 * @param counts How many samples each rank has now; `undefined` if all have the same.
 *
 * @throws {RangeError} If there are other ranks, or one of them has more or fewer samples.
 */
export function requireCountsAsBefore(
  { parts }: Progress,
  counts: readonly number[] | undefined,
): void {
  const refuse = (name: string, before: unknown, now: unknown) => {
    const wanted = `${describe(before)} as before`;
    throw new WrongValueError(wrong(ACTION, name, wanted, now));
  };
  if (parts === undefined || counts === undefined) {
    const [before, now] = [parts !== undefined, counts !== undefined];
    if (before !== now) refuse("partitioned", before, now);
    return;
  }
  if (parts.length !== counts.length) {
    refuse("number of ranks", parts.length, counts.length);
  }
  for (const [rank, { samples }] of parts.entries()) {
    if (samples === counts[rank]) continue;
    refuse(`samples of rank ${rank}`, samples, counts[rank]);
  }
}

/**
 * Refuses to go on with samples, targets or weights of other values, as {@linkcode requireCountsAsBefore} does.
 *
 * @throws {RangeError} If one has others, and that isn't what is wanted.
 */
export function requirePartsAsBefore(
  before: readonly PartProgress[],
  now: readonly PartProgress[],
  { otherData = false }: TrainOptions,
): void {
  const rank = before.findIndex(({ data }, rank) => data !== now[rank].data);
  if (otherData || rank < 0) return;
  const wanted =
    `true for samples, targets or weights of other values than before, which rank ${rank} has`;
  throw new WrongValueError(wrong(ACTION, "otherData", wanted, otherData));
}

/**
 * Goes on with a rank's own samples. A checkpoint holds no orders of them, which would be larger than all else: they are drawn
 * anew from where the first one began.
 */
export async function withOwnOrder(
  progress: Progress,
  parts: readonly PartProgress[],
  rank: number,
): Promise<Progress> {
  const { samples, data, start } = parts[rank];
  const own = { ...progress, parts, samples, data };
  if (progress.order.length > 0) return own;
  const random = new Xoshiro128(0);
  random.state = start;
  const order = identity(samples);
  const turn = turnTaker();
  for (let drawn = 0; drawn < progress.orders; drawn++) {
    random.shuffle(order);
    await turn();
  }
  return { ...own, order, shuffles: random.state };
}
