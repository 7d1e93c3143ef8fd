/** Rows as they come in requests. */
import { parseCsv } from "../data/csv.ts";
import type { Table } from "../data/table.ts";
import { isTable, type TableRow } from "../data/table_rows.ts";
import { parseJson } from "../io/parse_json.ts";
import { utf8 } from "../io/utf8.ts";
import { plainEncoder } from "../mlp/decode_outputs.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { Refusal } from "../web/responses.ts";

/** What errors call what was sent. */
const NAME = "the body";

/** Rows of a request as the network takes them. */
export interface RequestRows {
  readonly count: number;
  /** Inputs, row after row. */
  readonly x: Float32Array<ArrayBuffer>;
  /** Cells that are carried along, of each row. */
  readonly kept?: readonly Readonly<Record<string, string>>[];
  /** What they have that training had not. */
  readonly notes: readonly string[];
}

/**
 * Reads rows: `{ "rows": [...] }` or a list of rows in JSON, each a list of cells or an object of them by name; or CSV.
 *
 * @param type The content type of the request.
 *
 * @throws {Refusal} With 415 for another type, 413 for too many rows, 400 for what are no rows.
 * @throws {RangeError} If rows aren't what the network takes.
 */
export async function readRows(
  mlp: Mlp,
  body: Uint8Array<ArrayBuffer>,
  type: string,
  mostRows: number,
): Promise<RequestRows> {
  const found = await parsed(body, type);
  const count = isTable(found) ? found.rows.length : found.length;
  if (count > mostRows) {
    throw new Refusal(
      413,
      `Cannot predict as there must be ${mostRows} rows or fewer: current value is ${count}`,
    );
  }
  const { encoder, layers: [inputs] } = mlp;
  if (encoder !== undefined) {
    const rows = found as readonly TableRow[] | Table;
    const notes: string[] = [];
    const onNote = (note: string) => void notes.push(note);
    const x = await encoder.inputs(rows, { onNote });
    if (encoder.table.keep === undefined) return { count, x, notes };
    return { count, x, notes, kept: await encoder.kept(rows) };
  }
  if (!isTable(found)) return { count, x: numbersOf(found, inputs), notes: [] };
  const { columns } = found;
  if (columns.length !== inputs) throw otherWidth(0, inputs, columns.length);
  const x = await plainEncoder(mlp, columns).inputs(found);
  return { count, x, notes: [] };
}

/** The name of a content type, without what is said of it. */
function nameOf(type: string): string {
  return type.toLowerCase().split(";")[0].trim();
}

/** Whether that is the content type of CSV. */
export function isCsv(type: string): boolean {
  return nameOf(type) === "text/csv";
}

async function parsed(
  body: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<readonly unknown[] | Table> {
  if (isCsv(type)) return await parseCsv(body, { name: NAME });
  if (nameOf(type) !== "application/json") {
    throw new Refusal(
      415,
      `Cannot read the body as its content type must be application/json or text/csv: current value is '${type}'`,
    );
  }
  const found = parseJson(utf8(body, NAME), NAME, "its text") as
    | { readonly rows?: unknown }
    | null;
  const rows = Array.isArray(found) ? found : found?.rows;
  if (Array.isArray(rows) && rows.length > 0) return rows;
  throw new Refusal(
    400,
    'Cannot predict as the body must be { "rows": [...] } or a list, with one row or more',
  );
}

function numbersOf(
  rows: readonly unknown[],
  inputs: number,
): Float32Array<ArrayBuffer> {
  const x = new Float32Array(rows.length * inputs);
  for (const [at, row] of rows.entries()) {
    if (!Array.isArray(row)) {
      throw new Refusal(
        400,
        `Cannot predict as 'rows[${at}]' must be a list of ${inputs} numbers`,
      );
    }
    if (row.length !== inputs) throw otherWidth(at, inputs, row.length);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new Refusal(
        400,
        `Cannot predict as 'rows[${at}][${wrong}]' must be a finite number: current value is ${
          JSON.stringify(row[wrong])?.slice(0, 100)
        }`,
      );
    }
    x.set(row, at * inputs);
  }
  return x;
}

function otherWidth(at: number, wanted: number, found: number): Refusal {
  return new Refusal(
    400,
    `Cannot predict as 'rows[${at}]' must have ${wanted} numbers: current value is ${found}`,
  );
}
