/** Text of files, decoded piece by piece. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";

/** Byte order marks that may come first: one of the text's own, one of the program that wrote it. */
const MOST_MARKS = 2;

/** Refuses an encoding that nobody knows. */
export function requireEncoding(name: string, encoding: unknown): string {
  const wanted =
    "the name of an encoding, such as utf-8, utf-16le, windows-1252 or latin1";
  const message = () => wrong(`read '${name}'`, "encoding", wanted, encoding);
  if (typeof encoding !== "string") throw new WrongTypeError(message());
  try {
    return new TextDecoder(encoding).encoding;
  } catch (cause) {
    throw new WrongValueError(message(), { cause });
  }
}

/** The encoding that text begins as: UTF-16 shows by its mark, or by the zeros in its first letter. Others don't. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first > 0 && second === 0) return "utf-16le";
  return first === 0 && second > 0 ? "utf-16be" : "utf-8";
}

/**
 * Makes a function that returns the text of one piece after another: without byte order marks, with lines that end in `\n`.
 *
 * @param name Of the file, for errors.
 * @param encoding Of pieces that are bytes; found out if left out.
 */
export function textReader(
  name: string,
  encoding?: string,
): (piece: string | Uint8Array, last: boolean) => string {
  const decoded = decoder(name, encoding);
  let marks = 0;
  let afterReturn = false;
  return (bytes, last) => {
    let piece = decoded(bytes, last);
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

/** @throws {RangeError} If bytes aren't of the encoding. */
function decoder(name: string, given: string | undefined) {
  let decode: TextDecoder | undefined;
  let line = 1;
  return (piece: string | Uint8Array, last: boolean): string => {
    if (typeof piece === "string") return piece;
    const encoding = given ?? encodingOf(piece);
    decode ??= new TextDecoder(encoding, { fatal: true });
    try {
      const text = decode.decode(piece, { stream: !last });
      // Only errors need it, but the bytes before are gone then.
      if (decode.encoding === "utf-8") line += lineEnds(piece);
      return text;
    } catch (cause) {
      const where = decode.encoding === "utf-8"
        ? `line ${line + firstWrong(piece)} is not`
        : "it is not";
      throw new WrongValueError(
        given === undefined && decode.encoding === "utf-8"
          ? `Cannot read '${name}' as it must be UTF-8, or 'encoding' must say what it is, such as windows-1252: ${where}`
          : `Cannot read '${name}' as it must be ${decode.encoding}: ${where}`,
        { cause },
      );
    }
  };
}

const LINE_END = "\n".charCodeAt(0);

function lineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (
    let at = bytes.indexOf(LINE_END);
    at >= 0;
    at = bytes.indexOf(LINE_END, at + 1)
  ) count++;
  return count;
}

/** Lines before the first that isn't UTF-8, in a piece that isn't; what came before it may have begun a letter. */
function firstWrong(piece: Uint8Array): number {
  const decode = new TextDecoder("utf-8", { fatal: true });
  let from = 0;
  for (let lines = 0;; lines++) {
    const to = piece.indexOf(LINE_END, from) + 1;
    if (to === 0) return lines;
    try {
      decode.decode(piece.subarray(from, to));
    } catch {
      // The rest of a letter that the piece before began is no mistake of the first line.
      if (lines > 0 || !isContinued(piece)) return lines;
    }
    from = to;
  }
}

/** Whether a piece begins within a letter. */
function isContinued([first]: Uint8Array): boolean {
  return (first & 0xc0) === 0x80;
}
