/** What a training of `train` is given, and what it gives. */
import type { Communicator } from "../distributed/communicator.ts";
import type { Dashboard } from "../dashboard/dashboard.ts";
import type { ValidationParts } from "../training/validation_part.ts";
import type { Courses } from "./report_file.ts";
import type { Report } from "./report.ts";
import type { TrainLogs, TrainPage } from "./train_logs.ts";

/** What is written of a training, and shown. */
export interface Files {
  readonly save: string | undefined;
  readonly checkpoint: string | undefined;
  /** What workers did last. */
  readonly trace: string | undefined;
  /** Epochs from one checkpoint to the next. */
  readonly every: number;
  readonly logs: TrainLogs;
  /** The page that is written at the end. */
  readonly page: TrainPage | undefined;
  /** The page that shows it. */
  readonly dashboard?: Dashboard | undefined;
  /** Whether this process tells of it: of several ranks, the first one alone. */
  readonly isFirst: boolean;
  /** Whether notes are shown. */
  readonly notes: boolean;
}

/** How a training is shown and kept. */
export interface How {
  readonly resume: boolean;
  /** Whether it may go on with other samples. */
  readonly otherData: boolean;
  /** Which network of an ensemble it is, from 1, and of how many. */
  readonly member?: { readonly number: number; readonly of: number };
  readonly files: Files;
  readonly report: Report;
  /** The ranks, where each has samples of its own. */
  readonly others: Communicator | undefined;
}

/** What a training did that came to its end. */
export interface Done extends Courses {
  /** Of all epochs. */
  readonly seconds: number;
  /** Of a network alone: what it learned from, and what was held back. */
  readonly parts?: ValidationParts;
}
