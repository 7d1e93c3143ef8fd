import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireKnownFields, requireStrings } from "../checks/json_checks.ts";
import { requireDifferent, wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import { sorted } from "./cell_numbers.ts";
import { type ColumnCells, everyText, rowOf } from "./column_cells.ts";
import {
  type ColumnKind,
  COMMON_FIELDS,
  type NamedColumn,
  UNKNOWN,
} from "./column_kind.ts";
import { ordersOf } from "./dates.ts";
import { isAnyNumber } from "./number_text.ts";
import { eachCell, placeOf } from "./table_cells.ts";

/**
 * A column of texts. Each becomes one input for each of the column's values (one-hot), and one for all others if `other` is
 * set. A text that isn't known is zeros otherwise.
 *
 * @example
 * ```ts
 * import { type CategoryColumn } from "@lockstep/lockstep";
 *
 * const column: CategoryColumn = { name: "color", kind: "category", values: ["blue", "red"] };
 * console.log(column.values.length); // 2 inputs
 * ```
 */
export interface CategoryColumn extends NamedColumn {
  /** The kind of the column. */
  readonly kind: "category";
  /** The different texts, in the order of their inputs. */
  readonly values: readonly string[];
  /** Whether one more input stands for all other texts. Default: false */
  readonly other?: true;
}

/** Different texts up to which numbers among them may be names of categories, such as 1, 2 and 3+. */
const MOST_NUMBERED = 20;

/** Cells that are named where some of a column are no numbers. */
const MOST_NAMED = 10;

/** A column of any texts. */
export const CATEGORY: ColumnKind<CategoryColumn> = {
  forms: [],
  async describe(cells, { how, maxCategories }) {
    const { name, counts, present } = cells;
    const note = how === undefined
      ? await mostlyOther(cells, isAnyNumber, "numbers written in one way") ??
        await mostlyOther(cells, isDate, "dates written in one way")
      : undefined;
    if (counts.size <= maxCategories) {
      const values = sorted(new Set(counts.keys()));
      const column: CategoryColumn = { name, kind: "category", values };
      return note === undefined ? { column } : { column, note };
    }
    const byCount = [...counts].sort(([a, n], [b, m]) =>
      m - n || (a < b ? -1 : 1)
    ).slice(0, maxCategories - 1);
    const kept = byCount.reduce((sum, [, count]) => sum + count, 0);
    const values = sorted(new Set(byCount.map(([text]) => text)));
    const rest = 100 * (1 - kept / present);
    return {
      column: { name, kind: "category", values, other: true },
      note: `${
        quotedName(name)
      } has ${counts.size} different texts: the ${values.length} most frequent have an input each, and one stands for all others, ${
        rest.toFixed(rest < 1 ? 1 : 0)
      } % of the rows`,
    };
  },
  width: ({ values, other }) => values.length + (other ? 1 : 0),
  numeric: false,
  encoder({ values, other }) {
    const places = new Map(values.map((value, at) => [value, at]));
    return (cell, x, at) => {
      const place = places.get(cell);
      if (place !== undefined) {
        x[at + place] = 1;
        return;
      }
      // Training had others, too: this is one of them.
      if (!other) return UNKNOWN;
      x[at + values.length] = 1;
    };
  },
  texts: ({ values }) => values,
  parse(fields, path, action) {
    const known = [...COMMON_FIELDS, "values", "other"];
    requireKnownFields(action, path, fields, known);
    const values = requireStrings(action, `${path}.values`, fields.values);
    requireDifferent(action, `${path}.values`, values);
    const { other } = fields;
    if (other === undefined) return { values };
    if (other === true) return { values, other };
    const wanted = "true, or left out";
    throw new WrongTypeError(wrong(action, `${path}.other`, wanted, other));
  },
};

const isDate = (text: string) => ordersOf(text).length > 0;

/**
 * Tells of a column most of whose cells are numbers, or dates, as a single word makes categories of them all.
 *
 * @param isOther Whether a cell is one.
 * @param wanted What all of them would be.
 *
 * @throws {RangeError} If they are so many that they are hardly names of categories.
 */
async function mostlyOther(
  cells: ColumnCells,
  isOther: (text: string) => boolean,
  wanted: string,
): Promise<string | undefined> {
  const { table, index, name, counts, present } = cells;
  let others = 0;
  let first: string | undefined;
  await everyText(cells, (text, count) => {
    if (isOther(text)) others += count;
    else first ??= text;
    return true;
  });
  if (2 * others <= present) return undefined;
  // All are such, though not written in one way.
  first ??= counts.keys().next().value!;
  if (counts.size <= MOST_NUMBERED) {
    return `${
      quotedName(name)
    } is taken for categories, ${counts.size} of them, as ${
      placeOf(table, rowOf(cells, first))
    } has ${describe(first)}`;
  }
  const named: string[] = [];
  let count = 0;
  await eachCell(table, [index], (cell, row) => {
    if (!counts.has(cell) || others < present && isOther(cell)) return;
    if (count++ < MOST_NAMED) {
      named.push(`${placeOf(table, row)} has ${describe(cell)}`);
    }
  });
  const more = count - named.length;
  throw new WrongValueError(
    `Cannot read '${table.name}' as ${
      quotedName(name)
    } must have ${wanted}, as ${
      others < present ? `${others} of ${present}` : "most"
    } cells have, or 'missing' must have the words for no value, or its kind must be category: ${
      named.join("; ")
    }${more > 0 ? `; ${more} more` : ""}`,
  );
}
