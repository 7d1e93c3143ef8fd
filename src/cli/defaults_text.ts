/** The line that shows the defaults of a training. */
import { flagOf } from "./arguments.ts";

/** The most important options, except those that were typed. */
export interface ChosenDefaults {
  readonly optimizer?: string;
  readonly learningRate?: number;
  readonly hidden?: readonly number[];
  readonly batchSize?: number;
  readonly epochs?: number;
  /** 0: the training doesn't end early. */
  readonly patience?: number;
  readonly l2?: number;
  /** Of the inputs. */
  readonly scale?: string;
}

/** The defaults as a line with the flags to change them; empty if all were typed. */
export function defaultsText(chosen: ChosenDefaults): string {
  const flags = Object.entries(chosen).map(([name, value]) =>
    `--${flagOf(name)} ${
      typeof value === "number" ? `${Number(value.toPrecision(3))}` : value
    }`
  );
  return flags.length === 0
    ? ""
    : `By default: ${flags.join(" ")}; type others to overrule them`;
}
