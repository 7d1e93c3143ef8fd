/**
 * Runs commands one after another in this process, for tests of many that differ in a word: the argument has them as JSON, and
 * each line of stdout is what became of one. A command's module is loaded anew each time, what it imports is not.
 */
import type { Finished } from "./command_line.ts";

/** A command's program, and its arguments. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
}

/** Thrown where a command ends its process. */
class Ended extends Error {
  constructor(readonly code: number) {
    super();
  }
}

const calls: readonly Call[] = JSON.parse(Deno.args[0]);
const { log, error } = console;
// Deno 2.9.6 ends where nothing else is awaited than a module that will throw.
const waiting = setInterval(() => {}, 1000);

for (const [at, { program, args }] of calls.entries()) {
  const written = { stdout: "", stderr: "" };
  console.log = (text: string) => void (written.stdout += `${text}\n`);
  console.error = (text: string) => void (written.stderr += `${text}\n`);
  Deno.args.splice(0, Infinity, ...args);
  Deno.exit = (code = Deno.exitCode) => {
    throw new Ended(code);
  };
  let code: number;
  try {
    await import(`${program}?${at}`);
    throw new Error("The command didn't end its process");
  } catch (reason) {
    const ended = reason instanceof Ended;
    code = ended ? reason.code : 1;
    if (!ended) console.error(`${(reason as Error).stack}`);
  }
  Object.assign(console, { log, error });
  console.log(JSON.stringify({ code, ...written } satisfies Finished));
}
clearInterval(waiting);
