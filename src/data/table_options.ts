/** How files of tables are read. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { type Hints, namesOf } from "../checks/options.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { BAD_ROWS } from "./table.ts";
import { requireEncoding } from "./text_pieces.ts";

/**
 * How to read a table. An option that the format has no use for is refused.
 *
 * @example
 * ```ts
 * import { readTable, type TableFileOptions } from "@lockstep/lockstep";
 *
 * const file = new File(["1;a\n2;b\n"], "sizes.csv"); // or the path of a file
 * const options: TableFileOptions = { header: false, delimiter: ";" };
 * const { columns } = await readTable(file, options);
 * console.log(columns); // ["column 1", "column 2"]
 * ```
 */
export interface TableFileOptions {
  /**
   * Whether the first line has the names of the columns. `"auto"`: yes if none of its cells is a number; in a file without
   * numbers, its cells also have to be all different. Default: `"auto"`
   */
  readonly header?: boolean | "auto";
  /** What separates cells, one or more characters. Default: detected; in TSV a tab */
  readonly delimiter?: string;
  /**
   * The encoding of text, by any name that `TextDecoder` knows, such as `"windows-1252"`. Default: UTF-16 if the text
   * begins with its byte order mark, otherwise UTF-8
   */
  readonly encoding?: string;
  /**
   * What to do with rows that have another number of cells than the first row, or are not JSON: refuse the file, or leave
   * the rows out and list them in `leftOut` of the table. Default: `"refuse"`
   */
  readonly badRows?: "refuse" | "skip";
}

/** Names of the options. */
export const TABLE_FILE_NAMES = namesOf<TableFileOptions>({
  header: true,
  delimiter: true,
  encoding: true,
  badRows: true,
});

/** What other libraries call them. */
export const TABLE_HINTS: Hints = {
  sep: "delimiter",
  separator: "delimiter",
  onbadlines: "badRows",
};

/** What papaparse can't take as part of a delimiter, or would replace by a comma. */
const NO_DELIMITER = /["\r\n\uFEFF]/;

/**
 * Checks the values of options, and that something reads each.
 *
 * @param name Of the file.
 * @param read Names of those that its format reads.
 *
 * @throws {TypeError} If a value is of the wrong type, or nothing reads it.
 * @throws {RangeError} If a value is none of those that it may be.
 */
export function checkTableOptions(
  name: string,
  options: TableFileOptions,
  read: readonly (keyof TableFileOptions)[] = TABLE_FILE_NAMES as never,
): void {
  const { header, delimiter, encoding, badRows } = options;
  for (const option of TABLE_FILE_NAMES as (keyof TableFileOptions)[]) {
    if (options[option] === undefined || read.includes(option)) continue;
    throw new WrongTypeError(
      `Cannot read '${name}' as '${option}' is not read with its format: leave it out`,
    );
  }
  const action = `read '${name}'`;
  if (delimiter !== undefined) checkDelimiter(name, delimiter);
  if (encoding !== undefined) requireEncoding(name, encoding);
  if (badRows !== undefined) {
    requireChoice(action, "badRows", badRows, BAD_ROWS);
  }
  if (header === undefined || header === "auto") return;
  if (typeof header === "boolean") return;
  const message = wrong(action, "header", "true, false or 'auto'", header);
  throw typeof header === "string"
    ? new WrongValueError(message)
    : new WrongTypeError(message);
}

function checkDelimiter(name: string, delimiter: unknown): void {
  const text = typeof delimiter === "string";
  if (text && delimiter !== "" && !NO_DELIMITER.test(delimiter)) return;
  const message = wrong(
    `read '${name}'`,
    "delimiter",
    "characters other than quotes, line ends and byte order marks",
    delimiter,
  );
  throw text ? new WrongValueError(message) : new WrongTypeError(message);
}
