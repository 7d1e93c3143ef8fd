/** Walks stages as a worker of the pool does, with units that come out wrong wherever workers aren't in step. */
import { ABORT, ENDING, STAGES_DONE } from "../../src/pool/control.ts";
import type { Answer, Run, Setup } from "./messages.ts";
import { doUnits, drawStage, finishStage, newStage } from "./stages.ts";

let setup: Setup;
let lockstepModule: typeof import("../../src/pool/lockstep.ts");
let controlModule: typeof import("../../src/pool/control.ts");
let sleeps = 0;

/** Some 100 µs: others that have no core by then come late. */
const LOOKS_AT_START = 50_000;

/** Atomics as the runtime has it. */
const { add, compareExchange, load, notify, store, wait } = Atomics;

/** Lets some time pass, some nanoseconds a look, without sleep. */
function pause(looks: number): void {
  while (looks-- > 0) load(setup.started, 0);
}

let noise = 1;

/** Marsaglia's xorshift: any noise will do, if it is cheap. */
function drawNoise(): number {
  noise ^= noise << 13;
  noise ^= noise >>> 17;
  noise ^= noise << 5;
  return noise >>> 0;
}

/**
 * Before some of the operations a pause, which opens the gaps between them: what else happens once in a million times there
 * happens often then. Operations that aren't of Atomics keep their gaps.
 */
function noisy<A extends unknown[], R>(operation: (...args: A) => R) {
  return (...args: A): R => {
    const draw = drawNoise() % 128;
    if (draw < 8) pause(drawNoise() % (draw === 0 ? 4_000 : 200));
    return operation(...args);
  };
}

/** Counts the sleeps that really were. */
function counted(...args: unknown[]): string {
  const how = (wait as (...args: unknown[]) => string)(...args);
  if (how === "ok") sleeps++;
  return how;
}

const PLAIN = { add, compareExchange, load, notify, store, wait: counted };
const NOISY = Object.fromEntries(
  Object.entries(PLAIN).map(([name, operation]) => [
    name,
    noisy(operation as (...args: unknown[]) => unknown),
  ]),
);

/** The other end, under the type that both ends of a worker share. */
const main = globalThis as unknown as Pick<
  Worker,
  "postMessage" | "addEventListener"
>;

function walk({ nth, from, to, spins, noisy, ending }: Run): Answer {
  const { control, cells, started, workers, ith, seed } = setup;
  const { Lockstep, RunAborted } = lockstepModule;
  const { abortRun, stopRun } = controlModule;
  const lockstep = new Lockstep(control, workers, ith, spins);
  const stage = newStage();
  let latest = Infinity;
  let defect: string | undefined;
  let number = from;
  sleeps = 0;

  let ended = ending === undefined;
  const end = () => {
    ended = true;
    pause(ending!.pause);
    if (ending!.how === "abort") {
      abortRun(control);
      throw new RunAborted();
    }
    stopRun(control);
    // The stage that is under way may be finished, and one that must not be stopped.
    latest = from + load(control, STAGES_DONE) + 2;
  };

  // Who comes first would do a good part of the run before the others have their message.
  add(started, 0, 1);
  let looks = LOOKS_AT_START;
  while (looks-- > 0 && load(started, 0) < nth * workers);
  Object.assign(Atomics, noisy ? NOISY : PLAIN);

  try {
    lockstep.start(workers);
    for (; number < to; number++) {
      drawStage(seed, number, stage);
      lockstep.enter(stage.units);
      const due = !ended && number >= ending!.stage;
      if (due && !ending!.inPiece) end();
      while (true) {
        const aborted = load(control, ENDING) === ABORT;
        if (!lockstep.claim(stage.least, stage.most, number % 2 === 0)) break;
        if (aborted) defect = `stage ${number}: claimed after an abort`;
        const { from: first, to: last } = lockstep;
        const half = (first + last) >> 1;
        doUnits(cells, stage, first, half);
        if (due && !ended) end();
        doUnits(cells, stage, half, last);
        if (!lockstep.complete()) continue;
        finishStage(cells, stage);
        lockstep.advance();
      }
      lockstep.leave();
    }
  } catch (error) {
    if (!(error instanceof RunAborted)) throw error;
  }
  return { reached: number, latest, sleeps, defect };
}

main.addEventListener("message", async ({ data }: MessageEvent) => {
  if ("seed" in data) {
    setup = data;
    lockstepModule = await import(setup.modules.lockstep);
    controlModule = await import(setup.modules.control);
    main.postMessage("ready");
  } else {
    main.postMessage(walk(data));
  }
});
