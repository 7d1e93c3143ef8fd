/** Why a training stopped, in a sentence. */
import type { History, MonitorName } from "../../history/events.ts";

/** What is known of it. */
export type StopFacts =
  & {
    /** The last epoch that was done. */
    readonly epoch: number;
  }
  & (
    | Omit<History, "epochs">
    | {
      readonly signal: string;
      /** Batches that were done of the next epoch. */
      readonly batch: number;
    }
  );

const WORDS: Readonly<Record<MonitorName, string>> = {
  loss: "loss",
  accuracy: "accuracy",
  validationLoss: "validation loss",
  validationAccuracy: "validation accuracy",
};

/** The sentence, without a full stop; empty of what a signal stopped, which is told with what was written then. */
export function stopText(facts: StopFacts): string {
  if ("signal" in facts) return "";
  const { epoch, stopReason, bestEpoch, monitor, hasBestWeights } = facts;
  const best = bestEpoch === undefined
    ? ""
    : `: ${WORDS[monitor!]} was best in epoch ${bestEpoch}, ${
      hasBestWeights ? "whose" : "but the last"
    } weights are kept`;
  const early = stopReason === "early" ? " early" : "";
  const all = stopReason === "finished" ? ", as all epochs are done" : "";
  return `Stopped${early} after epoch ${epoch}${all}${best}`;
}
