import { isMistake, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { files } from "../runtime/files.ts";
import { dirname, join } from "../runtime/paths.ts";
import { systemError } from "./system_error.ts";

/** Most bytes read in one go, so that the event loop isn't held up. */
const CHUNK_BYTES = 1 << 20;

/** A file in the same folder as the one that names it. */
export interface FileBeside {
  /** Its path, for errors. */
  readonly path: string;
  readonly size: number;
  /** Reads `length` bytes from the place `from`; fewer are an error. */
  readonly read: (
    from: number,
    length: number,
  ) => Promise<Uint8Array<ArrayBuffer>>;
}

/** Finds the file with this name in the folder of another file. */
export type FindBeside = (name: string) => Promise<FileBeside>;

/** Names that may lead out of the folder: paths, drives, streams, `.` and `..`, and the empty one. */
const NO_PLAIN_NAME = /[/\\:\0]|^\.{0,2}$/;

/**
 * Makes a function that finds files in the folder of the file at `path`, and nowhere else: that file may come from others,
 * and so do the names in it.
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
      const { isFile, size } = await files.lstat(beside);
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
    using file = await files.open(path);
    await file.seek(from, 0);
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

/** Adds the path to an error of the system. */
async function located<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (isMistake(cause)) throw cause;
    throw systemError("read", path, cause);
  }
}
