import { dirname, join } from "node:path";
import { isMistake, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { systemError } from "./system_error.ts";

/** Bytes that are read at once, so that the event loop isn't held up. */
const CHUNK_BYTES = 1 << 20;

/** A file beside another one. */
export interface FileBeside {
  /** How it is called in errors. */
  readonly path: string;
  readonly size: number;
  /** Reads so many bytes from a place on, which must all be there. */
  readonly read: (
    from: number,
    length: number,
  ) => Promise<Uint8Array<ArrayBuffer>>;
}

/** Finds a file by a name that is in another file. */
export type FindBeside = (name: string) => Promise<FileBeside>;

/** What is no plain name: paths, drives, streams, and what a folder always has. */
const NO_PLAIN_NAME = /[/\\:\0]|^\.{0,2}$/;

/**
 * Makes a function that finds files in the folder of a file, and nowhere else: names come from a file of others.
 *
 * @param path Of the file that names them.
 */
export function besideOf(path: string): FindBeside {
  return async (name) => {
    if (NO_PLAIN_NAME.test(name)) {
      const wanted = "the name of a file in the same folder";
      throw new WrongValueError(
        wrong(`read '${path}'`, "location", wanted, name),
      );
    }
    const beside = join(dirname(path), name);
    return await located(beside, async () => {
      // A link may lead elsewhere.
      const { isFile, size } = await Deno.lstat(beside);
      if (isFile) {
        return {
          path: beside,
          size,
          read: (from, length) => readPart(beside, from, length),
        };
      }
      throw new WrongValueError(
        `Cannot read '${beside}' as it must be a file, and no link`,
      );
    });
  };
}

async function readPart(
  path: string,
  from: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return await located(path, async () => {
    using file = await Deno.open(path);
    await file.seek(from, Deno.SeekMode.Start);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const read = await file.read(bytes.subarray(at, at + CHUNK_BYTES));
      if (read === null) {
        throw new WrongValueError(
          `Cannot read '${path}' as it must not be written while it is read`,
        );
      }
      at += read;
    }
    return bytes;
  });
}

/** Names the file in what the system refuses. */
async function located<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (isMistake(cause)) throw cause;
    throw systemError("read", path, cause);
  }
}
