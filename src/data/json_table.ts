/** Tables of rows in JSON: a line or an element of an array for each row, its cells by the names of their columns. */
import { WrongValueError } from "../checks/errors.ts";
import { requireString } from "../checks/json_checks.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
import { wrong } from "../checks/validate.ts";
import { BadRows } from "./bad_rows.ts";
import { textPieces } from "./csv_rows.ts";
import { jsonElements, jsonLines, type JsonRow } from "./json_rows.ts";
import type { Table } from "./table.ts";
import { checkTableOptions, type TableFileOptions } from "./table_options.ts";
import { onlyTable, type TableReader } from "./table_source.ts";
import { requireSource } from "./text_source.ts";

/**
 * How lines of JSON are parsed.
 *
 * @example
 * ```ts
 * import { type JsonLinesOptions, parseJsonLines } from "@lockstep/lockstep";
 *
 * const options: JsonLinesOptions = { name: "sizes.jsonl", badRows: "skip" };
 * const { rows, leftOut } = await parseJsonLines('{"size":1}\n{"si\n', options);
 * console.log(rows, leftOut?.[0].lines); // [["1"]], [2]
 * ```
 */
export interface JsonLinesOptions
  extends Pick<TableFileOptions, "encoding" | "badRows"> {
  /** Name of the text, for errors. Default: `"table"` */
  readonly name?: string;
}

const ACTION = "read a table";

const NAMES = namesOf<JsonLinesOptions>({
  encoding: true,
  badRows: true,
  name: true,
});

/**
 * Parses lines each of which is a row in JSON, an object of cells by the names of their columns: text, numbers, `true` or
 * `false`. What is `null` or not there has no value; the columns are those of all rows, in the order in which they
 * come. Timers and I/O keep running meanwhile.
 *
 * @param source Text, or its bytes. Not a path, which is for {@linkcode readTable}.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If the text is a path, there are no rows, a line is no object in JSON or has a name twice, a cell is a
 * list or an object, or bytes are of another encoding.
 *
 * @example
 * ```ts
 * import { parseJsonLines } from "@lockstep/lockstep";
 *
 * const text = '{"size": 1.50, "kind": "a"}\n{"kind": null, "new": true}\n';
 * const { columns, rows } = await parseJsonLines(text);
 * console.log(columns, rows); // ["size", "kind", "new"], [["1.5", "a", ""], ["", "", "true"]]
 * ```
 */
export async function parseJsonLines(
  source: string | Uint8Array,
  options: JsonLinesOptions = {},
): Promise<Table> {
  requireSource(source);
  requireOptions(ACTION, options, NAMES);
  const name = requireString(ACTION, "name", options.name ?? "table");
  checkTableOptions(name, options, JSON_LINES.reads);
  const rows = jsonLines(textPieces(source), name, options.encoding);
  return await onlyTable(jsonTables(rows, name, options, Infinity));
}

/** Reads a row of each line. */
export const JSON_LINES: TableReader = {
  reads: ["encoding", "badRows"],
  tables: ({ name, pieces }, options, most) =>
    jsonTables(
      jsonLines(pieces(), name, options.encoding),
      name,
      options,
      most,
    ),
};

/** Reads a row of each element of an array. */
export const JSON_ARRAY: TableReader = {
  reads: JSON_LINES.reads,
  tables: ({ name, pieces }, options, most) =>
    jsonTables(
      jsonElements(pieces(), name, options.encoding),
      name,
      options,
      most,
    ),
};

/** Makes tables of rows, of about `most` rows each. Columns are those of the first. */
async function* jsonTables(
  source: AsyncIterable<readonly JsonRow[]>,
  name: string,
  { badRows }: TableFileOptions,
  most: number,
): AsyncGenerator<Table> {
  const bad = new BadRows(name, badRows);
  const columns = new Map<string, number>();
  let fixed = false;
  let count = 0;
  let rows: string[][] = [];
  let lines: number[] = [];
  const table = (): Table[] => {
    bad.refuse("rows must be objects in JSON");
    const leftOut = bad.taken();
    if (rows.length === 0 && leftOut.leftOut === undefined) return [];
    for (const row of rows) while (row.length < columns.size) row.push("");
    const made = { name, columns: [...columns.keys()], hasHeader: true };
    const whole = { ...made, rows, lines, ...leftOut };
    fixed ||= rows.length > 0;
    count += rows.length;
    [rows, lines] = [[], []];
    return [whole];
  };
  for await (const some of source) {
    for (const row of some) {
      const fields = fieldsOf(row, bad);
      if (fields === undefined) continue;
      const cells: string[] = [];
      for (const [column, value] of Object.entries(fields)) {
        let at = columns.get(column);
        if (at === undefined) {
          if (fixed || column === "") refuseColumn(name, row.line, column);
          at = columns.size;
          columns.set(column, at);
        }
        while (cells.length < at) cells.push("");
        cells[at] = cellOf(value, name, row.line, column);
      }
      rows.push(cells);
      lines.push(row.line);
      if (rows.length >= most) yield* table();
    }
  }
  yield* table();
  if (count > 0) return;
  throw new WrongValueError(`Cannot read '${name}' as there must be rows`);
}

/** Numbers that JSON.parse() may round, or has no room for. */
const LONG_NUMBER = /\d{16}|\d[eE][+-]?\d/;

/** Names in an object that has no others within. */
const NAME = /"[^"\\]*(?:\\.[^"\\]*)*"\s*:/g;

/** The cells of a row by their names; `undefined` if it is none. */
function fieldsOf(
  { text, line }: JsonRow,
  bad: BadRows,
): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = LONG_NUMBER.test(text)
      ? JSON.parse(text, withDigits as () => unknown)
      : JSON.parse(text);
  } catch {
    const found = /\bNaN\b/.test(text)
      ? "has NaN, for which JSON has null"
      : "is none";
    bad.add("no JSON", line, found);
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    bad.add("no object", line, "is another value");
    return undefined;
  }
  const fields = value as Record<string, unknown>;
  // Of a name that comes twice, JSON.parse() takes the last. Lists and objects are refused later.
  const flat = Object.values(fields).every((cell) => !(cell instanceof Object));
  if (!flat || text.match(NAME)!.length === Object.keys(fields).length) {
    return fields;
  }
  bad.add("a name twice", line, "has a name twice");
  return undefined;
}

/** Keeps the digits of a number as they are written. */
function withDigits(
  _name: string,
  value: unknown,
  { source }: { readonly source: string },
): unknown {
  return typeof value === "number" && String(value) !== source ? source : value;
}

/** The text of a cell: empty where there is no value. */
function cellOf(
  value: unknown,
  name: string,
  line: number,
  column: string,
): string {
  if (typeof value === "string") return value.trim();
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  throw new WrongValueError(
    wrong(
      `read '${name}'`,
      `line ${line}, ${column}`,
      "text, a number, true, false or null",
      value,
    ),
  );
}

function refuseColumn(name: string, line: number, column: string): never {
  throw new WrongValueError(
    column === ""
      ? `Cannot read '${name}' as all columns must have names: one has none in line ${line}`
      : wrong(
        `read '${name}'`,
        `columns in line ${line}`,
        "those of the rows before",
        column,
      ),
  );
}
