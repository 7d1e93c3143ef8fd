/** `deno task plot`: the curves of a training as a picture. */
import { basename } from "node:path";
import { visibleName } from "../checks/visible.ts";
import { standaloneSvg } from "../charts/chart.ts";
import { pngOf } from "../charts/png.ts";
import { writeAtomically } from "../io/write_atomically.ts";
import { chartsOfLog } from "../logs/curve_charts.ts";
import { readLog } from "../logs/read_log.ts";
import { type FlagValues, requiredText, UsageError } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { COMMON_OPTIONS } from "./common_options.ts";
import { print, printJson } from "./print.ts";
import { requireEnding, requireWritable } from "./require_writable.ts";

const ENDINGS = [".svg", ".png"] as const;

const OPTIONS = {
  output: {
    value: "FILE",
    help: `write the picture: ${ENDINGS.join(", ")}`,
    file: "written",
  },
  ...COMMON_OPTIONS,
} as const;

const USAGE = `Usage: deno task plot HISTORY --output FILE [options]

Draws the curves of a log that train --log has written, or those that a model
keeps: loss and metrics of each epoch, with the best one.`;

const EXAMPLES = [
  [
    "deno task plot iris.csv --output iris.svg",
    "draws what train --log iris.csv has written",
  ],
  ["deno task plot iris.json --output iris.png", "draws what a model keeps"],
] as const;

async function run(
  flags: FlagValues,
  files: readonly string[],
): Promise<void> {
  if (files.length !== 1) {
    throw new UsageError(
      `Cannot read the command line as one log must be given, deno task plot HISTORY: current number is ${files.length}`,
    );
  }
  const [path] = files;
  const output = requiredText(flags, OPTIONS, "output");
  const ending = requireEnding(output, ENDINGS);
  const rows = await readLog(path);
  await requireWritable(output);
  const charts = chartsOfLog(rows);
  const svg = standaloneSvg(visibleName(basename(path)), charts);
  const bytes = ending === ".png"
    ? await pngOf(svg)
    : new TextEncoder().encode(svg);
  await writeAtomically(output, bytes);
  const titles = charts.map(({ title }) => title);
  if (flags.json === true) return printJson({ output, titles });
  print(`Wrote ${titles.join(", ")} to '${output}'`);
}

await runCommand({
  usage: USAGE,
  examples: EXAMPLES,
  options: OPTIONS,
  takesFiles: true,
  run,
});
