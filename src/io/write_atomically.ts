import { basename, dirname, join } from "node:path";
import { isMistake, WrongValueError } from "../checks/errors.ts";
import { systemError } from "./system_error.ts";

/** What follows the name of a file in that of the one that is written first. */
const TEMPORARY =
  /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.lockstep\.tmp$/;

/** Bytes that are written to find out whether there is room: one block of most disks. */
const TRIED_BYTES = 4096;

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
 * Locks a file, unless somebody else has. The lock ends with the process that has it, however that ends. Some disks of other
 * machines know no locks: there no file is taken for one left behind, and none has to be told from it.
 */
async function tryLock(file: Deno.FsFile): Promise<boolean | undefined> {
  try {
    return await file.tryLock(true);
  } catch {
    return undefined;
  }
}

/** Removes a file if nobody writes it any more. Where that fails the file is in nobody's way, so it stays. */
async function removeIfLeft(path: string): Promise<void> {
  try {
    using file = await Deno.open(path);
    if (await tryLock(file) === true) await Deno.remove(path);
  } catch { /* Somebody else's, or removed just now. */ }
}

/** Removes what writers of a file have left behind that were killed. */
async function removeLeftBehind(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.isFile || !entry.name.startsWith(name)) continue;
      if (!TEMPORARY.test(entry.name.slice(name.length))) continue;
      await removeIfLeft(join(folder, entry.name));
    }
  } catch { /* Why the folder can't be read, to write there says too. */ }
}

/** @throws {RangeError} If something else than a file has the name, such as a device; a folder is refused by the system. */
async function requireFile(path: string): Promise<void> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isFile || isDirectory) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new WrongValueError(
    `Cannot write '${path}' as it must be a file: a device, pipe or socket is not replaced`,
  );
}

/** Writes a new file beside `path`, and lets `use` do something with it. It is removed if that fails. */
async function withTemporary(
  path: string,
  bytes: Uint8Array,
  use: (temporary: string) => Promise<void>,
): Promise<void> {
  await requireFile(path);
  // First, as the disk may be full of them.
  await removeLeftBehind(path);
  const temporary = `${path}.${crypto.randomUUID()}.lockstep.tmp`;
  using file = await Deno.open(temporary, { write: true, createNew: true });
  // Another writer may take it for one left behind before it is locked.
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
 * Writes a file as a whole, or not at all: what is there under its name is the old file or the new one, even if the
 * process or the machine stops in between. The bytes go to a new file in the same folder, are written to the disk, and
 * then get the name. If that fails, the new file is removed; if the process is killed, by whoever writes the file next.
 *
 * A link under this name is replaced, not the file that it leads to.
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
    await withTemporary(path, bytes, (made) => Deno.rename(made, path));
  } catch (cause) {
    throw systemError("write", path, cause, dirname(path));
  }
}

/**
 * Finds out whether {@linkcode writeAtomically} can write a file: writes and removes a small one in its place. For work that
 * takes long, before it begins.
 *
 * @throws As {@linkcode writeAtomically} does.
 */
export async function tryToWrite(path: string): Promise<void> {
  const bytes = new Uint8Array(TRIED_BYTES);
  try {
    await withTemporary(path, bytes, (made) => Deno.remove(made));
  } catch (cause) {
    throw systemError("write", path, cause, dirname(path));
  }
}

/**
 * Makes sure that what is to be written can be read again: it must not take the place of an older file that can.
 *
 * @param name Of the file, for errors.
 * @param read Reads it as from the file, and throws if it isn't right.
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
