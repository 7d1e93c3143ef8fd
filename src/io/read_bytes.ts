import {
  explainedError,
  isMistake,
  WrongTypeError,
  WrongValueError,
} from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { files } from "../runtime/files.ts";
import type { OpenFile } from "../runtime/open_file.ts";
import { fileURLToPath } from "../runtime/paths.ts";
import { IsADirectory } from "../runtime/system_errors.ts";
import { systemError } from "./system_error.ts";

/** Most bytes of a file. More would, as float32 or as text, take more than the memory that workers can share. */
export const MOST_BYTES = 2 ** 31;

/** Most bytes read in one go: 47 MB in one go hold up the event loop for 40 ms. */
const CHUNK_BYTES = 1 << 20;

/**
 * The path of a file that is named by a path or a URL.
 *
 * @param kinds What it may be, in words.
 *
 * @throws {TypeError} If it is neither.
 * @throws {RangeError} If the URL doesn't name a file.
 */
export function pathOf(
  action: string,
  path: string | URL,
  kinds = "a path or a URL",
): string {
  if (typeof path === "string") return path;
  if (!(path instanceof URL)) {
    throw new WrongTypeError(wrong(action, "path", kinds, path));
  }
  try {
    return fileURLToPath(path);
  } catch (cause) {
    const wanted = "a path, or the URL of a file on this machine";
    throw new WrongValueError(wrong(action, "path", wanted, `${path}`), {
      cause,
    });
  }
}

/** What of an open file is needed here. */
export type ReadableFile = Pick<OpenFile, "read" | "stat">;

/**
 * Reads a whole file, or a pipe until its end, in chunks.
 *
 * @param most How many bytes there may be.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {Deno.errors.IsADirectory} If it is a folder.
 * @throws {RangeError} If there are more than `most` bytes, it is a device, or something writes to it meanwhile.
 */
export async function readBytes(
  path: string,
  most = MOST_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    using file = await files.open(path);
    return await readOpen(file, path, most);
  } catch (cause) {
    if (isMistake(cause)) throw cause;
    throw systemError("read", path, cause);
  }
}

/** As {@linkcode readBytes}, for a file that is open already. */
export async function readOpen(
  file: ReadableFile,
  name: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, isDirectory, isFifo, isSocket, size, mtime } = await file
    .stat();
  if (isFile) return await readFile(file, name, most, size, mtime);
  if (isFifo || isSocket) return await readPipe(file, name, most);
  const message = (found: string) =>
    `Cannot read '${name}' as it must be a file: current value is ${found}`;
  if (!isDirectory) throw new WrongValueError(message("a device"));
  throw explainedError(new IsADirectory(message("a folder")));
}

async function readFile(
  file: ReadableFile,
  name: string,
  most: number,
  size: number,
  mtime: Date | null,
): Promise<Uint8Array<ArrayBuffer>> {
  if (size > most) refuseLength(name, most, `${size}`);
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = await file.read(bytes.subarray(length, length + CHUNK_BYTES));
    if (read === null) break;
    length += read;
  }
  // A table that is still being written would end in the middle of a line, or be half old and half new.
  const after = await file.stat();
  if (
    length < size || after.size !== size ||
    after.mtime?.getTime() !== mtime?.getTime()
  ) {
    throw new WrongValueError(
      `Cannot read '${name}' as it must not be written while it is read: its ${size} bytes ${
        after.size === size ? "were changed" : `have become ${after.size}`
      }`,
    );
  }
  return bytes;
}

/**
 * Reads something whose length isn't known before its end, such as a pipe or stdin.
 *
 * @throws {RangeError} If there are more than `most` bytes.
 */
export async function readPipe(
  pipe: Pick<ReadableFile, "read">,
  name: string,
  most = MOST_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const part = new Uint8Array(CHUNK_BYTES);
  let length = 0;
  for (;;) {
    const read = await pipe.read(part);
    if (read === null) break;
    length += read;
    if (length > most) refuseLength(name, most, "more");
    parts.push(part.slice(0, read));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function refuseLength(name: string, most: number, found: string): never {
  throw new WrongValueError(
    `Cannot read '${name}' as its length must be ${most} bytes or less: current value is ${found}`,
  );
}
