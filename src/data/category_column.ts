import { requireKnownFields, requireStrings } from "../checks/json_checks.ts";
import { requireDifferent } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import { isNumber, isNumberWithCommas, sorted } from "./cell_numbers.ts";
import type { ColumnKind } from "./column_kind.ts";
import {
  type CellTable,
  eachCell,
  placeOf,
  refuse,
  WITHOUT_COMMAS,
} from "./table_cells.ts";

/**
 * A column of texts. Each becomes one input for each of the column's values (one-hot).
 *
 * @example
 * ```ts
 * import { type CategoryColumn } from "@lockstep/lockstep";
 *
 * const column: CategoryColumn = { name: "color", kind: "category", values: ["blue", "red"] };
 * console.log(column.values.length); // 2 inputs
 * ```
 */
export interface CategoryColumn {
  /** Of the column. */
  readonly name: string;
  /** What tells it from other columns. */
  readonly kind: "category";
  /** The different texts, in the order of their inputs. */
  readonly values: readonly string[];
}

/** Rows from which on texts that are all different are told of. */
const ROWS_OF_NAMES = 20;

/** What is seen in a column. */
interface Seen {
  readonly values: Set<string>;
  numbers: number;
  commas: number;
  /** The first row with such a number. */
  firstCommas: number;
  /** The first row with a cell that is no number. */
  firstText: number;
}

/** A column of any texts. */
export const CATEGORY: ColumnKind<CategoryColumn> = {
  matches: () => true,
  async describe(table, indices) {
    const seen = indices.map((): Seen => ({
      ...{ values: new Set(), numbers: 0, commas: 0 },
      ...{ firstCommas: -1, firstText: -1 },
    }));
    await eachCell(table, indices, (cell, row, n) => {
      const column = seen[n];
      column.values.add(cell);
      if (isNumber(cell)) {
        column.numbers++;
        return;
      }
      if (column.firstText < 0) column.firstText = row;
      if (isNumberWithCommas(cell) && column.commas++ === 0) {
        column.firstCommas = row;
      }
    });
    const notes = new Map<number, string>();
    const columns = indices.map((index, n): CategoryColumn => {
      requirePoints(table, index, seen[n]);
      const note = noteOf(table, index, seen[n]);
      if (note !== undefined) notes.set(n, note);
      const values = sorted(seen[n].values);
      return { name: table.columns[index], kind: "category", values };
    });
    return { columns, notes };
  },
  width: ({ values }) => values.length,
  scaled: false,
  encoder({ values }) {
    const places = new Map(values.map((value, at) => [value, at]));
    return (cell, x, at) => {
      const place = places.get(cell);
      if (place === undefined) return "a category that was there in training";
      x[at + place] = 1;
    };
  },
  parse(name, fields, path, action) {
    requireKnownFields(action, path, fields, ["name", "kind", "values"]);
    const values = requireStrings(action, `${path}.values`, fields.values);
    requireDifferent(action, `${path}.values`, values);
    return { name, kind: "category", values };
  },
};

/** Refuses numbers some of which have commas: as categories they would mean nothing. */
function requirePoints(
  table: CellTable,
  index: number,
  { numbers, commas, firstCommas: row }: Seen,
): void {
  if (commas === 0 || 2 * (numbers + commas) <= table.rows.length) return;
  refuse(table, row, index, WITHOUT_COMMAS, table.rows[row][index]);
}

/** What may not be as it seems. */
function noteOf(
  table: CellTable,
  index: number,
  { values: { size }, numbers, firstText }: Seen,
): string | undefined {
  const rows = table.rows.length;
  const name = quotedName(table.columns[index]);
  if (2 * numbers > rows) {
    const cell = describe(table.rows[firstText][index]);
    return `${name} is taken for categories, ${size} of them, as ${
      placeOf(table, firstText)
    } has ${cell}`;
  }
  return size === rows && rows > ROWS_OF_NAMES
    ? `${name} has another text in each of ${rows} rows, an input each: nothing can be learned from a text that never comes again`
    : undefined;
}
