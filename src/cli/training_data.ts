/** Samples for a training, and how they are asked for. */
import type { ScaleName } from "../choosing/candidate.ts";
import type { Source } from "../choosing/parts.ts";
import type { Samples } from "../data/dataset.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import type { InputScaling } from "../data/scaling.ts";
import type { Table } from "../data/table.ts";
import type { TableEncoder } from "../data/table_encoder.ts";
import type { SampleStream } from "../training/stream.ts";
import type { RowCounts } from "./row_counts.ts";
import type { RowSplit, SplitWanted } from "./split_rows.ts";

/** Samples for a training, and what their numbers mean. */
export interface TrainingData {
  readonly train: Samples;
  /** Where a table is read in pieces: all samples to train with, of which `train` has the first. */
  readonly stream?: SampleStream;
  /** None of samples that are not split. */
  readonly test?: Samples;
  /** The rows of a table that those are made of. */
  readonly testRows?: Table;
  /** Of a table, or of numbers that are as good as one. */
  readonly encoder?: TableEncoder;
  /** Rows of a table that became samples, and others. */
  readonly rows?: RowCounts;
  /** Names of the columns that are learned, of a table. */
  readonly target?: string;
  /** What to look at in a table. */
  readonly notes?: readonly string[];
  readonly classNames?: readonly string[];
  readonly preprocessing?: Preprocessing;
  /** Width and height of the images, if they are known: `28x28`. */
  readonly image?: string;
  /** What folds of the samples to train with are made of. */
  readonly origin: Origin;
  /** Which rows are to train with. */
  readonly split: RowSplit;
  /** Of the files, or of what stdin had. */
  readonly sha256?: string;
}

/** Samples to train with as they were before they were scaled, or rows of a table before anything was found out about them. */
export interface Origin {
  readonly source: Source;
  /** How inputs are scaled. */
  readonly scale: ScaleName;
  /** What the rows of a table belong to, if a column says so. */
  readonly groups?: readonly string[];
}

/** How a training's samples are made. */
export interface Wanted extends SplitWanted {
  readonly scale: string | undefined;
  /** Whose encoder and scaling are taken, if not those that are found for these samples. */
  readonly share?: Share;
}

/** Gives all ranks what the first one finds, where each has samples of its own; or what a checkpoint has. */
export interface Share {
  encoder(fit: () => Promise<TableEncoder>): Promise<TableEncoder>;
  scaling(fit: () => Promise<InputScaling>): Promise<InputScaling>;
}

export const SCALES = ["none", "standardize", "minmax"] as const;

/** The scaling that is asked for; none of images unless it is. */
export function scalingOf(
  scale: string | undefined,
  standard: typeof SCALES[number],
): typeof SCALES[number] {
  return scale === undefined ? standard : scale as typeof SCALES[number];
}
