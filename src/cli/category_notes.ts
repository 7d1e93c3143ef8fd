import { isNumber, type Table } from "../data/csv.ts";
import type { Column } from "../data/preprocessing.ts";

/** What to tell of columns that are taken for categories, although more than half of their cells are numbers. */
export function categoryNotes(
  { columns: names, rows, lines }: Table,
  columns: readonly Column[],
): string[] {
  return columns.flatMap((column) => {
    if (column.kind === "number") return [];
    const cells = rows.map((row) => row[names.indexOf(column.name)]);
    const texts = cells.filter((cell) => !isNumber(cell));
    if (2 * texts.length >= cells.length) return [];
    const line = lines[cells.indexOf(texts[0])];
    return [
      `Note: '${column.name}' is taken for categories, ${column.values.length} of them, as line ${line} has '${
        texts[0]
      }'`,
    ];
  });
}
