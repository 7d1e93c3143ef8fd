import { WrongValueError } from "../checks/errors.ts";
import { requireKnownFields, requireStrings } from "../checks/json_checks.ts";
import { requireDifferent, wrong } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";
import { refuseTexts } from "./column_cells.ts";
import {
  type ColumnKind,
  COMMON_FIELDS,
  type NamedColumn,
  UNKNOWN,
} from "./column_kind.ts";

/**
 * A column of texts that have an order. Each becomes one input, its place in the order, from 0.
 *
 * @example
 * ```ts
 * import { TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [{ size: "S", price: 8 }, { size: "L", price: 12.5 }];
 * const encoder = await TableEncoder.fit(rows, { kinds: { size: "ordinal:S<M<L" } });
 * console.log(await encoder.inputs(rows)); // 0, 2
 * ```
 */
export interface OrdinalColumn extends NamedColumn {
  /** The kind of the column. */
  readonly kind: "ordinal";
  /** The texts in their order. */
  readonly values: readonly string[];
}

/** A column of texts in an order that is given. */
export const ORDINAL: ColumnKind<OrdinalColumn> = {
  forms: ["A<B<…"],
  async describe(cells, { how }) {
    // No table tells the order of its texts.
    if (how === undefined) return undefined;
    const { name } = cells;
    const values = how.split("<").map((value) => value.trim());
    if (new Set(values).size < Math.max(2, values.length)) {
      const wanted = "ordinal:A<B<… with the different texts in their order";
      throw new WrongValueError(
        wrong("fit an encoder", `kinds.${name}`, wanted, `ordinal:${how}`),
      );
    }
    const known = new Set(values);
    await refuseTexts(
      cells,
      (cell) => !known.has(cell),
      `one of ${values.map(quotedName).join(", ")}`,
    );
    return { column: { name, kind: "ordinal", values } };
  },
  width: () => 1,
  numeric: true,
  encoder({ values, fill }) {
    const places = new Map(values.map((value, at) => [value, at]));
    const wanted = `one of ${values.map(quotedName).join(", ")}`;
    return (cell, x, at) => {
      const place = places.get(cell);
      if (place !== undefined) x[at] = place;
      else if (fill === undefined) return wanted;
      else {
        x[at] = fill[0] ?? 0;
        return UNKNOWN;
      }
    };
  },
  texts: ({ values }) => values,
  parse(fields, path, action) {
    requireKnownFields(action, path, fields, [...COMMON_FIELDS, "values"]);
    const values = requireStrings(action, `${path}.values`, fields.values);
    requireDifferent(action, `${path}.values`, values);
    return { values };
  },
};
