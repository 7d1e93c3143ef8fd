/** A line of comma-separated values; text with commas, quotes or line ends is quoted, as RFC 4180 has it. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map((cell) =>
    typeof cell === "string" && /[",\r\n]/.test(cell)
      ? `"${cell.replaceAll('"', '""')}"`
      : `${cell}`
  ).join(",");
}
