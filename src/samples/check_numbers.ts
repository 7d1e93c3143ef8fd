/** Numbers that are looked at one after another, with the place of one that is refused. */
import { inSlices } from "../slices/in_slices.ts";

/** Values that are looked at between two looks at the clock. */
const SLICE_VALUES = 50_000;

/** The place of a value by its sample, for errors. */
export function placeOf(name: string, at: number, width: number): string {
  return `${name} of sample ${Math.floor(at / width)} at ${at % width}`;
}

/** Calls `refuse` with the place of the first value that `find` finds. `find` returns -1 if there is none. */
export async function checkNumbers(
  values: Float32Array,
  find: (slice: Float32Array) => number,
  refuse: (at: number) => never,
): Promise<void> {
  await inSlices(values.length, SLICE_VALUES, (from, to) => {
    const at = find(values.subarray(from, to));
    if (at >= 0) refuse(from + at);
  });
}
