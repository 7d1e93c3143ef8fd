import { requireInteger } from "../checks/validate.ts";
import { UsageError } from "./arguments.ts";

/**
 * The port that is typed.
 *
 * @throws {RangeError} If there is no such port.
 */
export function portOf(option: string, text: string): number {
  const port = text.trim() === "" ? NaN : Number(text);
  return requireInteger("read the command line", option, port, 0, 65_535);
}

/**
 * Makes sure that a server may listen: a prompt in the middle of other output is no way to ask.
 *
 * @param task That has the permission to listen on this machine.
 *
 * @throws {UsageError} If it may not.
 */
export async function requireListening(
  hostname: string,
  task: string,
): Promise<void> {
  const { state } = await Deno.permissions.query({
    name: "net",
    host: hostname,
  });
  if (state === "granted") return;
  throw new UsageError(
    `Cannot listen on ${hostname} as the permission is missing: run the task ${task}, or run again with --allow-net=${hostname}`,
  );
}
