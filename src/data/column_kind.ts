import type { ColumnCells } from "./column_cells.ts";

/**
 * What any column has.
 *
 * @example
 * ```ts
 * import { type NamedColumn, TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [{ age: 20, y: 1 }, { age: null, y: 2 }, { age: 40, y: 3 }];
 * const [age]: readonly NamedColumn[] = (await TableEncoder.fit(rows)).columns;
 * console.log(age.fill, age.flag); // [30], true
 * ```
 */
export interface NamedColumn {
  /** Of the column. */
  readonly name: string;
  /** The kind of the column. */
  readonly kind: string;
  /**
   * The inputs of a missing cell; zeros at the end may be left out. Without it, missing cells are refused.
   */
  readonly fill?: readonly number[];
  /** Whether the last input of the column is 1 where its cell is missing, otherwise 0. */
  readonly flag?: boolean;
}

/** Fields that any column has, in files. */
export const COMMON_FIELDS = ["name", "kind", "fill", "flag"] as const;

/** What kinds need to know besides the cells. */
export interface KindOptions {
  /** Most inputs for the texts of a column. */
  readonly maxCategories: number;
  /** What is asked for after the name of the kind, such as `dmy` of `date:dmy`; `undefined` if the kind isn't asked for. */
  readonly how: string | undefined;
}

/** What is found out about a column. */
export interface Described<C> {
  readonly column: C;
  /** What may not be as it seems. */
  readonly note?: string;
}

/** That a cell is none that training had, though it might have been; what was written stands for it. */
export const UNKNOWN = Symbol("unknown");

/** What a cell can't be written as: what is wanted instead, or that it is unknown. */
export type NotWritten = string | typeof UNKNOWN | undefined;

/**
 * One kind of columns: how it is told from others, what is kept of it, and what its cells become. To add one is to write
 * such an object and to put it into the registry in `column_kinds.ts`. Missing cells are no concern of a kind: it never
 * sees one.
 */
export interface ColumnKind<C extends NamedColumn> {
  /** What may be asked for after the name of the kind, for messages. */
  readonly forms: readonly string[];
  /**
   * Describes a column by the cells to train with, at least one.
   *
   * @returns `undefined` if it isn't of this kind; the next kind is tried then.
   *
   * @throws {RangeError} If the kind is asked for and a cell doesn't fit, or a cell can't be kept.
   */
  describe(
    cells: ColumnCells,
    options: KindOptions,
  ): Promise<Described<C> | undefined>;
  /** Inputs that a column becomes, its flag aside. */
  width(column: C): number;
  /** Whether these inputs are numbers, which are scaled and have a median, rather than 0 and 1. */
  readonly numeric: boolean;
  /** What writes a cell to its inputs, zeros before, which begin at `at`. */
  encoder(column: C): (cell: string, x: Float32Array, at: number) => NotWritten;
  /** All texts that a cell may be, where these are known; each in the spellings that are common. */
  texts?(column: C): readonly string[];
  /** Checks what is kept of a column, as JSON.parse() returned it: the fields that other kinds don't have. */
  parse(
    fields: Readonly<Record<string, unknown>>,
    path: string,
    action: string,
  ): Omit<C, "name" | "kind" | "fill" | "flag">;
}
