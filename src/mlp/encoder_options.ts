import { WrongTypeError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import type { Task } from "../units/tasks.ts";

/** What an encoder says of a network. */
interface Encoded {
  readonly encoder?: TableEncoder;
  readonly hidden?: readonly number[];
  readonly layers?: readonly number[];
  readonly task?: Task;
  readonly classNames?: readonly string[];
  readonly targetNames?: readonly string[];
  readonly preprocessing?: Preprocessing;
  readonly targets?: TargetScaling;
}

const ACTION = "make a network";

const FROM_ENCODER = [
  "task",
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
 */
export function withEncoder<T extends Encoded>(options: T): T {
  const { encoder, hidden } = options;
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
  return {
    ...options,
    ...encoder.toParts(),
    layers: [encoder.inputCount, ...hidden, encoder.outputCount],
  };
}

/** The encoder that a network was made with, or that its description has. */
export function encoderOf(
  { encoder, task, preprocessing, targetNames, classNames, targets }: Encoded,
): TableEncoder | undefined {
  const { columns, ...scaling } = preprocessing ?? {};
  if (encoder !== undefined || !task || !columns || !targetNames) {
    return encoder;
  }
  return TableEncoder.from({
    task,
    preprocessing: { columns, ...scaling },
    targetNames,
    ...(classNames === undefined ? {} : { classNames }),
    ...(targets === undefined ? {} : { targets }),
  });
}
