import { dirname } from "node:path";
import { systemError } from "./system_error.ts";

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written));
  }
}

/** Removes a file that couldn't be finished, and returns why; and why it couldn't be removed either. */
async function removed(path: string, cause: unknown): Promise<unknown> {
  try {
    await Deno.remove(path);
    return cause;
  } catch (error) {
    const { message } = cause as Error;
    return new Error(
      `${message}, nor can '${path}' be removed: ${(error as Error).message}`,
      { cause },
    );
  }
}

/**
 * Writes a file as a whole, or not at all: what is there under its name is the old file or the new one, even if the
 * process or the machine stops in between. The bytes go to a new file in the same folder, are written to the disk, and
 * then get the name. If that fails, the new file is removed.
 *
 * A link under this name is replaced, not the file that it leads to.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 * @throws {Deno.errors.NotCapable} If the permission to write to the folder, or to read it, is missing.
 * @throws {Error} If the system refuses, with the class of its error.
 *
 * @example
 * ```ts
 * import { writeAtomically } from "./write_atomically.ts";
 *
 * const path = await Deno.makeTempFile();
 * await writeAtomically(path, new TextEncoder().encode("all or nothing"));
 * console.log(await Deno.readTextFile(path)); // all or nothing
 * await Deno.remove(path);
 * ```
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await Deno.open(temporary, { write: true, createNew: true });
    try {
      try {
        await writeAll(file, bytes);
        await file.syncData();
      } finally {
        file.close();
      }
      await Deno.rename(temporary, path);
    } catch (cause) {
      throw await removed(temporary, cause);
    }
  } catch (cause) {
    throw systemError("write", path, cause, dirname(path));
  }
}
