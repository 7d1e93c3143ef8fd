/**
 * What all ranks of a distributed training do together between the stages of a step, and how a worker asks for it: a thread
 * that does nothing else calls MPI.
 */

/** Floats in the shared memory, of which each rank has, gets or gives a part. */
export interface Pieces {
  /** Byte offset in the memory. */
  readonly offset: number;
  /** For each rank, in floats from there. */
  readonly counts: Int32Array<ArrayBuffer>;
  readonly places: Int32Array<ArrayBuffer>;
}

/** Waits for all, brings everybody's part to everybody, or gives each rank its part of what everybody has. */
export type Collective =
  | { readonly kind: "wait" }
  | { readonly kind: "gather"; readonly pieces: Pieces }
  | {
    readonly kind: "exchange";
    readonly send: Pieces;
    readonly receive: Pieces;
  };

/** int32 slots of the control block: how often workers have asked, for what last, and how often that was done. */
export const ASKED = 0;
export const WHICH = 1;
/** So many are asked for at most before they are done. */
export const WHICH_SLOTS = 15;
/** In a cache line of its own. */
export const DONE = 16;

/** Bytes of the block. */
export const COLLECTIVE_CONTROL_BYTES = 128;

/** What {@linkcode ASKED} becomes when nobody will ask any more, and {@linkcode DONE} when nobody will answer. */
export const OVER = -1;

/** Where each piece starts if they lie one after another. */
export function startsOf(
  counts: ArrayLike<number>,
): Int32Array<ArrayBuffer> {
  const places = new Int32Array(counts.length);
  for (let n = 1; n < counts.length; n++) {
    places[n] = places[n - 1] + counts[n - 1];
  }
  return places;
}

/** Bytes that a rank sends to others in it. */
export function bytesSent(collective: Collective, rank: number): number {
  if (collective.kind === "wait") return 0;
  const { counts } = collective.kind === "gather"
    ? collective.pieces
    : collective.send;
  const all = counts.reduce((sum, count) => sum + count, 0);
  // Of what is gathered, each rank sends its own piece to all the others.
  return collective.kind === "gather"
    ? 4 * counts[rank] * (counts.length - 1)
    : 4 * (all - counts[rank]);
}
