/** The help of a command: usage, options in groups, examples. */
import type { Option, Options } from "./arguments.ts";
import { wrapped } from "./display/draw.ts";

/** A command line, and what it does. */
export type Example = readonly [command: string, what: string];

/** The group of all that name a file to write. */
const WRITTEN = "Files";

/** Titles of groups with the names of their options, in the order in which they are shown. */
const GROUPS: Readonly<Record<string, string>> = {
  "Data": "model dataset targets format target task delimiter header " +
    "encoding bad-rows part group test-split piece-rows scale",
  "Columns of a table": "drop kind keep missing impute missing-flags " +
    "missing-targets max-categories",
  "Network":
    "preset hidden activation output loss initializer ensemble trainable",
  "Training": "epochs batch-size shuffle optimizer learning-rate momentum " +
    "nesterov rho beta1 beta2 epsilon reduction class-weights shards",
  "Regularization": "l1 l2 weight-decay dropout clip-norm",
  "Schedule of the learning rate": "schedule learning-rate-decay step-epochs " +
    "decay-factor warm-up-epochs plateau-patience min-learning-rate",
  "Validation and early stopping":
    "validation-split monitor patience min-delta",
  "After the training": "calibrate threshold interval",
  "Search": "try method trials factor trials-file",
  "Evaluation": "score folds repeats holdout importance dependence",
  "Computation": "seed kernels skip-zeros workers distributed",
  "Predictions": "probabilities spreadsheet-safe",
  "Dashboard": "dashboard dashboard-host dashboard-port dashboard-stay",
  "Server": "host port max-body max-rows timeout",
  [WRITTEN]: "checkpoint-every resume tensorboard",
};

/** The group of all others. */
const OTHERS = "Other options";

/** Columns of the longest name beside which there is room for a text. */
const MOST_NAME = 24;

/** Narrower than this, texts are below the names. */
const NARROW = 60;

/** The help for a command, in lines of so many columns. */
export function helpText(
  { usage, options, examples }: {
    readonly usage: string;
    readonly options: Options;
    readonly examples: readonly Example[];
  },
  width: number,
): string {
  const [first, ...rest] = usage.split("\n\n");
  return [
    wrapped(first, width, "  ").join("\n"),
    ...rest.map((text) =>
      wrapped(text.replaceAll("\n", " "), width).join("\n")
    ),
    ...grouped(options).map(([title, some]) =>
      [`${title}:`, ...some.flatMap((one) => entry(...one, width))].join("\n")
    ),
    [
      "Examples:",
      ...examples.flatMap(([command, what]) => [
        wrapped(`  ${command}`, width - 2, "    ").join(" \\\n"),
        ...wrapped(`      ${what}`, width, "      "),
      ]),
    ].join("\n"),
  ].join("\n\n");
}

/** The groups that have options of the command. */
function grouped(options: Options): [string, [string, Option][]][] {
  const titleOf = (name: string, { file }: Option) =>
    file === "written"
      ? WRITTEN
      : Object.keys(GROUPS).find((title) => inGroup(title).includes(name)) ??
        OTHERS;
  return [...Object.keys(GROUPS), OTHERS].map(
    (title): [string, [string, Option][]] => [
      title,
      Object.entries(options).filter((one) => titleOf(...one) === title),
    ],
  ).filter(([, some]) => some.length > 0);
}

function inGroup(title: string): string[] {
  return GROUPS[title].split(" ");
}

/** The lines of an option. */
function entry(name: string, option: Option, width: number): string[] {
  const head = `--${name}${
    option.value === undefined ? "" : ` ${option.value}`
  }`;
  const standard = option.default === undefined
    ? ""
    : ` (default: ${option.default})`;
  const text = option.help + standard;
  if (width < NARROW || head.length > MOST_NAME) {
    const indent = " ".repeat(width < NARROW ? 6 : MOST_NAME + 4);
    return [`  ${head}`, ...wrapped(indent + text, width, indent)];
  }
  const indent = " ".repeat(MOST_NAME + 4);
  const [first, ...rest] = wrapped(indent + text, width, indent);
  return [`  ${head.padEnd(MOST_NAME)}  ${first.trimStart()}`, ...rest];
}
