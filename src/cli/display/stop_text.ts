/** Why a training stopped, in a sentence. */
import type { History, MonitorName } from "../../history/events.ts";

/** What is known of a training that came to its end. */
interface Ended extends Omit<History, "epochs"> {
  /** The last epoch that was done. */
  readonly epoch: number;
}

/** Where a training stands that a signal stopped. */
interface Interruption {
  readonly signal: string;
  readonly epoch: number;
  /** Batches that were done of the next epoch. */
  readonly batch: number;
}

/** Why a training stopped, and where. */
export type StopFacts = Ended | Interruption;

const WORDS: Readonly<Record<MonitorName, string>> = {
  loss: "loss",
  accuracy: "accuracy",
  validationLoss: "validation loss",
  validationAccuracy: "validation accuracy",
};

/** The sentence, without a full stop. */
export function stopText(
  { epoch, stopReason, bestEpoch, monitor, hasBestWeights }: Ended,
): string {
  const best = bestEpoch === undefined
    ? ""
    : `: ${WORDS[monitor!]} was best in epoch ${bestEpoch}, ${
      hasBestWeights ? "whose" : "but the last"
    } weights are kept`;
  const how = { early: " early", left: " on request", finished: "" };
  const all = stopReason === "finished" ? ", as all epochs are done" : "";
  return `Stopped${how[stopReason]} after epoch ${epoch}${all}${best}`;
}
