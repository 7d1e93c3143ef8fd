import { WrongValueError } from "../checks/errors.ts";
import { inSlices, yieldToEventLoop } from "../slices/in_slices.ts";
import { isNumberWithCommas } from "./cell_numbers.ts";
import { pieceReader } from "./csv_pieces.ts";

/** Characters or bytes that are parsed between two looks at the clock. */
const PIECE_LENGTH = 32_768;

/** What may separate cells if it is not said. */
const DELIMITERS = [",", "\t", "|", ";", "\x1E", "\x1F"];

/** Rows that papaparse looks at to tell what separates cells. */
const ROWS_TO_GUESS = 10;

/** Characters or bytes that are looked at, at most: with another delimiter, quotes may be wrong so that no row ends. */
const LENGTH_TO_GUESS = 2 ** 20;

/** Most characters of a row: a million cells of 64 each. A text without line ends would become longer than text can be. */
const MOST_ROW_LENGTH = 2 ** 26;

/** What papaparse makes of a text. */
interface Parsed {
  readonly data: string[][];
  readonly errors: readonly {
    readonly message: string;
    readonly row: number;
  }[];
  readonly meta: {
    readonly delimiter: string;
    /** Where the first row begins that is not in `data`. */
    readonly cursor: number;
    /** Whether there are as many rows as were asked for. */
    readonly truncated: boolean;
  };
}

/** Rows of cells, and where each is in the file. */
export interface ParsedRows {
  readonly rows: string[][];
  /** The line on which each row begins, from 1, as an editor counts: empty lines and line ends within quotes count. */
  readonly lines: number[];
}

/** What of papaparse is used. */
interface Papa {
  parse(text: string, options: object): Parsed;
  // The one part of it that says where an unfinished row begins; another version may lack it.
  readonly Parser: new (options: object) => {
    parse(text: string, offset: number, ignoreLastRow: boolean): Parsed;
  };
}

/**
 * Parses separated values as papaparse does in one go, but piece by piece, so that timers and I/O get their turn. Empty
 * lines are left out, and spaces around cells.
 *
 * @param source Text, or its bytes in UTF-8.
 * @param name Of the file, for errors.
 * @param delimiter What separates cells; found out if left out.
 *
 * @throws {RangeError} If quotes are wrong, a row is too long, or bytes are not UTF-8.
 */
export async function parseRows(
  source: string | Uint8Array,
  name: string,
  delimiter?: string,
  pieceLength = PIECE_LENGTH,
): Promise<ParsedRows> {
  // deno-lint-ignore no-import-prefix -- a script elsewhere that imports this has another import map
  const papa = (await import("npm:papaparse@5.7.1")).default as Papa;
  const parser = new papa.Parser({
    delimiter: delimiter ??
      await guessDelimiter(papa, source, name, pieceLength),
    newline: "\n",
  });
  const piece = pieceReader(source, name);
  const rows: string[][] = [];
  const lines: number[] = [];
  let line = 1;
  let text = "";
  let enough = 0;
  await inSlices(source.length, pieceLength, (from, to) => {
    const last = to === source.length;
    text += piece(from, to);
    if (text.length < Math.min(enough, MOST_ROW_LENGTH) && !last) return;
    const { data, errors, meta } = parser.parse(text, 0, !last);
    // Of an unfinished row there may be errors that are none once the rest is there.
    const error = errors.find(({ row }) => last || row < data.length);
    const lineEnds = text.includes('"') ? lineEndsOf : () => 0;
    if (error !== undefined) {
      const before = data.slice(0, error.row);
      const wrong = before.reduce((at, row) => at + 1 + lineEnds(row), line);
      throw new WrongValueError(
        `Cannot read '${name}' as the row that begins on line ${wrong} is not what it should be: ${error.message}`,
      );
    }
    for (const row of data) {
      const begin = line;
      line += 1 + lineEnds(row);
      if (row.length === 1 && row[0] === "") continue;
      // Here, while they are in the cache.
      for (let at = 0; at < row.length; at++) row[at] = row[at].trim();
      rows.push(row);
      lines.push(begin);
    }
    text = text.slice(meta.cursor);
    if (text.length >= MOST_ROW_LENGTH) {
      throw new WrongValueError(
        `Cannot read '${name}' as the row that begins on line ${line} must have less than ${MOST_ROW_LENGTH} characters: is there a quote without its end?`,
      );
    }
    // A long row is parsed again only when it has doubled, so that time grows with its length, not with the square.
    enough = 2 * text.length;
  });
  return { rows, lines };
}

/** Line ends within the cells of a row. */
function lineEndsOf(row: readonly string[]): number {
  let count = 0;
  for (const cell of row) {
    for (
      let at = cell.indexOf("\n");
      at >= 0;
      at = cell.indexOf("\n", at + 1)
    ) {
      count++;
    }
  }
  return count;
}

/** What papaparse would take for the delimiter of the text: it looks at few rows, but at all text to find them. */
async function guessDelimiter(
  papa: Papa,
  source: string | Uint8Array,
  name: string,
  pieceLength: number,
): Promise<string> {
  const most = Math.min(source.length, LENGTH_TO_GUESS);
  for (let length = pieceLength;; length *= 2) {
    const start = pieceReader(source, name)(0, Math.min(length, most));
    if (length >= most || await hasRows(papa, start)) {
      // It takes one byte order mark off, and a further one would be part of a cell.
      const { delimiter } = papa.parse(`\uFEFF${start}`, {
        delimitersToGuess: DELIMITERS,
        newline: "\n",
        preview: 1,
        skipEmptyLines: true,
      }).meta;
      return delimiter === "," && hasDecimalCommas(papa, start)
        ? ";"
        : delimiter;
    }
  }
}

/**
 * Whether commas are within numbers, and semicolons between cells: `0,5;0,7` has as many of one as of the other, and
 * papaparse takes the commas.
 */
function hasDecimalCommas(papa: Papa, start: string): boolean {
  const { data } = papa.parse(start, {
    delimiter: ";",
    newline: "\n",
    preview: ROWS_TO_GUESS,
    skipEmptyLines: true,
  });
  const cells = data.flat().map((cell) => cell.trim());
  return data.length > 0 && data[0].length > 1 &&
    data.every((row) => row.length === data[0].length) &&
    cells.every((cell) => !cell.includes(",") || isNumberWithCommas(cell));
}

/** Whether text has the rows to guess a delimiter, whichever it is. */
async function hasRows(papa: Papa, text: string): Promise<boolean> {
  for (const delimiter of DELIMITERS) {
    const options = { delimiter, newline: "\n", preview: ROWS_TO_GUESS };
    if (!new papa.Parser(options).parse(text, 0, false).meta.truncated) {
      return false;
    }
    await yieldToEventLoop();
  }
  return true;
}
