import { WrongValueError } from "../checks/errors.ts";
import { yieldToEventLoop } from "../runtime/event_loop.ts";
import { turnTaker } from "../slices/in_slices.ts";
import { isNumberWithCommas } from "./cell_numbers.ts";
import { textReader } from "./text_pieces.ts";

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

/** How text of separated values is parsed. */
export interface RowOptions {
  /** What separates cells; found out if left out. */
  readonly delimiter?: string | undefined;
  /** Of bytes; found out if left out. */
  readonly encoding?: string | undefined;
}

/** Text, or bytes of it, in pieces. */
export type TextPieces =
  | AsyncIterable<string | Uint8Array>
  | Iterable<string | Uint8Array>;

/** Parts of a text, or of its bytes, that are parsed between two looks at the clock. */
export function* textPieces(
  source: string | Uint8Array,
  length = PIECE_LENGTH,
): Generator<string | Uint8Array> {
  for (let at = 0; at < source.length; at += length) {
    yield typeof source === "string"
      ? source.slice(at, at + length)
      : source.subarray(at, at + length);
  }
}

/**
 * Parses separated values as papaparse does in one go, but piece by piece, so that timers and I/O get their turn. Empty
 * lines are left out, and spaces around cells.
 *
 * @param name Of the file, for errors.
 * @returns Some rows at a time.
 *
 * @throws {RangeError} If quotes are wrong, a row is too long, or bytes are of another encoding.
 */
export async function* parseRows(
  source: TextPieces,
  name: string,
  { delimiter, encoding }: RowOptions = {},
): AsyncGenerator<ParsedRows> {
  // deno-lint-ignore no-import-prefix -- a script elsewhere that imports this has another import map
  const papa = (await import("npm:papaparse@5.7.1")).default as Papa;
  const pieces = textOf(source, name, encoding);
  let text = "";
  if (delimiter === undefined) {
    let enough = false;
    for (let length = 0; text.length < LENGTH_TO_GUESS;) {
      const { value, done } = await pieces.next();
      if (done) break;
      text += value;
      // The whole start is parsed again only when it has doubled.
      if (text.length < 2 * length) continue;
      length = text.length;
      enough = await hasRows(papa, text);
      if (enough) break;
    }
    delimiter = guessDelimiter(papa, text);
  }
  const parser = new papa.Parser({ delimiter, newline: "\n" });
  const turn = turnTaker();
  let line = 1;
  let enough = 0;
  const parse = (last: boolean): ParsedRows => {
    const rows: string[][] = [];
    const lines: number[] = [];
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
    return { rows, lines };
  };
  for await (const piece of pieces) {
    text += piece;
    if (text.length < Math.min(enough, MOST_ROW_LENGTH)) continue;
    yield parse(false);
    await turn();
  }
  yield parse(true);
}

/** Text of pieces, of which bytes are decoded. */
async function* textOf(
  source: TextPieces,
  name: string,
  encoding: string | undefined,
): AsyncGenerator<string, undefined> {
  const read = textReader(name, encoding);
  for await (const piece of source) yield read(piece, false);
  yield read(new Uint8Array(), true);
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

/** What papaparse would take for the delimiter of a text, by its start. */
function guessDelimiter(papa: Papa, start: string): string {
  // It takes one byte order mark off, and a further one would be part of a cell.
  const { delimiter } = papa.parse(`\uFEFF${start}`, {
    delimitersToGuess: DELIMITERS,
    newline: "\n",
    preview: 1,
    skipEmptyLines: true,
  }).meta;
  return delimiter === "," && hasDecimalCommas(papa, start) ? ";" : delimiter;
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
