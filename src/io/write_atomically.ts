import { isMistake, WrongValueError } from "../checks/errors.ts";
import { files } from "../runtime/files.ts";
import type { OpenFile } from "../runtime/open_file.ts";
import { basename, dirname, join } from "../runtime/paths.ts";
import { NotFound } from "../runtime/system_errors.ts";
import { systemError } from "./system_error.ts";

/** What a temporary file has behind the name of the file that it becomes. */
const TEMPORARY =
  /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.lockstep\.tmp$/;

/** Bytes that are written to try whether there is room: one block of most disks. */
const TRIED_BYTES = 4096;

async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written));
  }
}

/** Removes an unfinished file and returns `cause`, or an error that says as well why it couldn't be removed. */
async function removed(path: string, cause: unknown): Promise<unknown> {
  try {
    await files.remove(path);
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
 * Locks a file, and returns whether that worked: false if another process has locked it, undefined where there are no locks,
 * as on some network disks. A lock ends with its process, so that an unlocked temporary file is one left behind.
 */
async function tryLock(file: OpenFile): Promise<boolean | undefined> {
  try {
    return await file.tryLock(true);
  } catch {
    return undefined;
  }
}

/** Removes a temporary file if no process writes to it any more. If that fails, the file stays: it does no harm. */
async function removeIfLeft(path: string): Promise<void> {
  try {
    using file = await files.open(path);
    if (await tryLock(file) === true) await files.remove(path);
  } catch { /* Of another user, or removed just now. */ }
}

/** Removes the temporary files of processes that were killed while they wrote the file at `path`. */
async function removeLeftBehind(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  try {
    for await (const entry of files.readDir(folder)) {
      if (!entry.isFile || !entry.name.startsWith(name)) continue;
      if (!TEMPORARY.test(entry.name.slice(name.length))) continue;
      await removeIfLeft(join(folder, entry.name));
    }
  } catch {
    /* The folder can't be read: writing to it will fail, and say why. */
  }
}

/** @throws {RangeError} If something other than a file has the name, such as a device. A folder is refused by the system. */
async function requireFile(path: string): Promise<void> {
  try {
    const { isFile, isDirectory } = await files.stat(path);
    if (isFile || isDirectory) return;
  } catch (error) {
    if (error instanceof NotFound) return;
    throw error;
  }
  throw new WrongValueError(
    `Cannot write '${path}' as it must be a file: a device, pipe or socket is not replaced`,
  );
}

/** Writes a temporary file beside `path`, and calls `use` with its path. If that fails, the file is removed. */
async function withTemporary(
  path: string,
  bytes: Uint8Array,
  use: (temporary: string) => Promise<void>,
): Promise<void> {
  await requireFile(path);
  // Before anything is written, as the disk may be full of them.
  await removeLeftBehind(path);
  const temporary = `${path}.${crypto.randomUUID()}.lockstep.tmp`;
  using file = await files.open(temporary, { write: true, createNew: true });
  // Before the lock, another process may have taken it for one left behind, and locked or removed it: then try again.
  const locked = await tryLock(file);
  if (locked === false || (await file.stat()).nlink === 0) {
    return await withTemporary(path, bytes, use);
  }
  try {
    await writeAll(file, bytes);
    await file.syncData();
    await use(temporary);
  } catch (cause) {
    throw await removed(temporary, cause);
  }
}

/**
 * Writes a file as a whole, or not at all: under its name there is the old file or the new one, even if the process or the
 * machine stops in between. The bytes go to a temporary file in the same folder, are flushed to the disk, and the file is
 * renamed. If that fails, the temporary file is removed; if the process is killed, the next write to `path` removes it.
 *
 * If `path` is a link, the link is replaced, not the file that it leads to.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 * @throws {Deno.errors.NotCapable} If the permission to write to the folder, or to read it, is missing.
 * @throws {RangeError} If a device, pipe or socket has the name.
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
  try {
    await withTemporary(path, bytes, (made) => files.rename(made, path));
  } catch (cause) {
    throw systemError("write", path, cause, dirname(path));
  }
}

/**
 * Tries whether {@linkcode writeAtomically} can write a file, by writing and removing a small one beside it: for use before
 * work that takes long.
 *
 * @throws As {@linkcode writeAtomically} does.
 */
export async function tryToWrite(path: string): Promise<void> {
  const bytes = new Uint8Array(TRIED_BYTES);
  try {
    await withTemporary(path, bytes, (made) => files.remove(made));
  } catch (cause) {
    throw systemError("write", path, cause, dirname(path));
  }
}

/**
 * Makes sure that a file can be read again before it is written: it must not replace an older file that can.
 *
 * @param name Of the file, for errors.
 * @param read Decodes what is to be written, and throws if that fails.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or a length doesn't fit.
 */
export function requireReadable(name: string, read: () => void): void {
  try {
    read();
  } catch (cause) {
    if (!isMistake(cause)) throw cause;
    const Kind = cause.constructor as ErrorConstructor;
    throw new Kind(
      `Cannot write '${name}' as it could not be read again: ${cause.message}`,
      { cause },
    );
  }
}
