/** Which encoder made samples: two encoders may number the same classes, or inputs, in different ways. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { Column } from "./column_kinds.ts";
import type { Samples, SparseSamples } from "./dataset.ts";

/** What inputs and targets of an encoder are. */
export interface Maker {
  readonly columns: readonly Column[];
  readonly targetNames: readonly string[];
  readonly classNames?: readonly string[];
}

const makers = new WeakMap<object, Maker>();

/** Remembers which encoder made samples, or those that they were picked from. */
export function madeBy<S extends Samples | SparseSamples>(
  samples: S,
  maker: Maker | undefined,
): S {
  if (maker !== undefined) makers.set(samples, maker);
  return samples;
}

/** Which encoder made samples, if one did that is known. */
export function makerOf(samples: Samples | SparseSamples): Maker | undefined {
  return makers.get(samples);
}

/**
 * Refuses samples of an encoder whose classes, or columns, aren't those of a network. What stands for missing cells, and how
 * inputs are scaled, may differ.
 *
 * @throws {RangeError} If they differ.
 */
export function requireMaker(
  action: string,
  network: {
    readonly preprocessing?: { readonly columns?: readonly Column[] };
    readonly targetNames?: readonly string[];
    readonly classNames?: readonly string[];
  },
  samples: Samples | SparseSamples,
): void {
  const maker = makers.get(samples);
  const { preprocessing: { columns } = {}, classNames, targetNames } = network;
  if (maker === undefined || columns === undefined) return;
  const refuse = (name: string, wanted: unknown, found: unknown) => {
    if (JSON.stringify(wanted) === JSON.stringify(found)) return;
    const told = Array.isArray(wanted) ? `${wanted.join(", ")} ` : "";
    throw new WrongValueError(
      wrong(
        action,
        `${name} of the samples`,
        `${told}as in the network, whose own encoder makes such samples: await mlp.encoder.samples(table)`,
        found,
      ),
    );
  };
  refuse("classNames", classNames, maker.classNames);
  refuse("targetNames", targetNames, maker.targetNames);
  if (columns === maker.columns) return;
  const names = (all: readonly Column[]) => all.map(({ name }) => name);
  refuse("columns", names(columns), names(maker.columns));
  for (const [at, column] of columns.entries()) {
    refuse(
      `column '${column.name}'`,
      meaningOf(column),
      meaningOf(maker.columns[at]),
    );
  }
}

/** What a column's inputs mean, whatever stands for a missing one; in an order of its own, as files have others. */
function meaningOf(column: Column): object {
  const fields = Object.entries(column).filter(([name]) => name !== "fill");
  return Object.fromEntries(fields.sort(([a], [b]) => a < b ? -1 : 1));
}
