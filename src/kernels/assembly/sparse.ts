import { floatBytes } from "./layout";

/** Inputs of a block of sparse inputs. */
export const SPARSE_INPUTS: i32 = 24;

/** An entry: an int32 and a float32. */
export const ENTRY_BYTES: usize = 8;

/** Where the entries of a block of a sample start. */
// @ts-ignore: decorator
@inline
export function entriesAt(starts: usize, entries: usize, block: i32): usize {
  return entries + (<usize> i32.load(starts + floatBytes(block))) * ENTRY_BYTES;
}

/** How many of `panels` panels are computed next: as many as fit into registers, without leaving a small rest. */
// @ts-ignore: decorator
@inline
export function panelsAtOnce(panels: i32): i32 {
  if (panels >= 5 && (panels & 3) == 1) return 5;
  return panels >= 4 ? 4 : 1;
}
