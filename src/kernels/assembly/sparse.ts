/** Inputs of a block of sparse inputs. */
export const SPARSE_INPUTS: i32 = 30;

/** An entry: an int32 and a float32. */
export const ENTRY_BYTES: usize = 8;

/** Blocks of a strip, whose columns of the gradient are computed at a time. */
export const STRIP_BLOCKS: i32 = 4;

/** Bytes of the starts of a strip of a sample. */
export const STRIP_BYTES: usize = 16;

/** Where the starts of a strip of a sample are; see Kernels.forwardSparse. */
// @ts-ignore: decorator
@inline
export function stripAt(
  starts: usize,
  strips: i32,
  shift: i32,
  sample: i32,
  strip: i32,
): usize {
  const group = sample >> shift;
  const place = ((group * strips + strip) << shift) + sample - (group << shift);
  return starts + (<usize> place) * STRIP_BYTES;
}

/** Where the entries are that a start tells of. */
// @ts-ignore: decorator
@inline
export function entriesAt(entries: usize, start: usize): usize {
  return entries + (<usize> i32.load(start)) * ENTRY_BYTES;
}

/** How many of `panels` panels are computed next: as many as fit into registers, without leaving a small rest. */
// @ts-ignore: decorator
@inline
export function panelsAtOnce(panels: i32): i32 {
  if (panels >= 5 && (panels & 3) == 1) return 5;
  return panels >= 4 ? 4 : 1;
}
