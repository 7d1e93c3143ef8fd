/** Pages of Parquet, checked as hyparquet comes to them: those that are packed once they are unpacked. */
import type { SchemaNode } from "./parquet_cells.ts";
import { checkPages, type Page } from "./parquet_pages.ts";
import { checkLevels, checkRuns, type RunColumn } from "./parquet_runs.ts";

/** What unpacks pages, by the names that Parquet has for it. */
export type Unpackers = Readonly<
  Record<string, (bytes: Uint8Array, length: number) => Uint8Array>
>;

/** A dictionary of the second version's pages and of others. */
const [DICTIONARY, SECOND] = [7, 8];

/** Checks the pages of one column after another. */
export class PageChecks {
  /** What hyparquet unpacks pages with. */
  readonly compressors: Unpackers;
  #column: RunColumn = { optional: false, boolean: false };
  #packed = false;
  #dictionary: number | undefined;
  /** Those that are still to be unpacked. */
  #pages: Page[] = [];

  constructor(unpackers: Unpackers) {
    this.compressors = Object.fromEntries(
      Object.entries(unpackers).map(([name, unpack]) => [
        name,
        (bytes: Uint8Array, length: number) => {
          const body = unpack(bytes, length);
          const page = this.#pages.shift();
          if (page !== undefined) this.#values(page, body);
          return body;
        },
      ]),
    );
  }

  /** Begins with a column of a row group. */
  begin({ element }: SchemaNode, packed: boolean): void {
    this.#column = {
      optional: element.repetition_type !== "REQUIRED",
      boolean: element.type === "BOOLEAN",
    };
    this.#packed = packed;
  }

  /**
   * Takes the pages of the column, and checks those that aren't packed.
   *
   * @throws {Error} If one isn't what it says.
   */
  check(bytes: Uint8Array, rows: number): void {
    const pages = checkPages(bytes, rows);
    this.#pages = [];
    this.#dictionary = undefined;
    for (const page of pages) {
      const { kind, from, to, levels: [lists, cells] } = page;
      const start = from + lists + cells;
      if (start > to) throw new Error("levels are longer than their page");
      if (kind === SECOND) {
        checkLevels(page, bytes.subarray(from + lists, start), this.#column);
      }
      // Where nothing is left but levels, nothing is unpacked.
      if (!this.#packed || !page.packed) {
        this.#values(page, bytes.subarray(start, to));
      } else if (kind !== SECOND || page.unpacked !== 0) this.#pages.push(page);
    }
  }

  #values(page: Page, body: Uint8Array): void {
    if (page.kind === DICTIONARY) this.#dictionary = page.values;
    else checkRuns(page, body, this.#column, this.#dictionary);
  }
}
