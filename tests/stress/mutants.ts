/** Weakened copies of the code that keeps workers in step, to show that the stress test finds the defects it is meant for. */
import assert from "node:assert/strict";
import { MODULES, stress, StressDefect } from "./run_stress.ts";

interface Mutant {
  readonly name: string;
  readonly file: "lockstep" | "control";
  /** Texts and their replacements; each text occurs once. */
  readonly changes: readonly (readonly [from: string, to: string])[];
  /** Why it can't be found: nothing goes wrong by it. */
  readonly harmless?: string;
  /** Why it is found only now and then, if at all. */
  readonly rare?: string;
  /** Default: as many as were asked for */
  readonly workers?: number;
}

const CLAIM =
  "const found = Atomics.compareExchange(control, slot, taken, next);";
const ADD = "const before = Atomics.add(this.#control, COMPLETED, size);";
const ADVANCE =
  "Atomics.compareExchange(control, STAGES_DONE, stage, stage + 1);";
const NOTIFY = "Atomics.notify(control, STAGES_DONE);";
const LOOK = "while (Atomics.load(control, STAGES_DONE) === stage) {";
const WAIT = "Atomics.wait(control, STAGES_DONE, stage);";
const ABORT_RUN = `  Atomics.store(control, ENDING, ABORT);
  Atomics.store(control, STAGES_DONE, ALL_STAGES);
`;

export const MUTANTS: readonly Mutant[] = [
  {
    name: "claim: read, compare and write",
    file: "lockstep",
    changes: [[
      CLAIM,
      "const found = control[slot]; if (found === taken) control[slot] = next;",
    ]],
  },
  {
    name: "claim: load, compare and store",
    file: "lockstep",
    changes: [[
      CLAIM,
      "const found = Atomics.load(control, slot); if (found === taken) Atomics.store(control, slot, next);",
    ]],
  },
  {
    name: "claim: an abort isn't looked for",
    file: "lockstep",
    changes: [["if (ending === ABORT) throw new RunAborted();", ""]],
  },
  {
    name: "claim: a stop isn't looked for",
    file: "lockstep",
    changes: [["if (ending === STOP && mayStop) {", "if (false) {"]],
  },
  {
    name: "claim: stops in any stage",
    file: "lockstep",
    changes: [["if (ending === STOP && mayStop) {", "if (ending === STOP) {"]],
  },
  {
    name: "claim: stops without taking what is left",
    file: "lockstep",
    rare:
      "another has to finish the stage, and leave it, between a look and the abort that follows",
    changes: [[
      "Atomics.compareExchange(control, slot, taken, end);",
      "taken;",
    ]],
  },
  {
    name: "claim: takes what is left by a store",
    file: "lockstep",
    rare:
      "another has to take the last units and leave the stage between the load and the abort that follows",
    changes: [[
      "Atomics.compareExchange(control, slot, taken, end);",
      "Atomics.load(control, slot); if (found === taken) Atomics.store(control, slot, end);",
    ]],
  },
  {
    name: "complete: read and write",
    file: "lockstep",
    changes: [[
      ADD,
      "const before = this.#control[COMPLETED]; this.#control[COMPLETED] = before + size;",
    ]],
  },
  {
    name: "complete: load and store",
    file: "lockstep",
    changes: [[
      ADD,
      "const before = Atomics.load(this.#control, COMPLETED); Atomics.store(this.#control, COMPLETED, before + size);",
    ]],
  },
  {
    name: "advance: wakes nobody",
    file: "lockstep",
    changes: [[NOTIFY, ""]],
  },
  {
    name: "advance: wakes one",
    file: "lockstep",
    changes: [[NOTIFY, "Atomics.notify(control, STAGES_DONE, 1);"]],
    workers: 3,
  },
  {
    name: "advance: wakes, then stores",
    file: "lockstep",
    changes: [[NOTIFY, ""], [ADVANCE, `${NOTIFY} ${ADVANCE}`]],
  },
  {
    name: "advance: stores, over an abort too",
    file: "lockstep",
    changes: [[ADVANCE, "Atomics.store(control, STAGES_DONE, stage + 1);"]],
    harmless:
      "all that wait for the stage are let go, and see the abort, which was stored before; nobody waits for the next one",
  },
  {
    name: "leave: doesn't wait",
    file: "lockstep",
    changes: [[LOOK, "while (false) {"]],
  },
  {
    name: "leave: sleeps on whatever it finds",
    file: "lockstep",
    rare:
      "the last stage of a run has to end between two looks, as every later one would wake the sleeper",
    changes: [[
      WAIT,
      "Atomics.wait(control, STAGES_DONE, Atomics.load(control, STAGES_DONE));",
    ]],
  },
  {
    name: "leave: takes one awakening for the end",
    file: "lockstep",
    changes: [[WAIT, `${WAIT} break;`]],
    harmless:
      "the slot changes before anyone is woken, and JavaScript has no spurious awakenings",
  },
  {
    name: "leave: doesn't look for an abort",
    file: "lockstep",
    changes: [[
      "if (Atomics.load(control, ENDING) === ABORT) throw new RunAborted();",
      "",
    ]],
  },
  {
    name: "claim: a plain first look",
    file: "lockstep",
    changes: [[
      "let taken = Atomics.load(control, slot);",
      "let taken = control[slot];",
    ]],
    harmless: "an old count is noticed by the exchange",
  },
  {
    name: "abort: wakes nobody",
    file: "control",
    changes: [[NOTIFY, ""]],
  },
  {
    name: "abort: opens the stages, then says why",
    file: "control",
    changes: [[ABORT_RUN, ABORT_RUN.split("\n").reverse().join("\n")]],
  },
  {
    name: "abort: opens no stages",
    file: "control",
    changes: [["  Atomics.store(control, STAGES_DONE, ALL_STAGES);\n", ""]],
  },
  {
    name: "stop: over an abort too",
    file: "control",
    changes: [[
      "Atomics.compareExchange(control, ENDING, 0, STOP);",
      "Atomics.store(control, ENDING, STOP);",
    ]],
  },
  {
    name: "stop: load, compare and store",
    file: "control",
    rare:
      "another has to abort, a piece half done, between the load and the store",
    changes: [[
      "Atomics.compareExchange(control, ENDING, 0, STOP);",
      "if (Atomics.load(control, ENDING) === 0) Atomics.store(control, ENDING, STOP);",
    ]],
  },
];

/** A module of TypeScript without a file, so that nothing needs to be written. */
function moduleOf(text: string): string {
  return `data:application/typescript,${encodeURIComponent(text)}`;
}

/** The modules with the changes of a mutant. */
export async function mutate({ file, changes }: Mutant) {
  const texts = {
    lockstep: await Deno.readTextFile(new URL(MODULES.lockstep)),
    control: await Deno.readTextFile(new URL(MODULES.control)),
  };
  for (const [from, to] of changes) {
    assert.equal(texts[file].split(from).length, 2, `not there once: ${from}`);
    texts[file] = texts[file].replace(from, () => to);
  }
  const control = moduleOf(texts.control);
  const lockstep = moduleOf(texts.lockstep.replace("./control.ts", control));
  return { lockstep, control };
}

/** What the stress test says of a mutant: nothing if it finds no defect. */
export async function tryMutant(
  mutant: Mutant,
  options: { stages: number; workers: number; seed: number },
): Promise<StressDefect | undefined> {
  try {
    // Runs take milliseconds. Those that can't fail have the time of the others.
    const patience = mutant.harmless === undefined ? 3 : 60;
    const modules = await mutate(mutant);
    const { workers = options.workers } = mutant;
    await stress({ ...options, workers, modules, patience });
    return undefined;
  } catch (error) {
    if (!(error instanceof StressDefect)) throw error;
    return error;
  }
}

/** Tries all. Returns whether all were found that are to be, and none that is harmless. */
export async function tryMutants(
  options: { stages: number; workers: number; seed: number },
): Promise<boolean> {
  let asExpected = true;
  for (const mutant of MUTANTS) {
    const { name, harmless, rare } = mutant;
    const defect = await tryMutant(mutant, options);
    const right = rare !== undefined ||
      (defect === undefined) === (harmless !== undefined);
    if (!right) asExpected = false;
    const found = defect === undefined
      ? `not found in ${options.stages} stages`
      : `found in the run from stage ${defect.stage} on: ${defect.message}`;
    const why = harmless !== undefined
      ? ` (harmless: ${harmless})`
      : rare !== undefined
      ? ` (rare: ${rare})`
      : "";
    console.log(`${right ? "ok   " : "WRONG"}  ${name}: ${found}${why}`);
  }
  return asExpected;
}
