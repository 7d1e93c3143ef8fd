/** Runs the commands of the command line as processes of their own, for tests. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Call } from "./shared_process.ts";

/** The folder of deno.json, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Names of the commands, which are those of their tasks. */
export type CommandName =
  | "train"
  | "validate"
  | "search"
  | "evaluate"
  | "predict"
  | "export"
  | "compare"
  | "plot"
  | "inspect"
  | "serve";

/** How a process is run. */
export interface RunOptions {
  /** Permissions instead of those of the task. */
  readonly permissions?: readonly string[];
  /** What it reads from stdin; nothing if left out. */
  readonly stdin?: string | Uint8Array<ArrayBuffer>;
  /** Whether it takes the default number of workers instead of one. */
  readonly allWorkers?: boolean;
}

/** What became of a process. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command with its arguments. */
export interface Command extends RunOptions {
  readonly name: CommandName;
  readonly args: Arguments;
}

/** A command that is to be refused. */
export interface Refusal extends Command {
  /** What is wrong, if the arguments don't tell. */
  readonly title?: string;
  /** What it is to say about it. */
  readonly message: RegExp;
}

/** Arguments, or text with a space between each and the next. */
export type Arguments = string | readonly string[];

/** Commands that take `--workers`. One worker is faster for tests as small as these. */
const COMPUTING: readonly CommandName[] = [
  ...["train", "validate", "search", "evaluate", "predict"] as const,
];

/** How many processes run at a time: most keep one core busy. */
const AT_A_TIME = 3;

/** An event of `train --json`, or any other object of JSON. */
// deno-lint-ignore no-explicit-any -- the tests look into what JSON.parse() returns
export type Json = any;

/** Runs commands in a new folder, the only one where they may write. It has the tables of `data`. */
export class CommandLine {
  /** The folder, without a slash at its end. */
  readonly folder = Deno.makeTempDirSync();
  /** A copy of the project's lock file, to which commands add what they fetch. */
  readonly #lock = Deno.makeTempFileSync({ suffix: ".lock" });

  constructor() {
    Deno.copyFileSync(`${ROOT}deno.lock`, this.#lock);
    for (const name of ["iris.csv", "diabetes.csv"]) {
      Deno.copyFileSync(`${ROOT}data/${name}`, this.path(name));
    }
    Deno.test.afterAll(() => {
      Deno.removeSync(this.folder, { recursive: true });
      Deno.removeSync(this.#lock);
    });
  }

  /** The path of a file in the folder. */
  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** The path of a command's program. */
  program(name: CommandName): string {
    return `${ROOT}src/cli/${name}.ts`;
  }

  /** Writes a file to the folder. */
  write(name: string, content: string | Uint8Array): void {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    Deno.writeFileSync(this.path(name), bytes);
  }

  /** Reads a file of JSON in the folder. */
  readJson(name: string): Json {
    return JSON.parse(Deno.readTextFileSync(this.path(name)));
  }

  /** Starts a command, with exactly its task's permissions and one worker unless told otherwise. */
  start(
    name: CommandName,
    args: Arguments,
    options: RunOptions = {},
  ): Deno.ChildProcess {
    return this.#spawn(
      name,
      this.program(name),
      this.#words(name, args, options),
      options,
    );
  }

  /** All arguments of a command. */
  #words(
    name: CommandName,
    args: Arguments,
    { allWorkers = false }: RunOptions,
  ): string[] {
    const words = split(args);
    const one = COMPUTING.includes(name) && !allWorkers &&
      !words.includes("--workers");
    return [...(one ? ["--workers", "1"] : []), ...words];
  }

  #spawn(
    name: CommandName,
    program: string,
    args: readonly string[],
    { permissions, stdin }: RunOptions,
  ): Deno.ChildProcess {
    const tasks = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)).tasks;
    const task: string[] = tasks[name].command.split(" ");
    const options = permissions === undefined
      ? task.slice(2, -1).map((option) =>
        option.replace(/^--lock=.*/, `--lock=${this.#lock}`)
      )
      : ["--no-prompt", ...permissions];
    return new Deno.Command(Deno.execPath(), {
      args: [
        // Without it, downloads to a new cache would be reported on stderr.
        ...["run", "--quiet", ...options, program],
        ...args,
      ],
      cwd: this.folder,
      env: { NO_COLOR: "1" },
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs a command to its end. */
  async run(
    name: CommandName,
    args: Arguments,
    options: RunOptions = {},
  ): Promise<Finished> {
    return await finish(this.start(name, args, options), options.stdin);
  }

  /** Runs commands with the permissions of the first's task, one after another in one process. */
  async #runShared(commands: readonly Command[]): Promise<Finished[]> {
    const calls = commands.map((one): Call => ({
      program: this.program(one.name),
      args: this.#words(one.name, one.args, one),
    }));
    const program = `${ROOT}tests/cli/shared_process.ts`;
    const args = [JSON.stringify(calls)];
    const child = this.#spawn(commands[0].name, program, args, {});
    const { stdout, stderr } = await finish(child, undefined);
    assert.equal(stderr, "");
    const finished: Finished[] = jsonLines(stdout);
    assert.equal(finished.length, commands.length);
    return finished;
  }

  /** Runs a command that has to succeed without a word on stderr, and returns what it printed. */
  async output(
    name: CommandName,
    args: Arguments,
    options: RunOptions = {},
  ): Promise<string> {
    const { code, stdout, stderr } = await this.run(name, args, options);
    assert.equal(stderr, "");
    assert.equal(code, 0);
    return stdout;
  }

  /** Runs a command with `--json`, and returns what each line holds. */
  async json(
    name: CommandName,
    args: Arguments,
    options: RunOptions = {},
  ): Promise<Json[]> {
    return jsonLines(
      await this.output(name, [...split(args), "--json"], options),
    );
  }

  /** Runs a command that has to refuse: one line on stderr, nothing on stdout, exit status 2. */
  async refused(
    name: CommandName,
    args: Arguments,
    message: RegExp,
    options: RunOptions = {},
  ): Promise<void> {
    requireRefused(await this.run(name, args, options), message);
  }

  /** Runs commands. Those of a name share a process, but for what needs permissions or stdin of its own. */
  async runAll(commands: readonly Command[]): Promise<Finished[]> {
    const groups = Map.groupBy(
      commands,
      (one) => (one.permissions ?? one.stdin) === undefined ? one.name : one,
    );
    const finished = new Map<Command, Finished>();
    await someAtATime([...groups], async ([of, group]) => {
      const found = of === group[0]
        ? [await this.run(of.name, of.args, of)]
        : await this.#runShared(group);
      for (const [at, one] of group.entries()) finished.set(one, found[at]);
    });
    return commands.map((one) => finished.get(one)!);
  }

  /** Runs commands that all have to refuse; each is a step. */
  async refusedAll(
    test: Deno.TestContext,
    refusals: readonly Refusal[],
  ): Promise<void> {
    const finished = await this.runAll(refusals);
    for (const [at, { title, name, args, message }] of refusals.entries()) {
      await test.step(
        title ?? `${name} ${args}`,
        () => requireRefused(finished[at], message),
      );
    }
  }
}

/** What becomes of a process that is given `stdin`. */
async function finish(
  child: Deno.ChildProcess,
  stdin: RunOptions["stdin"],
): Promise<Finished> {
  const written = stdin === undefined
    ? undefined
    : new Blob([stdin]).stream().pipeTo(child.stdin);
  const { code, stdout, stderr } = await child.output();
  await written;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Calls `use` for each item, a few at a time, and returns the results in the order of the items. */
export async function someAtATime<T, R>(
  items: readonly T[],
  make: (item: T, at: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await make(items[at], at);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return results;
}

function requireRefused(
  { code, stdout, stderr }: Finished,
  message: RegExp,
): void {
  assert.match(stderr, message);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.equal(stdout, "");
  assert.equal(code, 2);
}

/** What each line of text holds as JSON. */
export function jsonLines(text: string): Json[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** Cells of separated values without quotes, row after row. */
export function cellsOf(text: string): string[][] {
  return text.trimEnd().split("\n").map((line) => line.split(","));
}

function split(args: Arguments): readonly string[] {
  return typeof args === "string" ? args.split(" ") : args;
}
