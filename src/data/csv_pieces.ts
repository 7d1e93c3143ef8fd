import { notUtf8 } from "../io/utf8.ts";

/** Byte order marks that may come first: one of the text's own, one of the program that wrote it. */
const MOST_MARKS = 2;

/**
 * Makes a function that returns pieces of a text, given as ranges `[from, to)` that follow one another from 0 on: without
 * byte order marks, with lines that end in `\n`.
 *
 * @param source Text, or its bytes in UTF-8.
 * @param name Of the file, for errors.
 */
export function pieceReader(
  source: string | Uint8Array,
  name: string,
): (from: number, to: number) => string {
  const decoded = decoder(source, name);
  let marks = 0;
  let afterReturn = false;
  return (from, to) => {
    let piece = decoded(from, to);
    while (marks < MOST_MARKS && piece.startsWith("\uFEFF")) {
      piece = piece.slice(1);
      marks++;
    }
    if (piece === "") return piece;
    marks = MOST_MARKS;
    const rest = afterReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
    afterReturn = piece.endsWith("\r");
    return rest.replaceAll(/\r\n?/g, "\n");
  };
}

/** @throws {RangeError} If bytes aren't UTF-8. */
function decoder(source: string | Uint8Array, name: string) {
  if (typeof source === "string") {
    return (from: number, to: number) => source.slice(from, to);
  }
  const text = new TextDecoder("utf-8", { fatal: true });
  return (from: number, to: number) => {
    try {
      const stream = to < source.length;
      return text.decode(source.subarray(from, to), { stream });
    } catch (cause) {
      throw notUtf8(source, name, cause);
    }
  };
}
