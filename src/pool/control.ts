/**
 * The control block: the int32 slots through which the workers keep in step. Each has a cache line of its own,
 * because a line that two cores write to travels between them at every write. All count from the start of a run.
 */

const SLOTS_PER_LINE = 16;

/** Units of all stages so far that are done. */
export const COMPLETED = 0 * SLOTS_PER_LINE;

/** Stages that are done: workers sleep on it. */
export const STAGES_DONE = 1 * SLOTS_PER_LINE;

/** Whether the run is to end early: 0, {@linkcode STOP} or {@linkcode ABORT}. */
export const ENDING = 2 * SLOTS_PER_LINE;

/** How many stages were done when the run was stopped; -1 as long as it wasn't. */
export const STOPPED_AT = 3 * SLOTS_PER_LINE;

/** Workers that there is room for. */
export const MAXIMUM_WORKERS = 256;

/** Units of all stages so far that were claimed of a range: each worker has one. */
export function claimedSlot(range: number): number {
  return (4 + range) * SLOTS_PER_LINE;
}

/** Bytes of the control block. */
export const CONTROL_BYTES = Int32Array.BYTES_PER_ELEMENT *
  claimedSlot(MAXIMUM_WORKERS);

/** {@linkcode ENDING}: at the end of a piece, where no weights are written, so that all batches are whole. */
export const STOP = 1;

/** {@linkcode ENDING}: at the end of a piece, whatever that leaves behind. */
export const ABORT = 2;

/** What {@linkcode STAGES_DONE} is after an abort: more than any run has. */
const ALL_STAGES = 0x7fff_ffff;

/** Asks the workers to end the run between two batches. */
export function stopRun(control: Int32Array<SharedArrayBuffer>): void {
  Atomics.compareExchange(control, ENDING, 0, STOP);
}

/** Ends the run early: every worker leaves at the end of its piece, those that sleep at once. */
export function abortRun(control: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(control, ENDING, ABORT);
  Atomics.store(control, STAGES_DONE, ALL_STAGES);
  Atomics.notify(control, STAGES_DONE);
}

/** Makes the block ready for the next run. Only while no worker runs. */
export function resetControl(control: Int32Array<SharedArrayBuffer>): void {
  for (let slot = 0; slot < control.length; slot += SLOTS_PER_LINE) {
    Atomics.store(control, slot, 0);
  }
  Atomics.store(control, STOPPED_AT, -1);
}
