/**
 * The control block: the int32 slots through which the workers keep in step. Each has a cache line of its own,
 * because a line that two cores write to travels between them at every write.
 */

const SLOTS_PER_LINE = 16;

/** Workers that have arrived at the barrier of the current generation. */
export const ARRIVED = 0 * SLOTS_PER_LINE;

/** Counts the barriers passed; changes once all have arrived, or when the run is aborted. */
export const GENERATION = 1 * SLOTS_PER_LINE;

/** 1 once the run is to end early. */
export const ABORTED = 2 * SLOTS_PER_LINE;

/** Units of the current stage that were claimed by a worker; see claims.ts. */
export const CLAIMED = 3 * SLOTS_PER_LINE;

/** Bytes of the control block. */
export const CONTROL_BYTES = 4 * SLOTS_PER_LINE * Int32Array.BYTES_PER_ELEMENT;

/** Ends the run early: every worker leaves at its next barrier, those that wait at one at once. */
export function abortRun(control: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(control, ABORTED, 1);
  Atomics.add(control, GENERATION, 1);
  Atomics.notify(control, GENERATION);
}

/** Whether the run is to end early. */
export function isAborted(control: Int32Array<SharedArrayBuffer>): boolean {
  return Atomics.load(control, ABORTED) !== 0;
}

/** Makes the block ready for the next run. Only while no worker runs. */
export function resetControl(control: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(control, ARRIVED, 0);
  Atomics.store(control, CLAIMED, 0);
  Atomics.store(control, ABORTED, 0);
}
