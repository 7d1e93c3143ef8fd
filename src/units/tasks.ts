/** What a network learns: classes, labels or numbers. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { OUTPUT_NAMES, type OutputName } from "./outputs.ts";
import { type PresetName, PRESETS } from "./presets.ts";

/**
 * What is learned: one of several exclusive classes (`"classes"`); labels of which any number may apply to a sample
 * (`"labels"`); or numbers, which is regression (`"numbers"`).
 */
export type Task = "classes" | "labels" | "numbers";

/** The outputs that each task may have; the first is the default. */
const OUTPUTS_OF: Readonly<Record<Task, readonly OutputName[]>> = {
  classes: ["softmax", "sigmoid"],
  labels: ["sigmoid"],
  numbers: ["linear", "sigmoid"],
};

/** All names of tasks. */
export const TASKS: readonly Task[] = Object.keys(
  OUTPUTS_OF,
) as Task[];

/** What of a network its task is found by, where it isn't given, and goes with. */
export interface OutputParts {
  readonly layers: readonly number[];
  readonly preset: PresetName;
  /** Whether it has scaled targets. */
  readonly scaled: boolean;
}

/**
 * The task that goes with an output: numbers where targets are scaled or the output is linear, else classes. Several
 * sigmoids tell labels, but with the article's preset classes, as its digits are.
 */
export function taskOf(
  output: OutputName | undefined,
  { layers, preset, scaled }: OutputParts,
): Task {
  if (scaled || output === "linear") return "numbers";
  const labels = output === "sigmoid" && layers.at(-1)! > 1 &&
    preset !== "article";
  return labels ? "labels" : "classes";
}

/** The default output of a task; a single output for two classes is a sigmoid. */
export function outputOf(
  task: Task,
  { layers, preset }: OutputParts,
): OutputName {
  if (task !== "classes") return OUTPUTS_OF[task][0];
  const { output } = PRESETS[preset];
  return output ?? (layers.at(-1) === 1 ? "sigmoid" : "softmax");
}

/**
 * Checks that an output fits a task.
 *
 * @throws {RangeError} If it can't, or scaled targets or the last layer need another one.
 */
export function requireOutputOf(
  action: string,
  output: OutputName,
  task: Task,
  { layers, scaled }: OutputParts,
): void {
  const width = layers.at(-1)!;
  const outputs = OUTPUTS_OF[task].filter((name) =>
    width > 1 || task !== "classes" || name === "sigmoid"
  );
  const possible = scaled ? ["linear"] : outputs;
  if (scaled && task !== "numbers") {
    const wanted = "'numbers' where 'targets' are given";
    throw new WrongValueError(wrong(action, "task", wanted, task));
  }
  if (possible.includes(output)) return;
  const wanted = OUTPUT_NAMES.filter((name) => possible.includes(name))
    .map((name) => `'${name}'`).join(" or ");
  const where = scaled
    ? "where 'targets' are given"
    : `for ${width === 1 ? "one output with " : ""}the task '${task}'`;
  throw new WrongValueError(
    wrong(action, "output", `${wanted} ${where}`, output),
  );
}
