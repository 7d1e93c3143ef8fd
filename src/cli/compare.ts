/** `deno task compare`: logs of trainings beside each other. */
import { standaloneSvg } from "../charts/chart.ts";
import { xyChart } from "../charts/xy_chart.ts";
import { visibleName } from "../checks/visible.ts";
import { writeAtomically } from "../io/write_atomically.ts";
import {
  barsOf,
  compareTable,
  curveOf,
  summaryOfLog,
} from "../logs/compare_logs.ts";
import { readLog } from "../logs/read_log.ts";
import { type FlagValues, UsageError } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { COMMON_OPTIONS } from "./common_options.ts";
import { print, printJson } from "./print.ts";
import { requireEnding, requireWritable } from "./require_writable.ts";

const OPTIONS = {
  svg: {
    value: "FILE",
    help: "write the curves as a picture: .svg",
    file: "written",
  },
  ...COMMON_OPTIONS,
} as const;

const USAGE = `Usage: deno task compare FILE… [options]

Prints the last and the best epoch of logs that train --log has written.`;

const EXAMPLES = [
  [
    "deno task compare first.csv second.jsonl --svg losses.svg",
    "the epochs of two trainings side by side",
  ],
] as const;

async function run(
  flags: FlagValues,
  files: readonly string[],
): Promise<void> {
  if (files.length === 0) {
    throw new UsageError(
      "Cannot read the command line as a log must be given: deno task compare FILE…",
    );
  }
  const logs: Awaited<ReturnType<typeof readLog>>[] = [];
  for (const path of files) logs.push(await readLog(path));
  const names = files.map(visibleName);
  const curves = logs.map((rows, at) => curveOf(names[at], rows));
  if (flags.svg !== undefined) {
    const path = flags.svg as string;
    requireEnding(path, [".svg"]);
    await requireWritable(path);
    const title = "Loss by epoch";
    const [x, y] = [{ label: "epoch", whole: true }, {
      label: "loss",
      pad: true,
    }];
    const svg = standaloneSvg(title, [xyChart({ title, x, y, curves })]);
    await writeAtomically(path, new TextEncoder().encode(svg));
  }
  const found = logs.map((rows, at) => summaryOfLog(names[at], rows));
  if (flags.json === true) return found.forEach(printJson);
  const bars = barsOf(curves).map((line, at) => `${line}  ${curves[at].name}`);
  print(`${compareTable(found)}\n\n${bars.join("\n")}`);
}

await runCommand({
  usage: USAGE,
  examples: EXAMPLES,
  options: OPTIONS,
  takesFiles: true,
  run,
});
