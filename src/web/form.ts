/** A form for what a network takes. */
import type { Mlp } from "../mlp/mlp.ts";

/** Fields of a form. */
const MOST_FIELDS = 200;

/** A field of a form. */
export interface Field {
  readonly name: string;
  readonly kind: string;
  /** The texts that it can be, if those are all. */
  readonly values?: readonly string[];
  /** Whether other texts are allowed. */
  readonly other: boolean;
  /** Whether it can be left out. */
  readonly optional: boolean;
  /** What it may look like. */
  readonly example: string;
}

/** A form, or nothing where it would be too long. */
export type Form =
  | { readonly kind: "form"; readonly fields: readonly Field[] }
  | { readonly kind: "nothing"; readonly inputs: number };

/** A field for each column of a network's table, or for each input. */
export function formOf(mlp: Mlp): Form {
  const { encoder, layers: [inputs] } = mlp;
  if ((encoder?.columns.length ?? inputs) > MOST_FIELDS) {
    return { kind: "nothing", inputs };
  }
  if (encoder === undefined) {
    const fields = Array.from({ length: inputs }, (_, at) => ({
      ...{ name: `x[${at}]`, kind: "number", example: "0" },
      ...{ other: false, optional: false },
    }));
    return { kind: "form", fields };
  }
  const examples = new Map(
    encoder.table.columns.map(({ name, example }) => [name, example]),
  );
  const fields = encoder.columns.map((column, at): Field => {
    const { name, kind, fill } = column;
    const { values, other = false } = {
      ...("values" in column ? { values: column.values } : {}),
      ...("other" in column ? { other: column.other } : {}),
    };
    const mean = encoder.inputScaling?.offset[at];
    const example = examples.get(name) ??
      (mean === undefined ? "0" : `${Number(mean.toPrecision(3))}`);
    return {
      ...{ name, kind, other, example, optional: fill !== undefined },
      ...(values === undefined ? {} : { values }),
    };
  });
  return { kind: "form", fields };
}
