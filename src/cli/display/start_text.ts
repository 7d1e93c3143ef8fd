/** The first line of a training: what is learned, from what, by what. */
import { visibleName } from "../../checks/visible.ts";

/** The facts to print. */
export interface StartFacts {
  /** Which network of an ensemble learns, and of how many. */
  readonly member?: { readonly number: number; readonly of: number };
  readonly task: "classes" | "labels" | "numbers";
  /** Columns that are learned, of a table. */
  readonly target?: readonly string[];
  /** Names of the classes or labels. */
  readonly classes?: readonly string[];
  readonly layers: readonly number[];
  readonly parameters: number;
  readonly workers: number;
  readonly batchSize: number;
  readonly trainSamples: number;
  readonly validationSamples?: number;
  readonly testSamples: number;
  readonly seed: number;
  /** Of a table: then samples are rows. */
  readonly rows?: unknown;
}

/** Names that are listed; of more, the first ones. */
const MOST_NAMES = 10;

/** Groups of three digits. */
const grouped = (value: number) => value.toLocaleString("en");

/** The line. */
export function startText(facts: StartFacts): string {
  const { member, layers, parameters, workers, batchSize, seed } = facts;
  const which = member && `network ${member.number} of ${member.of}`;
  // The others learn the same as the first.
  if (member && member.number > 1) return `${which}, seed ${seed}`;
  return [
    ...(which === undefined ? [] : [which]),
    what(facts),
    samples(facts),
    [
      layers.join("-"),
      `${grouped(parameters)} parameters`,
      `batches of ${grouped(batchSize)}`,
      `${workers} worker${workers === 1 ? "" : "s"}`,
      `seed ${seed}`,
    ].join(", "),
  ].join("; ");
}

function what({ task, target, classes, layers }: StartFacts): string {
  const ofTarget = target === undefined ? "" : ` of ${list(target)}`;
  const outputs = layers.at(-1)!;
  if (task === "numbers") {
    return target ? `numbers: ${list(target)}` : `${outputs} numbers`;
  }
  const count = classes?.length ??
    (task === "classes" && outputs === 1 ? 2 : outputs);
  const names = classes === undefined ? "" : `: ${list(classes)}`;
  // The targets of labels are their names.
  return task === "labels"
    ? `${count} labels${names}`
    : `${count} classes${ofTarget}${names}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(visibleName).join(", ");
  return names.length > MOST_NAMES ? `${shown}, …` : shown;
}

function samples(
  { trainSamples, validationSamples, testSamples, rows }: StartFacts,
): string {
  const counts = [
    `${grouped(trainSamples)} training`,
    ...validationSamples === undefined
      ? []
      : [`${grouped(validationSamples)} validation`],
    `${grouped(testSamples)} test`,
  ];
  const last = counts.pop();
  return `${counts.join(", ")} and ${last} ${rows ? "rows" : "samples"}`;
}
