/** The value that early stopping and schedules look at. */
import type { EpochEvent, MonitorName } from "./events.ts";

/** Whether higher values are better. */
export function isBetterHigh(monitor: MonitorName): boolean {
  return monitor === "accuracy" || monitor === "validationAccuracy";
}

/** The value after an epoch. */
export function monitored(event: EpochEvent, monitor: MonitorName): number {
  switch (monitor) {
    case "loss":
      return event.loss;
    case "accuracy":
      return event.accuracy!;
    case "validationLoss":
      return event.validation!.loss;
    case "validationAccuracy":
      return event.validation!.accuracy!;
  }
}
