import { markup } from "../charts/markup.ts";
import { type Bar, stackedBars } from "../charts/stacked_bars.ts";
import type { EpochEvent } from "../history/events.ts";
import type { Timing } from "../plan/timings.ts";
import type { TimingPart, TimingSlot } from "../step/timing_slots.ts";
import { score, type Section, table, wideFigure } from "./section.ts";

/** Parts of a step: what they are called, and the class of their color. */
const PARTS: Readonly<Record<TimingPart, readonly [string, string]>> = {
  gather: ["gather", "f5"],
  forward: ["forward", "f0"],
  cost: ["cost", "f4"],
  error: ["error", "f3"],
  backward: ["backward", "f1"],
  update: ["update", "f2"],
  communication: ["other ranks", "f6"],
  barrier: ["waiting", "wait"],
  other: ["between ops", "rest"],
};

/** What belongs to no layer. */
const OF_ALL: readonly TimingPart[] = ["gather", "barrier", "other"];

/** The bar that an op is part of; of several layers, that of all comes first. */
function barOf({ part, layer }: TimingSlot): string {
  return OF_ALL.includes(part) ? "all layers" : `layer ${layer}`;
}

/** Ops of which the time is listed. */
const MOST_ROWS = 12;

/** Time of each op, over all epochs; `undefined` if it wasn't measured. */
export function timingSection(
  epochs: readonly EpochEvent[],
): Section | undefined {
  const ops = new Map<string, Timing>();
  for (const { timings = [] } of epochs) {
    for (const timing of timings) {
      const key = `${timing.part} ${timing.name} ${timing.layer}`;
      const before = ops.get(key)?.milliseconds ?? 0;
      const milliseconds = before + timing.milliseconds;
      ops.set(key, { ...timing, milliseconds });
    }
  }
  if (ops.size === 0) return undefined;
  const all = [...ops.values()];
  const total = all.reduce((sum, one) => sum + one.milliseconds, 0);
  const parts = Object.keys(PARTS) as TimingPart[];
  const bars = [...new Set(all.map(barOf))].toSorted()
    .map((name): Bar => ({
      name,
      pieces: parts.map((part) => ({
        name: PARTS[part][0],
        value: all.filter((one) => one.part === part && barOf(one) === name)
          .reduce((sum, { milliseconds }) => sum + milliseconds, 0),
      })),
    }));
  const used = parts.filter((part) => all.some((one) => one.part === part));
  const sorted = all.toSorted((one, other) =>
    other.milliseconds - one.milliseconds
  );
  const { kernels } = epochs.find(({ kernels }) => kernels !== undefined) ?? {};
  return {
    ...{ name: "time", title: "Where the time goes" },
    content: markup`${
      wideFigure(
        stackedBars({
          ...{ title: "Time of each layer by part", unit: "ms", bars },
          colors: new Map(used.map((part) => PARTS[part])),
        }),
        `Time of the workers on average, over all epochs.${
          kernels === undefined ? "" : ` Kernels: ${kernels}.`
        }`,
      )
    }${
      table(
        "Ops that take most of the time",
        ["op", "layer", "ms", "fraction"],
        sorted.slice(0, MOST_ROWS).map((op) => [
          PARTS[op.part][0] === op.name
            ? op.name
            : `${PARTS[op.part][0]}: ${op.name}`,
          OF_ALL.includes(op.part) ? "" : op.layer,
          op.milliseconds.toFixed(1),
          score(op.milliseconds / total),
        ]),
      )
    }`,
  };
}
