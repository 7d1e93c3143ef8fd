/** The rows of JSON, one after another, without parsing the whole: lines, or what an array has. */
import { WrongValueError } from "../checks/errors.ts";
import { turnTaker } from "../slices/in_slices.ts";
import type { TextPieces } from "./csv_rows.ts";
import { textReader } from "./text_pieces.ts";

/** Text of one row, and the line on which it begins, from 1. */
export interface JsonRow {
  readonly text: string;
  readonly line: number;
}

/** Most characters of a row, as in separated values. */
const MOST_ROW_LENGTH = 2 ** 26;

/** Text of pieces, of which bytes are decoded; timers and I/O get their turn between them. */
async function* textOf(
  source: TextPieces,
  name: string,
  encoding: string | undefined,
): AsyncGenerator<string> {
  const read = textReader(name, encoding);
  const turn = turnTaker();
  for await (const piece of source) {
    yield read(piece, false);
    await turn();
  }
  yield read(new Uint8Array(), true);
}

function requireShort(name: string, text: string, line: number): void {
  if (text.length < MOST_ROW_LENGTH) return;
  throw new WrongValueError(
    `Cannot read '${name}' as the row that begins on line ${line} must have less than ${MOST_ROW_LENGTH} characters`,
  );
}

/**
 * The lines of a text, without empty ones.
 *
 * @returns Some rows at a time.
 *
 * @throws {RangeError} If a line is too long, or bytes are of another encoding.
 */
export async function* jsonLines(
  source: TextPieces,
  name: string,
  encoding?: string,
): AsyncGenerator<readonly JsonRow[]> {
  let parts: string[] = [];
  let length = 0;
  let line = 0;
  const row = (text: string): JsonRow[] => {
    line++;
    return text.trim() === "" ? [] : [{ text, line }];
  };
  for await (const piece of textOf(source, name, encoding)) {
    const [first, ...others] = piece.split("\n");
    parts.push(first);
    length += first.length;
    if (length >= MOST_ROW_LENGTH) requireShort(name, parts.join(""), line + 1);
    if (others.length === 0) continue;
    const rest = others.pop()!;
    yield [row(parts.join("")), ...others.map(row)].flat();
    parts = [rest];
    length = rest.length;
  }
  yield row(parts.join(""));
}

const BLANK = /[^ \t\n]/g;

/** Where the object ends that begins at `from`; -1 if the text ends before. */
function endOfObject(text: string, from: number): number {
  const structure = /["[\]{}]/g;
  structure.lastIndex = from;
  for (let depth = 0; structure.test(text);) {
    const at = structure.lastIndex - 1;
    if (text[at] === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== '"') {
        end += text[end] === "\\" ? 2 : 1;
      }
      if (end >= text.length) return -1;
      structure.lastIndex = end + 1;
    } else if (text[at] === "{" || text[at] === "[") depth++;
    else if (--depth === 0) return at + 1;
  }
  return -1;
}

function lineEnds(text: string): number {
  return text.split("\n").length - 1;
}

/**
 * The objects of an array.
 *
 * @returns Some rows at a time.
 *
 * @throws {RangeError} If the text is no array of objects, an object is too long, or bytes are of another encoding.
 */
export async function* jsonElements(
  source: TextPieces,
  name: string,
  encoding?: string,
): AsyncGenerator<readonly JsonRow[]> {
  /** What may come next. */
  let next: "[" | "{]" | "{" | ",]" | "" = "[";
  let text = "";
  let line = 1;
  let enough = 0;
  const refuse = (found: string): never => {
    const wanted = next === "[" && found === "{"
      ? ": objects one after another are of the format jsonl"
      : `: line ${line} has ${JSON.stringify(found)} where ${
        next === "" ? "nothing" : next.split("").join(" or ")
      } is wanted`;
    throw new WrongValueError(
      `Cannot read '${name}' as it must be an array of objects in JSON${wanted}`,
    );
  };
  for await (const piece of textOf(source, name, encoding)) {
    text += piece;
    // A long row is looked through again only when it has doubled.
    if (text.length < enough && piece !== "") continue;
    const rows: JsonRow[] = [];
    let at = 0;
    for (;;) {
      BLANK.lastIndex = at;
      const begin = BLANK.test(text) ? BLANK.lastIndex - 1 : text.length;
      line += lineEnds(text.slice(at, begin));
      at = begin;
      if (at === text.length) break;
      const found = text[at];
      if (!next.includes(found) || found === " ") refuse(found);
      if (found !== "{") {
        next = found === "[" ? "{]" : found === "," ? "{" : "";
        at++;
        continue;
      }
      const end = endOfObject(text, at);
      if (end < 0) {
        requireShort(name, text.slice(at), line);
        break;
      }
      const row = text.slice(at, end);
      rows.push({ text: row, line });
      line += lineEnds(row);
      at = end;
      next = ",]";
    }
    text = text.slice(at);
    enough = 2 * text.length;
    yield rows;
  }
  if (next !== "") refuse("the end");
}
