import { WrongValueError } from "../checks/errors.ts";
import {
  type BAD_ROWS,
  leaveOut,
  type LeftOutRows,
  MOST_LINES,
} from "./table.ts";

/** Rows that can't be read: refused together, or left out and counted. */
export class BadRows {
  readonly #name: string;
  readonly #skip: boolean;
  #found: string[] = [];
  #count = 0;
  #leftOut: readonly LeftOutRows[] = [];

  /** @param name Of the file. */
  constructor(name: string, what: typeof BAD_ROWS[number] = "refuse") {
    this.#name = name;
    this.#skip = what === "skip";
  }

  /**
   * Adds a row.
   *
   * @param reason What is wrong with it, the same for all such rows.
   * @param found What it has, for the error.
   */
  add(reason: string, line: number, found: string): void {
    if (this.#skip) this.#leftOut = leaveOut(this.#leftOut, reason, line);
    else {
      if (this.#found.length < MOST_LINES) {
        this.#found.push(`line ${line} ${found}`);
      }
      this.#count++;
    }
  }

  /**
   * Refuses the rows that aren't left out.
   *
   * @param wanted What they must be.
   *
   * @throws {RangeError} If there are some.
   */
  refuse(wanted: string): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#found.length;
    const rest = more > 0 ? `, and ${more} more lines` : "";
    throw new WrongValueError(
      `Cannot read '${this.#name}' as ${wanted}: ${
        this.#found.join(", ")
      }${rest}: mend them, or set 'badRows' to 'skip', or --bad-rows skip`,
    );
  }

  /** The rows that were left out since this was asked last, as a table has them. */
  taken(): { leftOut?: readonly LeftOutRows[] } {
    const leftOut = this.#leftOut;
    this.#leftOut = [];
    return leftOut.length === 0 ? {} : { leftOut };
  }
}
