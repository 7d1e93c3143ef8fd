import { WrongValueError } from "../checks/errors.ts";
import type { CellTable } from "./table_cells.ts";

/**
 * Bytes of the inputs, or of the targets, of a table. Cells of numbers take several times that long before, as text: what
 * is larger has an input for each of thousands of texts. A training needs it four times over, in memory of 4 GiB.
 */
const MOST_BYTES = 2 ** 30;

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Refuses what would take too much memory, before it is taken.
 *
 * @param what The values are, for errors.
 * @param width Values of each row.
 * @param reason What makes them so many, for errors.
 *
 * @throws {RangeError} If it would.
 */
export function requireRoom(
  { name, rows: { length } }: CellTable,
  what: "inputs" | "targets",
  width: number,
  reason = "split the file",
): void {
  const bytes = length * width * BYTES;
  if (bytes <= MOST_BYTES) return;
  throw new WrongValueError(
    `Cannot read '${name}' as its ${what} must take at most 1 GiB: ${length} rows × ${width} ${what} take ${
      (bytes / 2 ** 30).toFixed(1)
    } GiB, ${reason}`,
  );
}
