/** What is known of epochs as numbers by name, and as lists of them in the record that a model keeps of its training. */
import type { EpochEvent } from "../history/events.ts";
import { fieldsOf } from "./fields.ts";

/** What a log has of an epoch: numbers by name, as `validation.loss`. */
export type LogRow = ReadonlyMap<string, number>;

/** What isn't drawn: where the training is, how long it took, and what the last batch of an epoch alone says. */
export const LEFT_OUT =
  /^(epoch|seconds)$|^(lastBatch|timings)\.|(^|\.)seconds$/;

/** Epochs that are kept; of more, some at equal distances, the last one among them. */
const MOST_EPOCHS = 1000;

/** Digits of a number: more than a picture shows. */
const DIGITS = 6;

/** What a log has of epochs. */
export function rowsOf(epochs: readonly EpochEvent[]): LogRow[] {
  return epochs.map((epoch) =>
    new Map(
      [...fieldsOf(epoch)].filter((field): field is [string, number] =>
        typeof field[1] === "number"
      ),
    )
  );
}

/** What is kept of epochs; `null` is no number. */
export function keptCurves(
  epochs: readonly EpochEvent[],
): Readonly<Record<string, readonly (number | null)[]>> {
  const step = Math.ceil(epochs.length / MOST_EPOCHS);
  const rows = rowsOf(
    epochs.filter((_, at) => (epochs.length - 1 - at) % step === 0),
  );
  const list = (name: string) =>
    rows.map((row) => {
      const value = row.get(name) ?? NaN;
      return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
    });
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))]
    .filter((name) => name === "epoch" || !LEFT_OUT.test(name));
  return Object.fromEntries(names.map((name) => [name, list(name)]));
}

/** The epochs of which that was kept; what is no such list is left out, as a model may come from anybody. */
export function rowsOfCurves(kept: unknown): LogRow[] {
  const lists = Object.entries(Object(kept) as Record<string, unknown>)
    .filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const { length } = lists.find(([name]) => name === "epoch")?.[1] ?? [];
  return Array.from(
    { length },
    (_, at) =>
      new Map(lists.map(([name, { [at]: one }]) => [
        ...[name, typeof one === "number" ? one : NaN] as const,
      ])),
  );
}
