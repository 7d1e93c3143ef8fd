/** What outputs mean, of a network with an encoder or without. */
import { TableEncoder } from "../data/table_encoder.ts";
import type { TablePrediction } from "../data/table_prediction.ts";
import { THRESHOLD } from "../metrics/decide.ts";
import type { Mlp } from "./mlp.ts";

/**
 * An encoder for a model that was trained on plain numbers: outputs have the names of classes, if they are known, or numbers
 * from 0; a lone probability is that of class 1.
 */
export function plainEncoder(
  { task, classNames, layers }: Mlp,
  columns: readonly string[] = [],
): TableEncoder {
  const width = layers.at(-1)!;
  const first = width === 1 && task === "classes" ? 1 : 0;
  const names = classNames ??
    Array.from({ length: width }, (_, at) => `${first + at}`);
  return TableEncoder.from({
    task,
    preprocessing: {
      columns: columns.map((name) => ({ name, kind: "number" })),
    },
    targetNames: task === "classes" ? ["class"] : names,
    ...(task === "numbers" ? {} : { classNames: names }),
  });
}

/**
 * Tells what outputs of a network mean, row after row.
 *
 * @throws {RangeError} If one is NaN.
 */
export async function decodeOutputs(
  mlp: Mlp,
  outputs: Float32Array,
): Promise<TablePrediction[]> {
  const { encoder = plainEncoder(mlp), thresholds, interval } = mlp;
  const { halfWidths } = interval ?? {};
  const rows = await encoder.decode(outputs, { thresholds, halfWidths });
  // A lone probability is that of class 1.
  const lone = mlp.encoder === undefined && mlp.layers.at(-1) === 1;
  const [threshold = THRESHOLD] = thresholds ?? [];
  return lone ? rows.map((row) => ofTwo(row, threshold)) : rows;
}

/** The class of a sample with the probability of class 1. */
function ofTwo(found: TablePrediction, threshold: number): TablePrediction {
  if (found.task !== "classes") return found;
  const { probability } = found;
  return probability >= threshold
    ? { ...found, label: "1" }
    : { ...found, label: "0", probability: 1 - probability };
}
