/** What a graph takes as inputs for a table, for those who run it elsewhere. */
import { quotedName } from "../checks/visible.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import { rawColumnsOf } from "../models/onnx/columns.ts";
import { INPUT, type RawColumn, TEXTS } from "../models/onnx/raw_columns.ts";
import { counted } from "./print.ts";

/** Columns that are named one by one. */
const MOST_NAMED = 20;

/** What to know of the inputs of a graph, if that isn't plain from the columns; nothing of files of other formats. */
export function onnxNotes(
  path: string,
  preprocessing: Preprocessing | undefined,
): string[] {
  if (!path.endsWith(".onnx") || preprocessing === undefined) return [];
  const raw = rawColumnsOf(preprocessing);
  const notes: string[] = [];
  const note = (
    isOne: (one: RawColumn) => boolean,
    text: (names: string, width: number) => string,
    detail: (one: RawColumn) => string = () => "",
  ) => {
    const found = raw.filter(isOne);
    if (found.length === 0) return;
    const width = found.reduce((sum, one) => sum + one.width, 0);
    notes.push(text(named(found, detail), width));
  };
  note(
    ({ takes, column }) =>
      takes === "number" && column.kind === "number" &&
      column.format !== undefined,
    (names) => `Of ${names} it takes numbers as in 1234.5`,
  );
  note(
    ({ column }) => column.kind === "number" && column.origin !== undefined,
    (names) =>
      `It takes ${names}, as a float32 doesn't hold the numbers themselves`,
    ({ column }) => column.kind === "number" ? ` less ${column.origin}` : "",
  );
  note(
    ({ takes }) => takes === "inputs",
    (names) =>
      `ONNX has no nodes for ${names}: it takes what encoder.inputs() makes of them`,
    ({ column, width }) => ` (${column.kind}, ${counted(width, "input")})`,
  );
  const texts = raw.some(({ takes }) => takes === "text");
  if (notes.length === 0 && !texts) return [];
  const shape =
    (name: string, type: string) => (names: string, width: number) =>
      `The graph takes '${name}', ${type} [N, ${width}]: ${names}`;
  const others = notes.splice(0);
  note(({ takes }) => takes !== "text", shape(INPUT, "float32"));
  note(({ takes }) => takes === "text", shape(TEXTS, "string"));
  return [...notes, ...others];
}

function named(
  columns: readonly RawColumn[],
  detail: (one: RawColumn) => string,
): string {
  const names = columns.slice(0, MOST_NAMED).map((one) =>
    `${quotedName(one.column.name)}${detail(one)}`
  );
  const more = columns.length - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
