import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import {
  requireKnownFields,
  requireLength,
  requireObject,
  requireStrings,
} from "../checks/json_checks.ts";
import { requireChoice, requireDifferent, wrong } from "../checks/validate.ts";
import { type Task, TASKS } from "../units/tasks.ts";
import { widthOf } from "./column_kinds.ts";
import type { EncoderParts } from "./encoder_options.ts";
import { parsePreprocessing, parseTargetScaling } from "./preprocessing.ts";

const ACTION = "make an encoder";

const FIELDS: readonly (keyof EncoderParts)[] = [
  "task",
  "preprocessing",
  "targetNames",
  "classNames",
  "targets",
];

/**
 * Checks the parts of an encoder, which may be of a file.
 *
 * @returns A copy.
 *
 * @throws {TypeError} If a part is missing or of the wrong type.
 * @throws {RangeError} If a part is out of its range, or they don't fit each other.
 */
export function parseParts(value: unknown): EncoderParts {
  const fields = requireObject(ACTION, "parts", value);
  requireKnownFields(ACTION, "parts", fields, FIELDS);
  const task = requireChoice(ACTION, "task", fields.task, TASKS);
  const preprocessing = parsePreprocessing(fields.preprocessing, ACTION);
  const { columns, scale } = preprocessing;
  if (columns === undefined) {
    const wanted = "an array of columns";
    throw new WrongTypeError(
      wrong(ACTION, "preprocessing.columns", wanted, columns),
    );
  }
  if (scale !== undefined) {
    const inputs = widthOf(columns);
    const name = "preprocessing.scale";
    requireLength(ACTION, name, scale.length, inputs, `${inputs} inputs`);
  }
  const targetNames = namesOf("targetNames", fields.targetNames);
  return {
    task,
    preprocessing: { ...preprocessing, columns },
    targetNames,
    ...outputsOf(task, targetNames.length, fields),
  };
}

/** What belongs to the outputs of a task. */
function outputsOf(
  task: Task,
  targets: number,
  fields: Readonly<Record<string, unknown>>,
): Pick<EncoderParts, "classNames" | "targets"> {
  const unread = task === "numbers" ? "classNames" : "targets";
  if (fields[unread] !== undefined) {
    const wanted = `left out for the task '${task}'`;
    throw new WrongValueError(wrong(ACTION, unread, wanted, fields[unread]));
  }
  if (task !== "numbers") {
    const classNames = namesOf("classNames", fields.classNames);
    if (task === "labels") {
      const { length } = classNames;
      requireLength(ACTION, "classNames", length, targets, `${targets} labels`);
    } else {
      requireLength(ACTION, "targetNames", targets, 1, "classes");
    }
    return { classNames };
  }
  if (fields.targets === undefined) return {};
  const scaling = parseTargetScaling(fields.targets, ACTION);
  const { length } = scaling.unit;
  requireLength(ACTION, "targets.unit", length, targets, `${targets} targets`);
  return { targets: scaling };
}

function namesOf(field: string, value: unknown): readonly string[] {
  const names = requireStrings(ACTION, field, value);
  if (names.length === 0) {
    throw new WrongValueError(wrong(ACTION, field, "one name or more", names));
  }
  requireDifferent(ACTION, field, names);
  return names;
}
