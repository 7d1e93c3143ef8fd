/** `deno task validate`: judges options by folds of the samples. */
import {
  type CrossValidation,
  validateParts,
} from "../choosing/cross_validate.ts";
import type { Fold } from "../choosing/folds.ts";
import { partsOf } from "../choosing/parts.ts";
import type { ScoreName } from "../choosing/scores.ts";
import { threadsOf } from "../choosing/validation_options.ts";
import type { FlagValues } from "./arguments.ts";
import {
  candidateOf,
  CHOOSING_OPTIONS,
  FOLD_OPTIONS,
  foldsFor,
  wantedOf,
} from "./choosing_options.ts";
import { runCommand } from "./command.ts";
import { COMMON_OPTIONS, computeOptionsOf } from "./common_options.ts";
import { during, Progress } from "./display/progress.ts";
import { Interrupted, listenForSignals } from "./interrupt.ts";
import { loadTrainingData } from "./load_data.ts";
import { aligned } from "./metric_tables.ts";
import { note, print, printJson } from "./print.ts";

const OPTIONS = { ...CHOOSING_OPTIONS, ...FOLD_OPTIONS, ...COMMON_OPTIONS };

const USAGE = `Usage: deno task validate [options]

Trains a network for each fold of the samples, and judges it by that fold, of
which nothing was known. Of mnist, of the samples to train with.`;

const EXAMPLES = [
  [
    "deno task validate --dataset data/iris.csv --hidden 16 --learning-rate 0.01",
    "tests every row once, by 5 networks that have not learned it",
  ],
] as const;

async function run(flags: FlagValues): Promise<void> {
  // Mistakes in what was typed come before the file.
  candidateOf(flags, "none");
  const data = await loadTrainingData(flags, wantedOf(flags, 0));
  const { source, scale } = data.origin;
  const folds = foldsFor(data.origin, flags);
  const parts = await during(
    "Encoding",
    () => partsOf(source, folds, [scale]),
  );
  const quiet = flags.quiet === true || flags.json === true;
  if (!quiet) { for (const text of data.notes ?? []) note(`Note: ${text}`); }
  using signals = listenForSignals();
  using line = new Progress("Folds", flags.quiet !== true);
  let done = 0;
  try {
    const found = await validateParts(parts, candidateOf(flags, scale), {
      threads: threadsOf(computeOptionsOf(flags)),
      signal: signals.signal,
      onFold() {
        done++;
        line.update(done / folds.length, `${done} of ${folds.length}`);
      },
    });
    if (flags.json === true) printJson(jsonOf(found, folds));
    else print(tableOf(found, folds, flags.quiet === true));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    Deno.exitCode = error.status;
    note(`Stopped by ${error.signal} after ${done} of ${folds.length} folds`);
  }
}

function jsonOf(
  { scores, mean, deviation }: CrossValidation,
  folds: readonly Fold[],
) {
  const all = scores.map((score, at) => {
    const { repeat, fold, test } = folds[at];
    return { repeat, fold, samples: test.length, ...score };
  });
  return { folds: all, mean, deviation };
}

function tableOf(
  { scores, mean, deviation }: CrossValidation,
  folds: readonly Fold[],
  quiet: boolean,
): string {
  const names = Object.keys(mean) as ScoreName[];
  const row = (name: string, samples: string, values: typeof mean) => [
    name,
    samples,
    ...names.map((one) => values[one]!.toFixed(4)),
  ];
  const repeated = folds.some(({ repeat }) => repeat > 0);
  const each = scores.map((score, at) => {
    const { repeat, fold, test } = folds[at];
    const name = `${repeated ? `${repeat + 1}/` : ""}${fold + 1}`;
    return row(name, `${test.length}`, score);
  });
  return aligned([
    ["fold", "samples", ...names],
    ...(quiet ? [] : each),
    row("mean", "", mean),
    row("±", "", deviation),
  ]);
}

await runCommand({ usage: USAGE, examples: EXAMPLES, options: OPTIONS, run });
