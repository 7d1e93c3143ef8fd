/** How a worker ends a run early. */
export interface Ending {
  readonly how: "stop" | "abort";
  readonly stage: number;
  /** Whether it does so in its next piece from there on, which it leaves half done if it aborts, or as it enters the stage. */
  readonly inPiece: boolean;
  /** Looks that it takes before. */
  readonly pause: number;
}

/** What a worker needs once. */
export interface Setup {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly cells: Int32Array<SharedArrayBuffer>;
  /** How many workers have come to the start of a run so far. */
  readonly started: Int32Array<SharedArrayBuffer>;
  readonly workers: number;
  /** The worker's own number. */
  readonly ith: number;
  readonly seed: number;
  /** The modules to test, by their URLs. */
  readonly modules: { readonly lockstep: string; readonly control: string };
}

/** The stages `[from, to)`. */
export interface Run {
  /** From 1. */
  readonly nth: number;
  readonly from: number;
  readonly to: number;
  readonly spins: number;
  /** Whether there are pauses between its operations. */
  readonly noisy: boolean;
  readonly ending?: Ending;
}

export type Answer = {
  /** The stage that the worker was in at last; `to` if it has done all. */
  readonly reached: number;
  /** The last stage that anyone may reach, as the run was asked to stop. */
  readonly latest: number;
  /** How often it slept until it was woken. */
  readonly sleeps: number;
  /** What went wrong. */
  readonly defect?: string;
};
