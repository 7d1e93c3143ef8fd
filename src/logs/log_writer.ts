import { WrongValueError } from "../checks/errors.ts";
import type { EpochEvent } from "../history/events.ts";
import { systemError } from "../io/system_error.ts";
import { readBytes } from "../io/read_bytes.ts";
import { utf8 } from "../io/utf8.ts";
import { files } from "../runtime/files.ts";
import { dirname } from "../runtime/paths.ts";
import { NotFound } from "../runtime/system_errors.ts";
import { writeAtomically } from "../io/write_atomically.ts";
import { logFormatOf, type RunFacts } from "./log_lines.ts";

/** Most bytes of a log that is gone on with or compared. */
export const MOST_LOG_BYTES = 2 ** 28;

/** Writes all bytes at the end of a file, and has them on the disk. */
export async function append(path: string, bytes: Uint8Array): Promise<void> {
  try {
    using file = await files.open(path, { append: true, create: true });
    let written = 0;
    while (written < bytes.length) {
      written += await file.write(bytes.subarray(written));
    }
    await file.syncData();
  } catch (cause) {
    throw systemError("write", path, cause, dirname(path));
  }
}

/** A log that gets a line after each epoch, by one write: a training that is killed leaves whole lines. */
export class LogWriter {
  readonly #path: string;
  readonly #after: number | undefined;
  #head: string | undefined;
  #isReady = false;

  /**
   * @param path Of the file, which ends in `.csv` or `.jsonl`.
   * @param after The last epoch of before, of a training that goes on: what the log has of later ones is left out.
   */
  constructor(path: string, after?: number) {
    this.#path = path;
    this.#after = after;
  }

  /**
   * Writes what is known after an epoch.
   *
   * @throws {RangeError} If the log of before has other columns.
   */
  async epoch(epoch: EpochEvent, facts: RunFacts): Promise<void> {
    const format = logFormatOf(this.#path)!;
    let text = `${format.line(epoch)}\n`;
    if (!this.#isReady) {
      const head = format.head(facts, epoch);
      await this.#goOn();
      if (this.#head === undefined) text = `${head}\n${text}`;
      else if (this.#path.toLowerCase().endsWith(".csv")) {
        this.#requireHead(head);
      }
      this.#isReady = true;
    }
    await append(this.#path, new TextEncoder().encode(text));
  }

  #requireHead(head: string): void {
    if (this.#head === head) return;
    throw new WrongValueError(
      `Cannot write '${this.#path}' as its columns must be those of before: current value is '${head}'`,
    );
  }

  /** Of a log that is there, keeps the whole lines of the epochs that were done. */
  async #goOn(): Promise<void> {
    if (this.#after === undefined) return;
    let bytes: Uint8Array;
    try {
      bytes = await readBytes(this.#path, MOST_LOG_BYTES);
    } catch (error) {
      if (error instanceof NotFound) return;
      throw error;
    }
    const { epochOf } = logFormatOf(this.#path)!;
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    if (whole.length === 0) return await this.#keep([]);
    const lines = utf8(whole, this.#path).trimEnd().split("\n");
    this.#head = lines[0];
    await this.#keep(
      lines.filter((line) => !(epochOf(line)! > this.#after!)),
    );
  }

  async #keep(lines: readonly string[]): Promise<void> {
    const text = lines.map((line) => `${line}\n`).join("");
    await writeAtomically(this.#path, new TextEncoder().encode(text));
  }
}
