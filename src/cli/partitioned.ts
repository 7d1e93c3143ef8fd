/** What ranks exchange if each has files of its own. */
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import type { Communicator } from "../distributed/communicator.ts";
import { columnsOfRanks, sumsOfRanks } from "../inference/sums_of_ranks.ts";
import { ColumnErrors, meanOfColumns } from "../metrics/column_errors.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { type FlagValues, UsageError } from "./arguments.ts";
import type { KeptRows } from "./kept_rows.ts";
import { type RowCounts, sumOfCounts } from "./row_counts.ts";
import type { Share, TrainingData } from "./training_data.ts";
import type { FIT_OPTIONS } from "./fit_after.ts";

/** What fits to samples of one process, by the options that ask for it. */
const FIT_LATER = {
  calibrate: "calibrate",
  threshold: "chooseThresholds",
  interval: "fitInterval",
} as const satisfies Record<keyof typeof FIT_OPTIONS, keyof Mlp>;

/**
 * Refuses what needs the samples of all ranks at one place.
 *
 * @throws {UsageError} If it is asked for.
 */
export function refuseWithParts(flags: FlagValues): void {
  for (const [name, method] of Object.entries(FIT_LATER)) {
    if (flags[name] === undefined) continue;
    throw new UsageError(
      `Cannot train as '--${name}' must be left out with '{rank}' in --dataset, as it is fitted to samples at one place: call '${method}()' of the saved model`,
    );
  }
  const held = Number(flags["validation-split"] ?? 0);
  if (flags.ensemble === undefined || held === 0) return;
  throw new UsageError(
    "Cannot train as '--validation-split' must be left out with '{rank}' in --dataset and --ensemble: train one network, or hold nothing back",
  );
}

/** What a model remembers of the rows of all ranks: what differs, in the order of their numbers. */
export async function keptRowsOfRanks(
  distributed: Communicator,
  rows: KeptRows,
): Promise<KeptRows> {
  const { sha256, train, validation, test, partsSha256 } = rows;
  const all = await distributed.gather(
    JSON.stringify({ sha256, train, validation, test, partsSha256 }),
  );
  return { ...rows, parts: all.map((text) => JSON.parse(text)) };
}

const NO_ROWS: RowCounts = { read: 0, used: 0, leftOut: [] };

/** How many samples to test, and rows, all ranks have. */
export async function countsOfRanks(
  distributed: Communicator,
  { test, rows }: Pick<TrainingData, "test" | "rows">,
): Promise<{ readonly testSamples: number; readonly rows?: RowCounts }> {
  const [testSamples] = await sumsOfRanks(distributed, [test?.count ?? 0]);
  const all = await distributed.gather(JSON.stringify(rows ?? null));
  const counts = all.map((text): RowCounts | null => JSON.parse(text));
  const some = counts.filter((each) => each !== null).map((each) => ({
    ...each,
    // Numbers of lines say nothing without their file.
    leftOut: each.leftOut.map((rows) => ({ ...rows, lines: [] })),
  }));
  return some.length === 0
    ? { testSamples }
    : { testSamples, rows: some.reduce<RowCounts>(sumOfCounts, NO_ROWS) };
}

/** Has rank 0 find out about columns and scales, and gives what it found to all. */
export function shareOfRanks(distributed: Communicator): Share {
  const first = async (own: unknown) => {
    const [found] = await distributed.gather(JSON.stringify(own ?? null));
    return JSON.parse(found);
  };
  const isFirst = distributed.rank === 0;
  return {
    async encoder(fit) {
      const own = isFirst ? await fit() : undefined;
      const found = await first(own?.toParts());
      return own ?? TableEncoder.from(found);
    },
    scaling: async (fit) => await first(isFirst ? await fit() : undefined),
  };
}

/** The mean of what each rank has of so many samples. */
export async function meanOfRanks(
  distributed: Communicator,
  value: number,
  samples: number,
): Promise<number> {
  const own = [value * samples, samples];
  const [sum, count] = await sumsOfRanks(distributed, own);
  return sum / count;
}

/** R² of the samples of all ranks, from what each finds out about its own. */
export async function r2OfRanks(
  distributed: Communicator,
  mlp: Mlp,
  samples: Samples | SparseSamples,
): Promise<number> {
  const { y, outputs } = samples;
  const found = await mlp.predict(samples.x);
  const own = Array.from({ length: outputs }, () => new ColumnErrors());
  for (const [at, output] of found.entries()) {
    own[at % outputs].add(y[at], output);
  }
  const all = await columnsOfRanks(distributed, own);
  return meanOfColumns(all, ({ r2 }) => r2);
}
