/** A Markdown table, with numbers on the right, that reads well on a terminal too. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, at) =>
    Math.max(3, ...cells.map((row) => row[at].length))
  );
  const right = head.map((_, at) =>
    rows.every((row) => /^[-+]?[\d.,]+( ?[%×])?$|^[-–]?$/.test(String(row[at])))
  );
  const line = (row: readonly string[]) =>
    `| ${
      row.map((cell, at) =>
        right[at] ? cell.padStart(widths[at]) : cell.padEnd(widths[at])
      ).join(" | ")
    } |`;
  const rule = `| ${
    widths.map((width, at) =>
      right[at] ? `${"-".repeat(width - 1)}:` : "-".repeat(width)
    ).join(" | ")
  } |`;
  return [line(head), rule, ...cells.slice(1).map(line)].join("\n");
}
