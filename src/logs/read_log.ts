import { WrongValueError } from "../checks/errors.ts";
import { parseJson } from "../io/parse_json.ts";
import { readBytes } from "../io/read_bytes.ts";
import { utf8 } from "../io/utf8.ts";
import type { EpochEvent } from "../history/events.ts";
import { fieldsOf } from "./fields.ts";
import { logFormatOf } from "./log_lines.ts";
import { type LogRow, rowsOfCurves } from "./log_rows.ts";
import { MOST_LOG_BYTES } from "./log_writer.ts";

/**
 * Reads the epochs of a log, or those that a model keeps; a last line that isn't whole is left out.
 *
 * @throws {RangeError} If it is no log, or a line can't be read.
 * @throws {Deno.errors.NotFound} If there is no such file.
 */
export async function readLog(path: string): Promise<LogRow[]> {
  if (logFormatOf(path) === undefined) return await rowsOfModel(path);
  const bytes = await readBytes(path, MOST_LOG_BYTES);
  const text = utf8(bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1), path);
  const lines = text.split(/\r?\n/).slice(0, -1);
  const rows = path.toLowerCase().endsWith(".csv")
    ? csvRows(lines)
    : jsonRows(lines, path);
  if (rows.length === 0) refuse(path, "it must have an epoch");
  for (const [at, row] of rows.entries()) {
    if (row.has("epoch") && row.has("loss")) continue;
    refuse(path, `epoch ${at + 1} of it must have numbers 'epoch' and 'loss'`);
  }
  return rows;
}

/** The epochs that a model keeps. */
async function rowsOfModel(path: string): Promise<LogRow[]> {
  if (!/\.(json|onnx|safetensors)$/.test(path)) {
    refuse(path, "its name must end in '.csv' or '.jsonl', or as of a model");
  }
  const { readModel } = await import("../model_files/read_model.ts");
  const { description: { training } } = await readModel(path);
  const rows = rowsOfCurves(training?.curves);
  if (rows.some((row) => Number.isFinite(row.get("loss")))) return rows;
  refuse(path, "it keeps no curves: give what train --log has written");
}

function refuse(path: string, wanted: string): never {
  throw new WrongValueError(`Cannot read '${path}' as ${wanted}`);
}

/** Cells that are quoted may have commas. */
function cellsOf(line: string): string[] {
  const cells = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...cells].map(([, quoted, plain]) =>
    quoted?.replaceAll('""', '"') ?? plain
  );
}

/** What is no number is left out, such as which kernels ran. */
function numbersOf(entries: Iterable<readonly [string, unknown]>): LogRow {
  const found = new Map<string, number>();
  for (const [name, value] of entries) {
    const number = value === "" ? NaN : Number(value);
    if (!Number.isNaN(number) || value === "NaN") found.set(name, number);
  }
  return found;
}

function csvRows([head = "", ...lines]: readonly string[]): LogRow[] {
  const names = cellsOf(head);
  return lines.map((line) => {
    const cells = cellsOf(line);
    return numbersOf(names.map((name, at) => [name, cells[at] ?? ""] as const));
  });
}

function jsonRows(lines: readonly string[], path: string): LogRow[] {
  return lines.flatMap((line, at) => {
    const value = parseJson(line, path, `line ${at + 1}`);
    const { event } = (value ?? {}) as { readonly event?: unknown };
    if (event !== "epoch") return [];
    const { timings, ...epoch } = value as EpochEvent;
    const known = Array.isArray(timings) ? { timings } : {};
    return [numbersOf(fieldsOf({ ...epoch, ...known }))];
  });
}
