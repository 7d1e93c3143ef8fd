/** Reads what is to be tried: `--try "learning-rate=log:1e-4..1e-1"`, `--try "hidden=32|64,32"`. */
import { requireSpace, type Space } from "../choosing/space.ts";
import { noOption } from "../checks/options.ts";
import { wrong } from "../checks/validate.ts";
import {
  flagOf,
  type FlagValues,
  hintsOf,
  type Option,
  UsageError,
} from "./arguments.ts";
import { TRIED_OPTIONS } from "./choosing_options.ts";

const ACTION = "read the command line";

/** The option; `\n` is between several. */
export const TRY_OPTION = {
  try: {
    value: "NAME=VALUES",
    help:
      "an option above and values of it: A|B|C, or between two numbers A..B, log:A..B by factors, int:A..B and logint:A..B whole; for each option once",
    many: "\n",
  },
} as const satisfies Record<string, Option>;

const RANGE = /^(?:(log|int|logint):)?([^|]*?)\.\.([^|]*)$/;

/**
 * Reads what is to be tried.
 *
 * @throws {UsageError} If nothing is, a name is unknown, given twice or as an option as well, or a number can't be read.
 * @throws {RangeError} If a range isn't from a number to a larger one.
 */
export function spaceOf(flags: FlagValues): Space {
  if (flags.try === undefined) {
    throw new UsageError(
      `Cannot ${ACTION} as '--try' must be given, such as --try "learning-rate=0.001|0.01"`,
    );
  }
  const space: Record<string, Space[string]> = {};
  for (const text of (flags.try as string).split("\n")) {
    const [, given, values] = /^([^=]*)=(.*)$/.exec(text) ?? [];
    if (given === undefined) {
      const wanted = "NAME=VALUES, such as l2=0|0.001";
      throw new UsageError(wrong(ACTION, "--try", wanted, text));
    }
    const known = Object.keys(TRIED_OPTIONS);
    // The library writes learningRate.
    const name = flagOf(given);
    if (!known.includes(name)) {
      throw new UsageError(
        `Cannot ${ACTION} as ${noOption(given, known, hintsOf(known))}`,
      );
    }
    const twice = name in space
      ? "tried once"
      : flags[name] !== undefined
      ? "left out where it is tried"
      : undefined;
    if (twice !== undefined) {
      throw new UsageError(wrong(ACTION, `--${name}`, twice, text));
    }
    space[name] = valuesOf(name, values);
  }
  return requireSpace("search", space);
}

function valuesOf(name: string, text: string): Space[string] {
  const found = RANGE.exec(text);
  if (found === null) return text.split("|");
  const [, how = "", ...ends] = found;
  const [from, to] = ends.map((end) => {
    const value = Number(end);
    if (end.trim() !== "" && Number.isFinite(value)) return value;
    const wanted = "a range of numbers A..B";
    throw new UsageError(wrong(ACTION, `--try ${name}`, wanted, text));
  });
  return { from, to, log: how.startsWith("log"), whole: how.endsWith("int") };
}

/**
 * The flags with one choice of those that are tried.
 *
 * @throws {UsageError} If a switch is neither true nor false.
 */
export function withChoice(
  flags: FlagValues,
  choice: Readonly<Record<string, unknown>>,
): FlagValues {
  const { try: _, ...others } = flags;
  const tried = Object.entries(choice).map(([name, value]) => {
    const option: Option = TRIED_OPTIONS[name as keyof typeof TRIED_OPTIONS];
    if (option.value !== undefined) return [name, String(value)] as const;
    if (value === "true" || value === "false") {
      return [name, value === "true" ? true : undefined] as const;
    }
    throw new UsageError(wrong(ACTION, `--${name}`, "true or false", value));
  });
  return { ...others, ...Object.fromEntries(tried) };
}

/** A choice as it would be typed. */
export function typedChoice(
  choice: Readonly<Record<string, unknown>>,
): string {
  return Object.entries(choice).map(([name, value]) =>
    `--${name} ${value === "" ? "''" : value}`
  ).join(" ");
}
