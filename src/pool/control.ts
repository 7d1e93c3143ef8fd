/**
 * The control block: the int32 slots through which the workers keep in step. Each has a cache line of its own,
 * because a line that two cores write to travels between them at every write. All count from the start of a run.
 */

const SLOTS_PER_LINE = 16;

/** Units of all stages so far that were claimed. */
export const CLAIMED = 0 * SLOTS_PER_LINE;

/** Units of all stages so far that are done. */
export const COMPLETED = 1 * SLOTS_PER_LINE;

/** Stages that are done: workers sleep on it. */
export const STAGES_DONE = 2 * SLOTS_PER_LINE;

/** 1 once the run is to end early. */
export const ABORTED = 3 * SLOTS_PER_LINE;

/** Bytes of the control block. */
export const CONTROL_BYTES = 4 * SLOTS_PER_LINE * Int32Array.BYTES_PER_ELEMENT;

/** What {@linkcode STAGES_DONE} is after an abort: more than any run has. */
const ALL_STAGES = 0x7fff_ffff;

/** Ends the run early: every worker leaves at the end of its piece, those that sleep at once. */
export function abortRun(control: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(control, ABORTED, 1);
  Atomics.store(control, STAGES_DONE, ALL_STAGES);
  Atomics.notify(control, STAGES_DONE);
}

/** Makes the block ready for the next run. Only while no worker runs. */
export function resetControl(control: Int32Array<SharedArrayBuffer>): void {
  for (const slot of [CLAIMED, COMPLETED, STAGES_DONE, ABORTED]) {
    Atomics.store(control, slot, 0);
  }
}
