/** What a graph takes of the columns of a table. */
import { type Column, kindNamed, widthOf } from "../../data/column_kinds.ts";

/** Name of the input of a graph that takes numbers. */
export const INPUT = "input";

/** Name of the input of a graph that takes texts. */
export const TEXTS = "texts";

/** Most texts that the nodes of a graph know, with words for no value: what reads files counts each of them. */
const MOST_TEXTS = 20_000;

/** Most values that the inputs of a column's texts may be in a file, 1 MB: as of 500 categories. */
const MOST_VALUES = 250_000;

/** What a graph takes of a column. */
export interface RawColumn {
  readonly column: Column;
  /**
   * A number, or NaN if there is none; the text of the cell; or what an encoder makes of it, where ONNX has no nodes for that or
   * texts are too many.
   */
  readonly takes: "number" | "text" | "inputs";
  /** Values that are taken. */
  readonly width: number;
}

/**
 * What a graph takes of each column, in their order: texts as one input of the graph, and all others as another.
 *
 * @param words Words for no value, in each spelling that is known.
 */
export function rawColumns(
  columns: readonly Column[],
  words: number,
): RawColumn[] {
  let left = MOST_TEXTS;
  return columns.map((column): RawColumn => {
    if (column.kind === "number") return { column, takes: "number", width: 1 };
    const width = widthOf([column]);
    const texts = kindNamed(column.kind).texts?.(column);
    const count = (texts?.length ?? Infinity) + words;
    if (count > left || count * width > MOST_VALUES + words * width) {
      return { column, takes: "inputs", width };
    }
    left -= count;
    return { column, takes: "text", width: 1 };
  });
}
