/** How far a long epoch is. */
import type { TrainingRun } from "../training/training_run.ts";

/** Milliseconds from one look to the next. */
const PERIOD = 500;

/** Tells now and then what fraction of an epoch is done, until it is disposed. */
export function tellWithin(
  run: TrainingRun,
  tell: ((epoch: number, fraction: number) => void) | undefined,
): Disposable {
  let isLooking = tell === undefined;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const { epoch, batch, batches } = await run.snapshot({
        spans: false,
      });
      if (batch > 0 && isLooking) tell!(epoch, batch / batches);
      isLooking = false;
    } catch {
      // It is over, or others train with it: then nobody looks again. What goes wrong in it the run itself tells.
    }
  };
  const timer = setInterval(look, PERIOD);
  return {
    [Symbol.dispose]() {
      isLooking = false;
      clearInterval(timer);
    },
  };
}
