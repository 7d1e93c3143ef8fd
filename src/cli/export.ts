/** `deno task export`: writes a model in another format. */
import { MODEL_ENDINGS } from "../model_files/model_formats.ts";
import { readModel } from "../model_files/read_model.ts";
import { writeModel } from "../model_files/write_model.ts";
import { visible } from "../checks/visible.ts";
import { type FlagValues, requiredText } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { COMMON_OPTIONS, MODEL_OPTION } from "./common_options.ts";
import { onnxNotes } from "./onnx_notes.ts";
import { print, printJson } from "./print.ts";

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

const EXAMPLES = [
  [
    "deno task export --model iris.safetensors --to iris.onnx",
    "makes a model that other programs run",
  ],
] as const;

async function run(flags: FlagValues): Promise<void> {
  const [path, to] = [
    requiredText(flags, OPTIONS, "model"),
    requiredText(flags, OPTIONS, "to"),
  ];
  const model = await readModel(path);
  await writeModel(to, model);
  const notes = onnxNotes(to, model.description.preprocessing);
  if (flags.json === true) {
    printJson({ wrote: to, ...(notes.length === 0 ? {} : { notes }) });
    return;
  }
  print(`Wrote '${visible(to)}'`);
  for (const text of notes) print(text);
}

await runCommand({ usage: USAGE, examples: EXAMPLES, options: OPTIONS, run });
