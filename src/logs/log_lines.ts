/** The lines of a log: CSV with a header, or JSON whose first line has the facts of the run. */
import type { EpochEvent } from "../history/events.ts";
import { fieldsOf } from "./fields.ts";

/** What is known of a run before its first epoch. */
export type RunFacts = Readonly<Record<string, unknown>>;

/** How logs end. */
export const LOG_ENDINGS = [".csv", ".jsonl"] as const;

/** How an epoch becomes a line, and what comes before. */
export interface LogFormat {
  /** The first line of a new log, without its end. */
  head(facts: RunFacts, epoch: EpochEvent): string;
  line(epoch: EpochEvent): string;
  /** The number of a line's epoch; `undefined` for other lines. */
  epochOf(line: string): number | undefined;
}

/** Quotes text with commas, quotes or line ends, as RFC 4180 has it. */
function cell(value: number | string): string {
  const text = `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Comma-separated values, a row for each epoch. */
export const CSV_LOG: LogFormat = {
  head: (_, epoch) => [...fieldsOf(epoch).keys()].map(cell).join(","),
  line: (epoch) => [...fieldsOf(epoch).values()].map(cell).join(","),
  epochOf: (line) => /^\d+,/.test(line) ? parseInt(line) : undefined,
};

/** An object for each epoch, as `train --json` prints them. */
export const JSON_LOG: LogFormat = {
  head: (facts) => json({ event: "start", ...facts }),
  line: (epoch) => json({ event: "epoch", ...epoch }),
  epochOf(line) {
    try {
      const { event, epoch } = JSON.parse(line) ?? {};
      return event === "epoch" ? epoch : undefined;
    } catch {
      return undefined;
    }
  },
};

/** JSON has no infinite numbers, and would write null: they become text. */
function json(value: object): string {
  return JSON.stringify(
    value,
    (_, part) =>
      typeof part === "number" && !Number.isFinite(part) ? `${part}` : part,
  );
}

/** The format of a log by how its name ends; `undefined` if it is none. */
export function logFormatOf(path: string): LogFormat | undefined {
  const name = path.toLowerCase();
  if (name.endsWith(LOG_ENDINGS[0])) return CSV_LOG;
  return name.endsWith(LOG_ENDINGS[1]) ? JSON_LOG : undefined;
}
