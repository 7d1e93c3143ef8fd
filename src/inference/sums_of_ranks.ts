/** What processes that have samples of their own find out about all of them: the same on each, in the order of their numbers. */
import type { Communicator } from "../distributed/communicator.ts";
import { ColumnErrors } from "../metrics/column_errors.ts";

/** The sums of what each has. */
export async function sumsOfRanks(
  others: Communicator,
  own: readonly number[],
): Promise<number[]> {
  const all = await others.gatherDoubles(Float64Array.from(own));
  return own.map((_, at) => all.reduce((sum, found) => sum + found[at], 0));
}

/** The errors of each column of outputs, with those of the others. */
export async function columnsOfRanks(
  others: Communicator,
  own: readonly ColumnErrors[],
): Promise<ColumnErrors[]> {
  const numbers = own.map((errors) => errors.toNumbers());
  const all = await others.gatherDoubles(Float64Array.from(numbers.flat()));
  return numbers.map(({ length }, column) => {
    const errors = new ColumnErrors();
    for (const found of all) {
      errors.merge([...found.subarray(length * column, length * (column + 1))]);
    }
    return errors;
  });
}
