import { WrongTypeError } from "../checks/errors.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import type { Task } from "../data/array_samples.ts";
import type { OutputName } from "../units/outputs.ts";

/** What an encoder says of a network. */
interface Encoded {
  readonly encoder?: TableEncoder;
  readonly hidden?: readonly number[];
  readonly layers?: readonly number[];
  readonly output?: OutputName;
  readonly classNames?: readonly string[];
  readonly targetNames?: readonly string[];
  readonly preprocessing?: Preprocessing;
  readonly targets?: TargetScaling;
}

const ACTION = "make a network";

/** Outputs that can tell it; the first is the default. */
const OUTPUTS: Readonly<Record<Task, readonly OutputName[]>> = {
  classes: ["softmax", "sigmoid"],
  labels: ["sigmoid"],
  numbers: ["linear"],
};

const FROM_ENCODER = [
  "layers",
  "preprocessing",
  "targets",
  "targetNames",
  "classNames",
] as const;

/**
 * Writes out what an encoder says of a network; options without one stay what they are.
 *
 * @throws {TypeError} If the encoder is none, or an option is given that it sets, or `hidden` without it.
 * @throws {RangeError} If the output can't tell what is to be learned.
 */
export function withEncoder<T extends Encoded>(options: T): T {
  const { encoder, hidden, output } = options;
  if (encoder === undefined) {
    if (hidden === undefined) return options;
    throw new WrongTypeError(
      `Cannot ${ACTION} as 'hidden' is not read without 'encoder': give 'layers', from the inputs to the outputs`,
    );
  }
  if (!(encoder instanceof TableEncoder)) {
    const wanted = "a TableEncoder, as TableEncoder.fit() makes it";
    throw new WrongTypeError(wrong(ACTION, "encoder", wanted, encoder));
  }
  if (!Array.isArray(hidden)) {
    const wanted = "an array of the nodes of each hidden layer, [] for none";
    throw new WrongTypeError(wrong(ACTION, "hidden", wanted, hidden));
  }
  for (const name of FROM_ENCODER) {
    if (options[name] === undefined) continue;
    throw new WrongTypeError(
      `Cannot ${ACTION} as '${name}' is what 'encoder' says: leave it out`,
    );
  }
  const { task, ...parts } = encoder.toParts();
  const outputs = OUTPUTS[task];
  if (output !== undefined) requireChoice(ACTION, "output", output, outputs);
  return {
    ...options,
    ...parts,
    layers: [encoder.inputCount, ...hidden, encoder.outputCount],
    output: output ?? outputs[0],
  };
}

/** The encoder that a network was made with, or that its description has. */
export function encoderOf(
  { encoder, output, preprocessing, targetNames, classNames, targets }: Encoded,
): TableEncoder | undefined {
  const { columns, ...scaling } = preprocessing ?? {};
  if (encoder !== undefined || !columns || !targetNames) return encoder;
  return TableEncoder.from({
    task: taskOf(output, targetNames, classNames),
    preprocessing: { columns, ...scaling },
    targetNames,
    ...(classNames === undefined ? {} : { classNames }),
    ...(targets === undefined ? {} : { targets }),
  });
}

/** Labels are called as their columns; classes are values of one. */
function taskOf(
  output: OutputName | undefined,
  targetNames: readonly string[],
  classNames: readonly string[] | undefined,
): Task {
  if (output === "linear" || classNames === undefined) return "numbers";
  const labels = output === "sigmoid" &&
    classNames.join("\n") === targetNames.join("\n");
  return labels ? "labels" : "classes";
}
