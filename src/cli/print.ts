/** All that the commands show to people goes through here: a last defense against what text of others would do. */
import { visible, visibleJson, visibleMessage } from "../checks/visible.ts";

/** Prints text, of one line or of several. */
export function print(text: string): void {
  console.log(text.split("\n").map(visible).join("\n"));
}

/** Prints a value as one line of JSON. */
export function printJson(value: unknown): void {
  console.log(visibleJson(value));
}

/** Tells of something on stderr, in one line. */
export function note(text: string): void {
  console.error(visibleMessage(text));
}
