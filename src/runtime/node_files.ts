/** Node's files, as Deno has them. */
import type { FileHandle } from "node:fs/promises";
import type { Stats } from "node:fs";
import type { FileFacts, Files, OpenFile, OpenOptions } from "./open_file.ts";
import {
  AlreadyExists,
  IsADirectory,
  NotFound,
  PermissionDenied,
} from "./system_errors.ts";

type Promises = typeof import("node:fs/promises");

/** Classes of errors by Node's codes. */
const CLASSES: Readonly<
  Record<string, new (message: string, options: ErrorOptions) => Error>
> = {
  ENOENT: NotFound,
  EEXIST: AlreadyExists,
  EISDIR: IsADirectory,
  EACCES: PermissionDenied,
  EPERM: PermissionDenied,
};

/** Awaits, and gives errors their classes. */
async function classed<T>(what: Promise<T>): Promise<T> {
  try {
    return await what;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const Kind = CLASSES[code ?? ""];
    throw Kind === undefined ? cause : new Kind(message, { cause });
  }
}

function factsOf(stats: Stats): FileFacts {
  return {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isFifo: stats.isFIFO(),
    isSocket: stats.isSocket(),
    size: stats.size,
    mtime: stats.mtime,
    nlink: stats.nlink,
  };
}

/** Node's letters for how a file is opened. */
function flagsOf(
  fs: Promises,
  { read, write, append, create, createNew }: OpenOptions,
): number {
  const { constants } = fs;
  const writes = write || append;
  return (writes
    ? read ? constants.O_RDWR : constants.O_WRONLY
    : constants.O_RDONLY) |
    (append ? constants.O_APPEND : 0) |
    (create || createNew ? constants.O_CREAT : 0) |
    (createNew ? constants.O_EXCL : 0);
}

class NodeFile implements OpenFile {
  readonly #handle: FileHandle;
  /** Where the next byte is, once that was told; before, the system knows. */
  #at: number | null = null;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    const { bytesRead } = await classed(
      this.#handle.read(into, 0, into.length, this.#at),
    );
    this.#move(bytesRead);
    return bytesRead === 0 && into.length > 0 ? null : bytesRead;
  }

  async write(bytes: Uint8Array): Promise<number> {
    const { bytesWritten } = await classed(
      this.#handle.write(bytes, 0, bytes.length, this.#at),
    );
    this.#move(bytesWritten);
    return bytesWritten;
  }

  #move(bytes: number): void {
    if (this.#at !== null) this.#at += bytes;
  }

  async stat(): Promise<FileFacts> {
    return factsOf(await classed(this.#handle.stat()));
  }

  seek(to: number): Promise<number> {
    this.#at = to;
    return Promise.resolve(to);
  }

  async truncate(length: number): Promise<void> {
    await classed(this.#handle.truncate(length));
  }

  async syncData(): Promise<void> {
    await classed(this.#handle.datasync());
  }

  /** Node has no locks. */
  tryLock(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): void {
    void this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Files by Node's module. */
export function nodeFiles(fs: Promises): Files {
  return {
    async open(path, options = { read: true }) {
      const flags = flagsOf(fs, options);
      return new NodeFile(await classed(fs.open(path, flags)));
    },
    stat: async (path) => factsOf(await classed(fs.stat(path))),
    lstat: async (path) => factsOf(await classed(fs.lstat(path))),
    async *readDir(path) {
      const entries = await classed(fs.readdir(path, { withFileTypes: true }));
      for (const entry of entries) {
        yield {
          name: entry.name,
          isFile: entry.isFile(),
          isDirectory: entry.isDirectory(),
        };
      }
    },
    remove: (path) => classed(fs.unlink(path)),
    rename: (from, to) => classed(fs.rename(from, to)),
  };
}
