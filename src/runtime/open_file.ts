/** Files as Deno has them, whatever the runtime. */

/** What is known of a file without reading it. */
export interface FileFacts {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isFifo: boolean | null;
  readonly isSocket: boolean | null;
  readonly size: number;
  readonly mtime: Date | null;
  readonly nlink: number | null;
}

/** How a file is opened. Default: to be read */
export interface OpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  readonly createNew?: boolean;
}

/** An open file. */
export interface OpenFile extends Disposable {
  /** Reads some bytes; returns how many, or `null` at the end. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null>;
  /** Writes some bytes; returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  stat(): Promise<FileFacts>;
  /** Goes to a place, counted from the start. */
  seek(to: number, whence: 0): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Resolves when what was written is on the disk. */
  syncData(): Promise<void>;
  /** Locks the file for this process; `false` if another one has locked it, nothing where there are no locks. */
  tryLock(exclusive: true): Promise<boolean | undefined>;
  close(): void;
}

/** What is in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

/** The files of a runtime. Errors are of the classes in `system_errors.ts`. */
export interface Files {
  open(path: string, options?: OpenOptions): Promise<OpenFile>;
  stat(path: string): Promise<FileFacts>;
  /** The same for a link itself. */
  lstat(path: string): Promise<FileFacts>;
  readDir(path: string): AsyncIterable<FolderEntry>;
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}
