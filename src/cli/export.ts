/** `deno task export`: writes a model in another format. */
import { type Column, widthOf } from "../data/column_kinds.ts";
import { MODEL_ENDINGS } from "../model_files/model_formats.ts";
import { readModel } from "../model_files/read_model.ts";
import { writeModel } from "../model_files/write_model.ts";
import { quotedName, visible } from "../checks/visible.ts";
import { type FlagValues, requiredText } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { COMMON_OPTIONS, MODEL_OPTION } from "./common_options.ts";
import { counted, print, printJson } from "./print.ts";

const OPTIONS = {
  ...MODEL_OPTION,
  to: {
    value: "FILE",
    help: `what to write: ${MODEL_ENDINGS.join(", ")}`,
    file: "written",
  },
  ...COMMON_OPTIONS,
} as const;

const USAGE = `Usage: deno task export --model FILE --to FILE

Writes a model in another format, by how the name ends.`;

/** Columns that are named one by one. */
const MOST_NAMED = 20;

/** What nodes of ONNX can't do, and whoever runs the graph has to do before, column by column. */
function leftToDo(columns: readonly Column[]): string[] {
  const other = columns.filter((column) =>
    column.kind !== "number" || column.format !== undefined ||
    column.origin !== undefined || column.flag
  );
  if (other.length === 0) return [];
  const named = other.slice(0, MOST_NAMED).map((column) => {
    const inputs = widthOf([column]);
    return `${quotedName(column.name)} (${column.kind}, ${
      counted(inputs, "input")
    })`;
  });
  const more = other.length - named.length;
  return [
    `The graph takes numbers, as encoder.inputs() makes them of a row: left to do before are ${
      named.join(", ")
    }${more > 0 ? ` and ${more} more` : ""}, and what stands for missing cells`,
  ];
}

async function run(flags: FlagValues): Promise<void> {
  const [path, to] = [
    requiredText(flags, OPTIONS, "model"),
    requiredText(flags, OPTIONS, "to"),
  ];
  const model = await readModel(path);
  await writeModel(to, model);
  const left = to.endsWith(".onnx")
    ? leftToDo(model.description.preprocessing?.columns ?? [])
    : [];
  if (flags.json === true) {
    printJson({ wrote: to, ...(left.length === 0 ? {} : { leftToDo: left }) });
    return;
  }
  print(`Wrote '${visible(to)}'`);
  for (const text of left) print(text);
}

await runCommand({ usage: USAGE, options: OPTIONS, run });
