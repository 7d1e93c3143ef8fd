/** What workers did last, as a file in the [format of Chrome's traces](https://ui.perfetto.dev), which Perfetto opens. */
import type { Span } from "../plan/spans.ts";
import { writeAtomically } from "../io/write_atomically.ts";
import { type Option, UsageError } from "./arguments.ts";

/** The option that asks for it. */
export const TRACE_OPTION = {
  trace: {
    value: "FILE",
    help:
      "write what each worker did last, op by op, for ui.perfetto.dev (.json)",
    file: "written",
  },
} as const satisfies Record<string, Option>;

/** Spans that a worker keeps: the last 30 batches of the article's. */
export const TRACED_SPANS = 4_096;

/** Microseconds from the first span on, one lane for each worker. */
function traceOf(spans: readonly Span[]): object {
  const first = spans.reduce(
    (least, { begin }) => Math.min(least, begin),
    Infinity,
  );
  const workers = [...new Set(spans.map(({ worker }) => worker))];
  return {
    displayTimeUnit: "ms",
    traceEvents: [
      ...workers.map((worker) => ({
        ...{ ph: "M", name: "thread_name", pid: 1, tid: worker + 1 },
        args: { name: `worker ${worker}` },
      })),
      ...spans.map(({ worker, part, name, layer, step, begin, end }) => ({
        ...{ ph: "X", name: nameOf(part, name, layer), cat: part },
        ...{ pid: 1, tid: worker + 1 },
        ...{ ts: 1000 * (begin - first), dur: 1000 * (end - begin) },
        args: { layer, step },
      })),
    ],
  };
}

function nameOf(part: Span["part"], name: string, layer: number): string {
  if (part === "barrier") return "wait";
  return part === "other" ? "claim" : `${name} ${layer}`;
}

/**
 * Refuses an option that looks into the workers of a training which isn't one in one process.
 *
 * @throws {UsageError} If it is such a training.
 */
export function refuseLooks(
  option: string,
  { distributed, stream, members }: {
    readonly distributed: unknown;
    readonly stream?: unknown;
    readonly members: number;
  },
): void {
  const reason = distributed !== undefined
    ? "several processes train the network together"
    : stream !== undefined
    ? "the data comes in pieces"
    : members > 1
    ? "there are several networks"
    : undefined;
  if (reason === undefined) return;
  throw new UsageError(
    `Cannot train with '--${option}' as ${reason}: leave it out`,
  );
}

/** Writes a trace. */
export async function writeTrace(
  path: string,
  spans: readonly Span[],
): Promise<void> {
  const text = JSON.stringify(traceOf(spans));
  await writeAtomically(path, new TextEncoder().encode(text));
}
