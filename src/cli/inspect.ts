/** `deno task inspect`: what is in the file of a model. */
import { summaryText } from "../data/column_summary.ts";
import { type FlagValues, requiredText } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { readModel } from "../model_files/read_model.ts";
import { summaryOf } from "../mlp/summary.ts";
import { sha256Of } from "../models/weights.ts";
import { visible, visibleName } from "../checks/visible.ts";
import { COMMON_OPTIONS, MODEL_OPTION } from "./common_options.ts";
import { keptRowsOf } from "./kept_rows.ts";
import { rowsText } from "../report/sheet_section.ts";
import { print, printJson } from "./print.ts";

const OPTIONS = { ...MODEL_OPTION, ...COMMON_OPTIONS } as const;

const USAGE = `Usage: deno task inspect --model FILE [options]

Prints what is in the file of a model, after it was checked.`;

const EXAMPLES = [
  [
    "deno task inspect --model iris.onnx",
    "layers, settings and columns of a model",
  ],
] as const;

/** A setting as it was typed; what nobody can have typed is JSON. */
function settingOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function run(flags: FlagValues): Promise<void> {
  const path = requiredText(flags, OPTIONS, "model");
  const { description, weights } = await readModel(path);
  const parameters = weights.reduce((sum, { length }) => sum + length, 0);
  const found = {
    ...description,
    parameters,
    weightsSha256: await sha256Of(weights),
  };
  if (flags.json === true) return printJson(found);
  const { task, loss, seed, classNames } = description;
  const { preprocessing, targetNames, targets, training } = description;
  const { table } = preprocessing ?? {};
  const { calibration, thresholds, interval } = description;
  const rows = keptRowsOf(path, training);
  const lines: [string, string | undefined][] = [
    ["task", task],
    ["loss", loss],
    ["seed", `${seed}`],
    ["classes", classNames?.map(visibleName).join(", ")],
    [
      "columns",
      table === undefined
        ? preprocessing?.columns?.map(({ name }) => visibleName(name)).join(
          ", ",
        )
        : undefined,
    ],
    ["inputs", preprocessing?.scale === undefined ? undefined : "scaled"],
    [
      "targets",
      [
        targetNames?.map(visibleName).join(", "),
        targets === undefined ? undefined : "scaled",
      ].filter(Boolean).join(" "),
    ],
    [
      "calibrated",
      calibration &&
      (calibration.method === "temperature"
        ? `temperature ${calibration.temperature}`
        : calibration.method),
    ],
    ["thresholds", thresholds?.join(", ")],
    [
      "interval",
      interval &&
      `${interval.coverage} within ±${
        interval.halfWidths.map((half) => half.toPrecision(4)).join(", ")
      }`,
    ],
    [
      "training",
      training &&
      Object.entries(training)
        .filter(([name]) => name !== "rows" && name !== "curves")
        .map(([name, value]) =>
          value === true ? `--${name}` : `--${name} ${settingOf(value)}`
        ).join(" "),
    ],
    ["rows", rows && rowsText(rows)],
    ["SHA-256", found.weightsSha256],
  ];
  if (table !== undefined) print(summaryText(table.columns));
  print(summaryOf(description));
  for (const [name, value] of lines) {
    if (value) print(`${name.padEnd(12)} ${visible(value)}`);
  }
}

await runCommand({ usage: USAGE, examples: EXAMPLES, options: OPTIONS, run });
