/** Lets workers walk millions of stages in step, and compares every run with what one thread computes. */
import {
  abortRun,
  claimedSlot,
  COMPLETED,
  CONTROL_BYTES,
  resetControl,
  STAGES_DONE,
  STOPPED_AT,
  stopRun,
} from "../../src/pool/control.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import type { Answer, Ending, Run, Setup } from "./messages.ts";
import { checksum, LENGTH, nextLong, walkAlone } from "./stages.ts";

export interface StressOptions {
  readonly stages: number;
  readonly workers: number;
  readonly seed: number;
  /** The modules to test. Default: those of the project */
  readonly modules?: Setup["modules"];
  /** Seconds without any progress that are a hang. Default: 60, where a stage takes microseconds */
  readonly patience?: number;
}

/** The result of a run of the stress test. */
export interface Outcome {
  runs: number;
  /** Runs that ended early. */
  stopped: number;
  aborted: number;
  /** How often a worker slept until it was woken. */
  sleeps: number;
  checksum: string;
}

/** Workers that weren't in step. */
export class StressDefect extends Error {
  constructor(readonly stage: number, what: string) {
    super(what);
    this.name = "StressDefect";
  }
}

/** Looks before a worker sleeps: none and few so that they do, many as in a training. */
const SPINS = [0, 3, 300, 300, 16_000, 16_000, 16_000, 16_000];

/** Stages of a run, at most: some are short, as much can go wrong where they end. */
const MOST_STAGES = [200, 200, 3_000];

/** Who may end a run early. */
const ENDERS = ["nobody", "nobody", "worker", "workers", "workers", "main"];

/** Looks before a worker ends a run: none, so that several do it at once, or so many that the others are asleep by then. */
const PAUSES = [0, 0, 0, 100_000];

export const MODULES: Setup["modules"] = {
  lockstep: import.meta.resolve("../../src/pool/lockstep.ts"),
  control: import.meta.resolve("../../src/pool/control.ts"),
};

/**
 * Walks that many stages. Many runs are stopped or aborted, by a worker, by several at once or by this thread; the next one
 * goes on where it was, so that the checksum depends on the seed alone.
 *
 * @throws {StressDefect} If the workers weren't in step, or hang.
 */
export async function stress(options: StressOptions): Promise<Outcome> {
  const { stages, workers, seed, modules = MODULES } = options;
  const control = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES));
  const cells = new Int32Array(new SharedArrayBuffer(4 * LENGTH));
  const started = new Int32Array(new SharedArrayBuffer(4));
  const expected = new Int32Array(LENGTH);
  const random = new Xoshiro128(seed);
  const below = (limit: number) => random.below(limit);
  const outcome = { runs: 0, stopped: 0, aborted: 0, sleeps: 0 };
  const threads = Array.from(
    { length: workers },
    () =>
      new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  );
  try {
    const setup = { control, cells, started, workers, seed, modules };
    await Promise.all(
      threads.map((thread, ith) =>
        ask(thread, { ...setup, ith } satisfies Setup)
      ),
    );
    for (let from = 0; from < stages;) {
      const spins = threads.map(() => SPINS[below(SPINS.length)]);
      let to = from + 1 + below(MOST_STAGES[below(MOST_STAGES.length)]);
      // Whom nobody wakes in the last stage nobody wakes any more.
      if (below(2) === 0) to = nextLong(seed, to - 1) + 1;
      to = Math.min(stages, to);
      // Several at the same stage do it at once, as they have just left the one before together.
      const who = ENDERS[below(ENDERS.length)];
      const stage = from + below(to - from);
      const chosen = below(workers);
      const runs = threads.map((_, ith): Run => {
        const noisy = below(2) === 0;
        const run = {
          nth: outcome.runs + 1,
          from,
          to,
          spins: spins[ith],
          noisy,
        };
        const ending: Ending = {
          how: below(2) === 0 ? "stop" : "abort",
          stage,
          inPiece: below(2) === 0,
          pause: PAUSES[below(PAUSES.length)],
        };
        return who === "workers" || (who === "worker" && ith === chosen)
          ? { ...run, ending }
          : run;
      });
      resetControl(control);
      let latest = Infinity;
      const timer = who === "main"
        ? setTimeout(
          (end: "stop" | "abort") => {
            if (end === "abort") return abortRun(control);
            stopRun(control);
            latest = from + Atomics.load(control, STAGES_DONE) + 2;
          },
          below(4),
          below(2) === 0 ? "stop" : "abort",
        )
        : undefined;
      const answers = await watched(
        Promise.all(threads.map((thread, ith) => ask(thread, runs[ith]))),
        control,
        { from, patience: options.patience ?? 60 },
      ) as Answer[];
      clearTimeout(timer);

      outcome.runs++;
      for (const { sleeps, defect } of answers) {
        outcome.sleeps += sleeps;
        if (defect !== undefined) throw new StressDefect(from, defect);
      }
      // Who is in a stage has seen that the one before is done.
      const reached = Math.max(...answers.map(({ reached }) => reached));
      latest = Math.min(latest, ...answers.map(({ latest }) => latest));
      if (reached > latest) {
        throw new StressDefect(
          from,
          `stage ${reached} was reached, although a stop was to end the run at stage ${latest}`,
        );
      }
      const stoppedAt = Atomics.load(control, STOPPED_AT);
      if (stoppedAt >= 0) {
        const at = from + stoppedAt;
        const what = at % 2 !== 0
          ? "which must not be stopped"
          : `but stage ${reached} was reached`;
        if (at % 2 !== 0 || at !== reached) {
          throw new StressDefect(from, `stopped at stage ${at}, ${what}`);
        }
      }
      if (stoppedAt >= 0) outcome.stopped++;
      else if (answers.some((answer) => answer.reached < to)) outcome.aborted++;

      walkAlone(expected, seed, from, reached);
      const next = expected.slice();
      // Of the stage in which the run ended, units are done or not; none if it came to its end.
      if (reached < to) walkAlone(next, seed, reached, reached + 1);
      const wrong = cells.findIndex((cell, at) =>
        cell !== expected[at] && cell !== next[at]
      );
      if (wrong >= 0) {
        throw new StressDefect(
          from,
          `cell ${wrong} is ${cells[wrong]} instead of ${
            expected[wrong]
          } after the stages ${from} to ${reached}`,
        );
      }
      cells.set(expected);
      from = reached;
    }
  } finally {
    // A Web Worker that is terminated in its sleep would keep the process alive.
    abortRun(control);
    for (const thread of threads) thread.terminate();
  }
  return { ...outcome, checksum: checksum(cells) };
}

/** Sends a message and waits for the answer. */
function ask(thread: Worker, message: Setup | Run): Promise<unknown> {
  return new Promise((resolve, reject) => {
    thread.onmessage = ({ data }) => resolve(data);
    thread.onerror = (event) => {
      event.preventDefault();
      reject(event.error ?? new Error(event.message));
    };
    thread.postMessage(message);
  });
}

/** Waits for the end of a run as long as its counters go on. Looks are counted, so that a process may be halted. */
async function watched<T>(
  run: Promise<T>,
  control: Int32Array,
  { from, patience }: { from: number; patience: number },
): Promise<T> {
  const LOOKS_PER_SECOND = 4;
  let timer: ReturnType<typeof setInterval> | undefined;
  let [before, looks] = ["", 0];
  const hang = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const [claimed, completed, done] = [
        claimedSlot(0),
        COMPLETED,
        STAGES_DONE,
      ]
        .map((slot) => Atomics.load(control, slot));
      const now =
        `${claimed} units of the first range claimed, ${completed} completed, ${done} stages done`;
      looks = now === before ? looks + 1 : 0;
      before = now;
      if (looks < patience * LOOKS_PER_SECOND) return;
      reject(
        new StressDefect(
          from,
          `no progress for ${patience} s in the run from stage ${from} on: ${now}`,
        ),
      );
    }, 1000 / LOOKS_PER_SECOND);
  });
  try {
    return await Promise.race([run, hang]);
  } finally {
    clearInterval(timer);
  }
}
