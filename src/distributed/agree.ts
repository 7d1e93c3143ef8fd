import { WrongValueError } from "../checks/errors.ts";
import { describe } from "../checks/validate.ts";
import type { Communicator } from "./communicator.ts";

/**
 * Makes sure that all ranks are about to do the same.
 *
 * @param facts What has to be the same, by names that a caller knows: plain JSON.
 *
 * @throws {RangeError} On every rank, if one has something else: the first difference, and who has it.
 */
export async function requireAgreement(
  communicator: Communicator,
  action: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  const all = (await communicator.gather(JSON.stringify(facts)))
    .map((text) => JSON.parse(text) as Record<string, unknown>);
  const [first] = all;
  for (const [rank, other] of all.entries()) {
    for (
      const name of new Set([...Object.keys(first), ...Object.keys(other)])
    ) {
      const [wanted, found] = [first[name], other[name]];
      if (JSON.stringify(wanted) === JSON.stringify(found)) continue;
      throw new WrongValueError(
        `Cannot ${action} as '${name}' must be the same for all ranks: rank 0 has ${
          inWords(wanted)
        }, rank ${rank} has ${inWords(found)}`,
      );
    }
  }
}

function inWords(fact: unknown): string {
  return fact === undefined ? "none" : describe(fact);
}
