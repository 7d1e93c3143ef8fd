/** All that the commands show to people goes through here: a last defense against what text of others would do. */
import { isNumber } from "../data/cell_numbers.ts";
import { visible, visibleJson, visibleMessage } from "../checks/visible.ts";
import { hideLive } from "./display/live_line.ts";

/** Prints text, of one line or of several. */
export function print(text: string): void {
  hideLive();
  console.log(text.split("\n").map(visible).join("\n"));
}

/** Prints a value as one line of JSON. */
export function printJson(value: unknown): void {
  hideLive();
  console.log(visibleJson(value));
}

/** Tells of something on stderr, in one line. */
export function note(text: string): void {
  hideLive();
  console.error(visibleMessage(text));
}

/** A number and what it counts: `1 batch`, `2 batches`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Text that spreadsheets take for a formula, by how it begins: OWASP's list, with the wide forms of the same signs. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Text as a spreadsheet shows it and doesn't run it: with an apostrophe first where it would. Numbers stay numbers. */
export function spreadsheetSafe(cell: string | number): string | number {
  return typeof cell === "string" && FORMULA.test(cell) && !isNumber(cell)
    ? `'${cell}`
    : cell;
}
