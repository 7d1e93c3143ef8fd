/** What `train` writes while it trains: a log of its epochs, and files for TensorBoard. */
import { basename } from "node:path";
import type { EpochEvent } from "../history/events.ts";
import { systemError } from "../io/system_error.ts";
import { BoardWriter, EVENTS } from "../logs/board_writer.ts";
import { LOG_ENDINGS, type RunFacts } from "../logs/log_lines.ts";
import { LogWriter } from "../logs/log_writer.ts";
import { imageSizeOf } from "../mlp/image_size.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { type FlagValues, type Option, UsageError } from "./arguments.ts";
import type { SampleReport } from "../report/sample_report.ts";
import type { TrainingData } from "./training_data.ts";
import { type Courses, hashesOf, ReportFile } from "./report_file.ts";
import { requireEnding, requireWritable } from "./require_writable.ts";

export const LOG_OPTIONS = {
  log: {
    value: "FILE",
    help: `write what is known after each epoch: ${LOG_ENDINGS.join(", ")}`,
    file: "written",
  },
  tensorboard: {
    value: "DIR",
    help: "write losses, metrics and weights for TensorBoard to a folder",
    file: "written",
  },
} as const satisfies Record<string, Option>;

/** Hears of a training. */
export interface TrainLogs {
  start(facts: RunFacts): void;
  epoch(event: EpochEvent, mlp: Mlp): Promise<void>;
}

/**
 * Refuses logs that can't be written, before the training.
 *
 * @throws {UsageError} If something is there that the training doesn't go on with, or a name has another ending.
 */
export async function requireLogs(flags: FlagValues): Promise<void> {
  const { log, tensorboard, resume } = flags as Record<string, string>;
  if (log !== undefined) {
    requireEnding(log, LOG_ENDINGS);
    if (resume === undefined && await isThere(log)) refuseOld(log);
    await requireWritable(log);
  }
  if (tensorboard === undefined) return;
  try {
    await Deno.mkdir(tensorboard, { recursive: true });
    for await (const { name } of Deno.readDir(tensorboard)) {
      if (resume === undefined && name.startsWith(EVENTS)) {
        refuseOld(tensorboard);
      }
    }
  } catch (cause) {
    throw systemError("write", tensorboard, cause, tensorboard);
  }
}

function refuseOld(path: string): never {
  throw new UsageError(
    `Cannot write '${path}' as it has a training already: name another one, or go on with that training by --resume`,
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw systemError("write", path, cause);
  }
}

/** Opens the logs that are asked for; nothing is written before the first epoch is done. */
export function trainLogs(flags: FlagValues, mlp: Mlp): TrainLogs {
  const { log, tensorboard } = flags as Record<string, string>;
  const { epoch: done } = mlp.position;
  const after = flags.resume === undefined ? undefined : done;
  const size = imageSizeOf(mlp);
  const writer = log === undefined ? undefined : new LogWriter(log, after);
  const board = tensorboard === undefined ? undefined : new BoardWriter(
    tensorboard,
    done + 1,
    size && [size.width, size.height],
  );
  let facts: RunFacts = {};
  return {
    start(found) {
      // A path may say more than it should to whom the log is given.
      const dataset = basename(`${flags.dataset ?? "mnist"}`);
      facts = { dataset, options: mlp.training, ...found };
    },
    async epoch(event, network) {
      await writer?.epoch(event, facts);
      await board?.epoch(event, network);
    },
  };
}

/** The report of a training. */
export interface TrainPage {
  readonly path: string;
  epoch(event: EpochEvent): void;
  /** Writes it; of a training that came to its end, with how well the network does on the samples to test. */
  write(
    mlp: Mlp,
    notes: readonly string[],
    ended?: Courses & { readonly scores: SampleReport | undefined },
  ): Promise<void>;
}

/** The report that is asked for. */
export async function trainPage(
  flags: FlagValues,
  { train, test, testRows }: TrainingData,
): Promise<TrainPage | undefined> {
  if (flags.report === undefined) return undefined;
  const file = new ReportFile(flags.report as string, "train", {
    "Samples": `${train.count} to train with, ${test?.count ?? 0} to test`,
    ...await hashesOf(flags, [train, test]),
  });
  return {
    path: file.path,
    epoch: (event) => file.epoch(event),
    write: (mlp, notes, ended) =>
      file.write(
        ...[mlp, flags] as const,
        { notes, scores: ended?.scores, samples: test, rows: testRows },
        ended,
      ),
  };
}
