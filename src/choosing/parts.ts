/** What folds are made of: samples in shared memory, and what those to train with say, fold by fold, so that nothing is known of the others. */
import { sharedBytes } from "../runtime/shared.ts";
import { isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type {
  EncoderOptions,
  EncoderParts,
  TargetColumns,
} from "../data/encoder_options.ts";
import { fitScaling, fitTargetScaling } from "../data/scaling.ts";
import { pick, pickFromTable } from "../data/pick.ts";
import type { Table } from "../data/table.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import type { Task } from "../units/tasks.ts";
import { yieldToEventLoop } from "../runtime/event_loop.ts";
import type { Known, Part, ScaleName } from "./candidate.ts";
import type { Fold } from "./folds.ts";

/** Where samples come from. */
export type Source =
  | {
    readonly kind: "table";
    readonly table: Table;
    /** Of the encoder of each fold; classes and kinds of columns are those of the table unless there is another. */
    readonly options: Omit<EncoderOptions, "scale"> & {
      readonly target: TargetColumns;
      readonly task: Task;
    };
  }
  | {
    readonly kind: "samples";
    readonly samples: Samples | SparseSamples;
    readonly task?: Task;
    /** Whose scaling is fitted anew, if there is one. */
    readonly encoder?: EncoderParts;
    /** Whether targets are brought to mean 0 and deviation 1. */
    readonly scaleTargets: boolean;
  };

/** Prepares each fold, for each way to scale. */
export async function partsOf(
  source: Source,
  folds: Iterable<Fold>,
  scales: readonly ScaleName[],
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { train, test } of folds) {
    parts.push(
      source.kind === "table"
        ? await partOfTable(source, train, test, scales)
        : await partOfSamples(source, train, test, scales),
    );
    await yieldToEventLoop();
  }
  return parts;
}

/** All samples, to train with at the end; those of the table in its order. */
export async function wholeOf(
  source: Source,
  scale: ScaleName,
): Promise<Omit<Part, "test">> {
  if (source.kind === "samples") {
    const known = await knownOf(source, source.samples, scale);
    return { train: source.samples, known: { [scale]: known } };
  }
  const { table } = source;
  const encoder = await encoderOf(source, table, scale);
  return {
    train: await encoder.samples(table),
    known: { [scale]: { encoder: encoder.toParts() } },
  };
}

async function encoderOf(
  { table, options }: Source & { kind: "table" },
  train: Table,
  scale: ScaleName,
): Promise<TableEncoder> {
  return await TableEncoder.fit(train, {
    ...{ whole: table, scale },
    ...options,
  });
}

async function partOfTable(
  source: Source & { kind: "table" },
  train: Int32Array,
  test: Int32Array,
  scales: readonly ScaleName[],
): Promise<Part> {
  const rows = pickFromTable(source.table, train);
  const known: Partial<Record<ScaleName, Known>> = {};
  let encoder: TableEncoder | undefined;
  for (const scale of scales) {
    encoder = await encoderOf(source, rows, scale);
    known[scale] = { encoder: encoder.toParts() };
  }
  // Samples are raw: encoders differ in their scaling alone.
  return {
    train: shared(await encoder!.samples(rows)),
    test: shared(await encoder!.samples(pickFromTable(source.table, test))),
    known,
  };
}

async function partOfSamples(
  source: Source & { kind: "samples" },
  train: Int32Array,
  test: Int32Array,
  scales: readonly ScaleName[],
): Promise<Part> {
  const samples = pick(source.samples, train);
  const known: Partial<Record<ScaleName, Known>> = {};
  for (const scale of scales) {
    known[scale] = await knownOf(source, samples, scale);
  }
  return {
    train: shared(samples),
    test: shared(pick(source.samples, test)),
    known,
  };
}

/** What samples to train with say. */
async function knownOf(
  { task, encoder, scaleTargets }: Source & { kind: "samples" },
  { x, y, inputs, outputs }: Samples | SparseSamples,
  scale: ScaleName,
): Promise<Known> {
  const scaling = scale === "none"
    ? undefined
    : await fitScaling(x as Float32Array, inputs, scale);
  const targets = scaleTargets
    ? { targets: await fitTargetScaling(y, outputs) }
    : {};
  if (encoder === undefined) {
    return {
      ...(task === undefined ? {} : { task }),
      ...(scaling === undefined ? {} : { preprocessing: scaling }),
      ...targets,
    };
  }
  const { preprocessing, targets: _, ...parts } = encoder;
  const { offset: _o, scale: _s, ...columns } = preprocessing;
  return {
    encoder: {
      ...parts,
      preprocessing: { ...columns, ...scaling },
      ...targets,
    },
  };
}

/** Samples in memory that all threads see. */
function shared<T extends Samples | SparseSamples>(samples: T): T {
  const { x, y } = samples;
  return {
    ...samples,
    x: isCsr(x)
      ? {
        data: sharedArray(x.data),
        indices: sharedArray(x.indices),
        indptr: sharedArray(x.indptr),
      }
      : sharedArray(x),
    y: sharedArray(y),
  };
}

function sharedArray<
  T extends Float32Array | Int32Array | Uint32Array | Uint16Array,
>(
  values: T,
): T {
  const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new Kind(sharedBytes(values.byteLength));
  copy.set(values);
  return copy;
}
