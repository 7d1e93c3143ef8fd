/** The progress within a long epoch. */
import type { TrainingRun } from "../training/training_run.ts";

/** Milliseconds from one look to the next. */
const PERIOD = 500;

/** Reports regularly what fraction of an epoch is done, until it is disposed. */
export function showEpochProgress(
  run: TrainingRun,
  tell: ((epoch: number, fraction: number) => void) | undefined,
): Disposable {
  if (tell === undefined) return { [Symbol.dispose]() {} };
  let isLooking = false;
  let isOver = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const { epoch, batch, batches } = await run.snapshot();
      if (batch > 0 && !isOver) tell(epoch, batch / batches);
    } catch {
      // It hasn't begun, or others train with it. What goes wrong in it the run itself tells.
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(look, PERIOD);
  return {
    [Symbol.dispose]() {
      isOver = true;
      clearInterval(timer);
    },
  };
}
