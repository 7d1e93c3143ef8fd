/** The file of a search: what it is about, then a line for each trial that is done, so that a search that was ended goes on. */
import { files } from "../runtime/files.ts";
import type { OpenFile } from "../runtime/open_file.ts";
import { sha256 } from "../runtime/hex.ts";
import { isMistake, StateError, WrongValueError } from "../checks/errors.ts";
import { quotedName } from "../checks/visible.ts";
import { isCsr } from "../data/csr.ts";
import { parseJson } from "../io/parse_json.ts";
import { systemError } from "../io/system_error.ts";
import { utf8 } from "../io/utf8.ts";
import type { Part } from "./candidate.ts";

/**
 * The result of one trial, as stored in a file of trials.
 *
 * @example
 * ```ts
 * import { type Outcome } from "@lockstep/lockstep";
 *
 * const outcome: Outcome = { trial: 1, round: 1, epochs: 20, scores: [0.9, 1], seconds: 0.1 };
 * console.log(outcome.error ?? outcome.scores);
 * ```
 */
export interface Outcome {
  /** Number of the trial, from 1. */
  readonly trial: number;
  /** The round of successive halving in which it was scored, from 1; with other methods always 1. */
  readonly round: number;
  /** Epochs of its training. */
  readonly epochs: number;
  /** The score on each fold; absent if it failed. */
  readonly scores?: readonly number[];
  /** Why it failed. */
  readonly error?: string;
  /** Total time of its trainings. */
  readonly seconds: number;
}

/** What a search is about: its options by name, and a hash of its samples. */
export type Heading = Readonly<Record<string, unknown>>;

/** Names an option in errors: as a script or the command line has it. */
export type NameOf = (option: string) => string;

/** Version of the format, for a file written by another version to be refused. */
export const FILE_VERSION = "search 1";

/** The heading's name for the samples. */
export const SAMPLES = "samples";

/**
 * A hash of samples and of what is known of them. All of them are in the first part.
 */
export async function hashOf(parts: readonly Part[]): Promise<string> {
  const { train, test } = parts[0];
  const arrays = [train, test].flatMap(({ x, y }) =>
    isCsr(x) ? [x.data, x.indices, x.indptr, y] : [x, y]
  );
  const digests: string[] = [];
  for (const values of arrays) {
    // Not of shared memory, which is refused.
    const bytes = new Uint8Array(
      values.buffer,
      values.byteOffset,
      values.byteLength,
    ).slice();
    digests.push(await sha256(bytes));
  }
  const text = JSON.stringify([
    parts.map(({ known }) => known),
    digests,
  ]);
  return await sha256(new TextEncoder().encode(text));
}

/** A file that trials are added to, locked as long as it is open. */
export class TrialsFile implements AsyncDisposable {
  readonly #path: string;
  readonly #file: OpenFile;
  #last: Promise<void> = Promise.resolve();
  /** What was done before. */
  readonly before: readonly Outcome[];

  private constructor(
    path: string,
    file: OpenFile,
    before: readonly Outcome[],
  ) {
    this.#path = path;
    this.#file = file;
    this.before = before;
  }

  /**
   * Opens a file to go on with, or makes it.
   *
   * @throws {RangeError} If it is of a search of something else, or no such file.
   * @throws {StateError} If another process writes to it.
   * @throws {Error} If the system refuses.
   */
  static async open(
    path: string,
    heading: Heading,
    name: NameOf,
  ): Promise<TrialsFile> {
    let file: OpenFile | undefined;
    try {
      file = await files.open(path, { read: true, write: true, create: true });
      return await TrialsFile.#read(path, file, heading, name);
    } catch (cause) {
      file?.close();
      throw isMistake(cause) ? cause : systemError("write", path, cause);
    }
  }

  static async #read(
    path: string,
    file: OpenFile,
    heading: Heading,
    name: NameOf,
  ): Promise<TrialsFile> {
    if (await file.tryLock(true) === false) {
      throw new StateError(
        `Cannot write '${path}' as another search is writing to it`,
      );
    }
    const bytes = new Uint8Array(
      await new Response(readerOf(file)).arrayBuffer(),
    );
    // What comes after the last end of a line was not written to its end.
    const whole = bytes.lastIndexOf("\n".charCodeAt(0)) + 1;
    const [first, ...lines] = utf8(bytes.subarray(0, whole), path).split("\n");
    if (whole > 0) {
      requireSame(path, parseJson(first, path, "line 1"), heading, name);
    }
    const before = lines.slice(0, -1).map((line, at) =>
      outcomeOf(path, at + 2, parseJson(line, path, `line ${at + 2}`))
    );
    await file.truncate(whole);
    await file.seek(whole, 0);
    const opened = new TrialsFile(path, file, before);
    if (whole === 0) await opened.#append(heading);
    return opened;
  }

  /** Adds a trial, and returns when it is on the disk. */
  async add(outcome: Outcome): Promise<void> {
    await this.#append(outcome);
  }

  #append(value: unknown): Promise<void> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
    const done = this.#last.then(async () => {
      try {
        let written = 0;
        while (written < bytes.length) {
          written += await this.#file.write(bytes.subarray(written));
        }
        await this.#file.syncData();
      } catch (cause) {
        throw systemError("write", this.#path, cause);
      }
    });
    this.#last = done.catch(() => {});
    return done;
  }

  /** Closes the file once all is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    this.#file.close();
  }
}

/** The bytes of a file, which stays open. */
function readerOf(file: OpenFile): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const bytes = new Uint8Array(65_536);
      const count = await file.read(bytes);
      if (count === null) controller.close();
      else controller.enqueue(bytes.subarray(0, count));
    },
  });
}

/** Refuses a file of another search, and says what is different. */
function requireSame(
  path: string,
  found: unknown,
  heading: Heading,
  name: NameOf,
): void {
  const other = `give another file, or remove it to begin anew`;
  if (
    typeof found !== "object" || found === null || Array.isArray(found) ||
    (found as Heading).lockstep !== heading.lockstep
  ) {
    throw new WrongValueError(
      `Cannot go on with '${path}' as it must be a file of a search: ${other}`,
    );
  }
  const before = found as Heading;
  // Samples last, as other options may make others of them.
  const names = [...new Set([...Object.keys(heading), ...Object.keys(before)])]
    .sort((a, b) => Number(a === SAMPLES) - Number(b === SAMPLES));
  const different = names.find((key) =>
    JSON.stringify(before[key]) !== JSON.stringify(heading[key])
  );
  if (different === undefined) return;
  const what = different === SAMPLES ? "the samples" : name(different);
  const wanted = different === SAMPLES
    ? "those of before"
    : before[different] === undefined
    ? "left out as before"
    : `${shown(before[different])} as before`;
  const now = different === SAMPLES
    ? "others"
    : `current value is ${shown(heading[different])}`;
  throw new WrongValueError(
    `Cannot go on with '${path}' as ${what} must be ${wanted}: ${now}; ${other}`,
  );
}

/** A value of JSON, cut if it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function outcomeOf(path: string, line: number, value: unknown): Outcome {
  const { trial, round, epochs, scores, error, seconds } =
    (value ?? {}) as Outcome;
  const numbers = [
    trial,
    round,
    epochs,
    seconds,
    ...(Array.isArray(scores) ? scores : []),
  ];
  if (
    numbers.every(Number.isFinite) &&
    (typeof error === "string" ? scores === undefined : Array.isArray(scores))
  ) return value as Outcome;
  throw new WrongValueError(
    `Cannot read '${path}' as line ${line} must be a trial of a search: current value is ${
      quotedName(JSON.stringify(value).slice(0, 80))
    }`,
  );
}
