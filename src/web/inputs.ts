/** What a network takes, for a page to ask for it; and what the network makes of it. */
import type { Mlp } from "../mlp/mlp.ts";
import type { ImageSize } from "../data/formats.ts";
import type { TableRow } from "../data/table_rows.ts";
import type { TablePrediction } from "../data/table_prediction.ts";
import { decodeOutputs } from "../mlp/decode_outputs.ts";
import { imageSizeOf } from "../mlp/image_size.ts";
import { type Form, formOf } from "./form.ts";
import { Refusal } from "./responses.ts";

/** What a page asks for: a drawing, a form, or nothing where a form would be too long. */
export type Asked =
  | { readonly kind: "image"; readonly size: ImageSize }
  | Form;

/** Pixels of a drawing. */
const MOST_PIXELS = 128 * 128;

/** What a page asks for to try a network. */
export function askedBy(mlp: Mlp): Asked {
  const size = imageSizeOf(mlp);
  if (size !== undefined && mlp.layers[0] <= MOST_PIXELS) {
    return { kind: "image", size };
  }
  return formOf(mlp);
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
