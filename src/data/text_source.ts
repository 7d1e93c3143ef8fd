import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";

/** What a path of a table ends in. */
const PATH = /^[^\n\r,;\t"{[]+\.(csv|tsv|txt|data|jsonl|ndjson|json)(\.gz)?$/i;

/** Refuses what others take instead of text: a path. */
export function requireSource(source: unknown): void {
  if (
    source instanceof URL || typeof source === "string" && PATH.test(source)
  ) {
    const path = String(source);
    throw new WrongValueError(
      `Cannot read ${
        quotedName(path)
      } as 'source' must be the text of a table, not its path: write readTable(${
        JSON.stringify(path)
      })`,
    );
  }
  if (typeof source !== "string" && !(source instanceof Uint8Array)) {
    const wanted = "text, or its bytes as a Uint8Array";
    throw new WrongTypeError(wrong("read a table", "source", wanted, source));
  }
}
