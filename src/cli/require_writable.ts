import { explainedError } from "../checks/errors.ts";
import { endingsWanted } from "../checks/nearest.ts";
import { dirname } from "node:path";
import { systemError } from "../io/system_error.ts";
import { tryToWrite } from "../io/write_atomically.ts";
import { UsageError } from "./arguments.ts";

/**
 * How the name of a file to write ends.
 *
 * @throws {UsageError} If it is none of the endings.
 */
export function requireEnding<Ending extends string>(
  path: string,
  endings: readonly Ending[],
): Ending {
  const found = endings.find((one) => path.toLowerCase().endsWith(one));
  if (found !== undefined) return found;
  throw new UsageError(
    `Cannot write '${path}' as its name must end in ${
      endingsWanted(path, endings)
    }`,
  );
}

/**
 * Refuses a file that can't be written, before the work whose result is to go there: a small file is written to its place
 * and removed. Asks for the permission, if it wasn't given and there is a terminal.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 * @throws {Deno.errors.NotADirectory} If the folder is a file.
 * @throws {Deno.errors.IsADirectory} If the file is a folder.
 * @throws {Deno.errors.NotCapable} If the permission is missing.
 * @throws {RangeError} If it is a device, pipe or socket.
 * @throws {Error} If the system refuses, such as where the disk is full or can only be read.
 */
export async function requireWritable(path: string): Promise<void> {
  const folder = dirname(path);
  const { state } = await Deno.permissions.request({
    name: "write",
    path: folder,
  });
  if (state !== "granted") {
    throw systemError("write", path, new Deno.errors.NotCapable(), folder);
  }
  if (!await isFolder(path, folder)) {
    throw explainedError(
      new Deno.errors.NotADirectory(
        `Cannot write '${path}' as '${folder}' is not a folder`,
      ),
    );
  }
  if (await isFolder(path, path)) {
    throw explainedError(
      new Deno.errors.IsADirectory(
        `Cannot write '${path}' as it is a folder`,
      ),
    );
  }
  await tryToWrite(path);
}

async function isFolder(path: string, name: string): Promise<boolean> {
  try {
    return (await Deno.stat(name)).isDirectory;
  } catch (cause) {
    if (name === path && cause instanceof Deno.errors.NotFound) return false;
    throw systemError("write", path, cause, dirname(path));
  }
}
