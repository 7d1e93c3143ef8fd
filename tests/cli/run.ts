import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a command printed, and how it ended. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The commands and the permissions that they have in deno.json, but to write in any folder. */
const WRITERS = ["train", "export"];

/** The arguments of deno that run a command. */
export function commandLine(
  command: string,
  args: readonly string[],
  write = WRITERS.includes(command),
): string[] {
  return [
    ...["run", "--no-prompt", "--allow-read"],
    ...(write ? ["--allow-write"] : []),
    ...[`${ROOT}src/cli/${command}.ts`, ...args],
  ];
}

/** Runs a command to its end, with `input` on stdin. */
export async function run(
  command: string,
  args: readonly string[],
  { input = "", write }: { input?: string; write?: boolean } = {},
): Promise<Output> {
  const child = new Deno.Command(Deno.execPath(), {
    args: commandLine(command, args, write),
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const writer = child.stdin.getWriter();
  // A command that fails at once has closed its end.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** The JSON objects in the lines of a text. */
// deno-lint-ignore no-explicit-any -- each command has its own
export function objects(stdout: string): any[] {
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}
