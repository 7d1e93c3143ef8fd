import type { CellTable } from "./table_cells.ts";

/** What any column has. */
export interface NamedColumn {
  readonly name: string;
  readonly kind: string;
}

/**
 * One kind of columns: how it is told from others, what is kept of it, and what its cells become. To add one is to write
 * such an object and to put it into the registry in `column_kinds.ts`.
 */
export interface ColumnKind<C extends NamedColumn> {
  /** Whether a cell may be in such a column. A column is of the first kind to which all its cells belong. */
  matches(cell: string): boolean;
  /**
   * Describes columns of this kind, all of them at once.
   *
   * @param indices Numbers of the columns in the table, from 0.
   * @returns What is kept of each, and for some what may not be as it seems, by their places in `indices`.
   */
  describe(
    table: CellTable,
    indices: readonly number[],
  ): Promise<{ readonly columns: readonly C[]; readonly notes: Notes }>;
  /** Inputs that a column becomes. */
  width(column: C): number;
  /** Whether these inputs are scaled. */
  readonly scaled: boolean;
  /** What writes a cell to its inputs, zeros before, which begin at `at`; returns what is wanted if the cell isn't it. */
  encoder(
    column: C,
  ): (cell: string, x: Float32Array, at: number) => string | undefined;
  /** Checks what is kept of a column, as JSON.parse() returned it. */
  parse(
    name: string,
    fields: Readonly<Record<string, unknown>>,
    path: string,
    action: string,
  ): C;
}

/** Notes about columns by their places. */
export type Notes = ReadonlyMap<number, string>;
