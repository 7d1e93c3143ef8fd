import { isNumber } from "../data/cell_numbers.ts";

/** Text that spreadsheets take for a formula, by how it begins: OWASP's list, with the wide forms of the same signs. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A line of comma-separated values; text with commas, quotes or line ends is quoted, as RFC 4180 has it. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map((cell) =>
    typeof cell === "string" && /[",\r\n]/.test(cell)
      ? `"${cell.replaceAll('"', '""')}"`
      : `${cell}`
  ).join(",");
}

/** Text as a spreadsheet shows it and doesn't run it: with an apostrophe first where it would. Numbers stay numbers. */
export function spreadsheetSafe(cell: string | number): string | number {
  return typeof cell === "string" && FORMULA.test(cell) && !isNumber(cell)
    ? `'${cell}`
    : cell;
}
