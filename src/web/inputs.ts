/** What a network takes, for a page to ask for it; and what the network makes of it. */
import type { Mlp } from "../mlp/mlp.ts";
import type { ImageSize } from "../data/formats.ts";
import type { TableRow } from "../data/table_rows.ts";
import type { TablePrediction } from "../data/table_prediction.ts";
import { decodeOutputs } from "../mlp/decode_outputs.ts";
import { imageSizeOf } from "../mlp/image_size.ts";
import { Refusal } from "./responses.ts";

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

/** What a page asks for: a drawing, a form, or nothing where a form would be too long. */
export type Asked =
  | { readonly kind: "image"; readonly size: ImageSize }
  | { readonly kind: "form"; readonly fields: readonly Field[] }
  | { readonly kind: "nothing"; readonly inputs: number };

/** Fields of a form. */
const MOST_FIELDS = 200;

/** Pixels of a drawing. */
const MOST_PIXELS = 128 * 128;

/** What a page asks for to try a network. */
export function askedBy(mlp: Mlp): Asked {
  const size = imageSizeOf(mlp);
  if (size !== undefined && mlp.layers[0] <= MOST_PIXELS) {
    return { kind: "image", size };
  }
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

/**
 * What a network makes of what somebody drew or wrote.
 *
 * @param body `{ pixels: number[] }` or `{ row: { name: cell } }`, as JSON.parse() returned it.
 *
 * @throws {Refusal} With 400 if it is neither.
 * @throws {RangeError} If the row isn't what the network takes.
 */
export async function answerTo(
  mlp: Mlp,
  body: unknown,
  signal?: AbortSignal,
): Promise<TablePrediction> {
  const { pixels, row } = (body ?? {}) as Record<string, unknown>;
  const numbers = pixels ??
    (mlp.encoder === undefined ? Object.values(row ?? {}) : undefined);
  const options = signal === undefined ? {} : { signal };
  if (numbers !== undefined) {
    const x = numbersOf(numbers, mlp.layers[0]);
    return (await decodeOutputs(mlp, await mlp.predict(x, options)))[0];
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw new Refusal(400, "Cannot predict as 'row' or 'pixels' must be given");
  }
  return (await mlp.predictTable([row as TableRow], options))[0];
}

function numbersOf(values: unknown, count: number): Float32Array<ArrayBuffer> {
  if (
    Array.isArray(values) && values.length === count &&
    values.every((value) => value !== "" && Number.isFinite(Number(value)))
  ) return Float32Array.from(values, Number);
  throw new Refusal(400, `Cannot predict as there must be ${count} numbers`);
}
