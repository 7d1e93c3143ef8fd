/** Collects cells that can't be read, so that one error lists them all for the user to fix. */
import { WrongValueError } from "../checks/errors.ts";
import { describe, wrong } from "../checks/validate.ts";
import { type CellTable, placeOf } from "./table_cells.ts";

/** Cells that a message names. */
const MOST_NAMED = 10;

interface Bad {
  readonly named: {
    readonly row: number;
    readonly place: string;
    readonly cell: string;
  }[];
  count: number;
}

/** What is wrong in a table, by what is wanted. */
export class BadCells {
  readonly #table: CellTable;
  readonly #bad = new Map<string, Bad>();

  constructor(table: CellTable) {
    this.#table = table;
  }

  /** Takes down a cell; numbers of row and column are from 0. */
  add(row: number, column: number, wanted: string, cell: string): void {
    const bad = this.#bad.get(wanted) ?? { named: [], count: 0 };
    this.#bad.set(wanted, bad);
    bad.count++;
    const place = `${placeOf(this.#table, row)}, ${
      this.#table.columns[column]
    }`;
    bad.named.push({ row: this.#table.lines?.[row] ?? row, place, cell });
    // Rows of a part of a table come in any order, and the first lines are named.
    bad.named.sort((a, b) => a.row - b.row);
    if (bad.named.length > MOST_NAMED) bad.named.pop();
  }

  /** @throws {RangeError} If there was a cell. */
  refuse(): void {
    const [found] = this.#bad;
    if (found === undefined) return;
    const [wanted, { named, count }] = found;
    const action = `read '${this.#table.name}'`;
    if (count === 1) {
      const [{ place, cell }] = named;
      throw new WrongValueError(wrong(action, place, wanted, cell));
    }
    const list = named.map(({ place, cell }) =>
      `${place} has ${describe(cell)}`
    );
    const more = count - named.length;
    throw new WrongValueError(
      `Cannot ${action} as ${count} cells must be ${wanted}: ${
        list.join("; ")
      }${more > 0 ? `; ${more} more` : ""}`,
    );
  }
}
