/** How tests start ranks, with each MPI that is installed. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** Ranks that hang are ended, so that the test fails. */
export const LIMIT = 120_000;

const RANK = fileURLToPath(new URL("rank.ts", import.meta.url));

/**
 * As root, and with more ranks than cores, Open MPI wants to be asked twice. It comes first, for the tests that one of them is
 * enough for, as it takes less time where cores are busy.
 */
export const STARTERS = {
  "Open MPI": ["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe"],
  "MPICH": ["mpirun.mpich"],
} as const;

export type Family = keyof typeof STARTERS;

/**
 * A command with its folder, links followed: Open MPI finds its files from there, and `/bin` is `/usr/bin` where it doesn't
 * know that.
 */
async function pathOf(command: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      const path = `${await Deno.realPath(folder)}/${command}`;
      await Deno.stat(path);
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** Where the commands are. */
export const paths = new Map<Family, string>();
export const installed: Family[] = [];
for (const family of Object.keys(STARTERS) as Family[]) {
  const path = await pathOf(STARTERS[family][0]);
  if (path === undefined) {
    console.log(`${family} isn't installed: its tests are left out`);
    continue;
  }
  paths.set(family, path);
  installed.push(family);
}

export const [first] = installed;
export const only = { ignore: first === undefined };

/** Runs a task of rank.ts; returns what each rank has. */
export async function ranks<T>(
  family: Family,
  count: number,
  ...task: string[]
): Promise<T[]> {
  const found = await outcomes(family, count, task);
  return found.map(([outcome]) => outcome as T);
}

/** Runs several tasks in the same processes, which takes less time; returns what each rank has of each. */
export async function outcomes(
  family: Family,
  count: number,
  task: readonly string[],
): Promise<unknown[][]> {
  const { code, stdout, stderr } = await start(family, count, task);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

export function commandOf(
  family: Family,
  count: number,
  task: readonly string[],
): [command: string, args: string[]] {
  const [, ...options] = STARTERS[family];
  return [paths.get(family)!, [
    ...[...options, "-n", `${count}`, Deno.execPath(), "run", "--no-check"],
    ...["--allow-read", "--allow-write", "--allow-ffi", RANK, ...task],
  ]];
}

export async function start(
  family: Family,
  count: number,
  task: readonly string[],
) {
  const [command, args] = commandOf(family, count, task);
  const output = await new Deno.Command(command, {
    args,
    signal: AbortSignal.timeout(LIMIT),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code: output.code,
    stdout: text(output.stdout),
    stderr: text(output.stderr),
  };
}
