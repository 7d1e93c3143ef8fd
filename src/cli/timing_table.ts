import type { Timing } from "../plan/timings.ts";
import type { TimingPart } from "../step/timing_slots.ts";

/** The article's names of the parts of a training step. */
const PARTS: readonly (readonly [TimingPart, string, string])[] = [
  ["gather", "ti", "gather the batch"],
  ["forward", "ta", "forward propagation"],
  ["cost", "tb", "cost and regularization"],
  ["error", "tc", "error and correct"],
  ["backward", "td", "backward propagation"],
  ["update", "tf", "update and packing"],
  ["communication", "", "communication of ranks"],
  ["barrier", "", "waiting at barriers"],
  ["other", "", "between ops"],
];

/** Ops that get a row for each layer, below their part. */
const DETAILS: readonly (readonly [TimingPart, string, string])[] = [
  ["forward", "product", "FW product to layer"],
  ["forward", "activation", "activation of layer"],
  ["backward", "delta", "delta product to layer"],
  ["backward", "derivative", "derivative of layer"],
  ["backward", "gradient", "gradient of weights"],
];

/** Adds up the timings of several epochs, op by op. */
export function addTimings(epochs: readonly (readonly Timing[])[]): Timing[] {
  return (epochs[0] ?? []).map((timing, at) => ({
    ...timing,
    milliseconds: epochs.reduce((sum, rows) => sum + rows[at].milliseconds, 0),
  }));
}

/** The article's table: the parts of a step, and within them the ops of each layer, in ms and per cent. */
export function timingTable(timings: readonly Timing[]): string {
  const sum = (rows: readonly Timing[]) =>
    rows.reduce((total, { milliseconds }) => total + milliseconds, 0);
  const total = sum(timings);
  const row = (short: string, name: string, milliseconds: number) => {
    const share = total === 0 ? 0 : 100 * milliseconds / total;
    return `${short.padEnd(3)} ${name.padEnd(28)} ${
      milliseconds.toFixed(1).padStart(10)
    } ms ${share.toFixed(1).padStart(5)} %`;
  };
  const lines: string[] = [];
  for (const [part, short, title] of PARTS) {
    const rows = timings.filter((timing) => timing.part === part);
    if (part === "communication" && rows.length === 0) continue;
    lines.push(row(short, title, sum(rows)));
    if (part === "communication") {
      for (const { name, milliseconds } of rows) {
        lines.push(row("", `  ${name}`, milliseconds));
      }
    }
    for (const [of, name, label] of DETAILS) {
      if (of !== part) continue;
      for (
        const timing of rows.filter((candidate) => candidate.name === name)
      ) {
        lines.push(row("", `  ${label} ${timing.layer}`, timing.milliseconds));
      }
    }
  }
  lines.push(row("", "total, mean of the workers", total));
  return lines.join("\n");
}
