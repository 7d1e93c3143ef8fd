/** Options that say what the columns of a table are. */
import type { EncoderOptions } from "../data/encoder_options.ts";
import { KIND_NAMES } from "../data/column_kinds.ts";
import { readersOf } from "../data/formats.ts";
import { type Imputation, IMPUTATIONS } from "../data/impute.ts";
import { requireChoice } from "../checks/validate.ts";
import {
  type FlagValues,
  numberOf,
  type Option,
  textOf,
  UsageError,
} from "./arguments.ts";

const TABLES = readersOf("kind");

/** The options. */
export const COLUMN_OPTIONS = {
  drop: {
    value: "COLUMN,…",
    help: `${TABLES}: columns to leave out`,
    many: ",",
  },
  kind: {
    value: "COLUMN=KIND,…",
    help: `${TABLES}: what columns are: ${
      KIND_NAMES.join(", ")
    }; number:comma, number:point, date:dmy, date:mdy, ordinal:S<M<L (default: by their cells)`,
    many: ",",
  },
  keep: {
    value: "COLUMN,…",
    help: `${TABLES}: columns to leave out that predictions carry along`,
    many: ",",
  },
  missing: {
    value: "WORD,…",
    help:
      `${TABLES}: words for no value, besides NA, NaN, null, ?, - and the like`,
    many: ",",
  },
  impute: {
    value: "HOW",
    help: `${TABLES}: what stands for missing cells: ${IMPUTATIONS.join(", ")}`,
    default: "median",
  },
  "missing-flags": {
    value: "WHEN",
    help:
      `${TABLES}: an input for each column that tells of missing cells: yes or no`,
    default: "yes",
  },
  "missing-targets": {
    value: "HOW",
    help: `${TABLES}: rows without a target: leave-out or refuse`,
    default: "leave-out",
  },
  "max-categories": {
    value: "N",
    help:
      `${TABLES}: most inputs for the texts of a column; rarer ones share one`,
    default: "200",
  },
} as const satisfies Record<string, Option>;

const ACTION = "read the command line";

/**
 * What the options say of a table's columns, for an encoder.
 *
 * @param columns Names of the columns.
 *
 * @throws {UsageError} If a kind is given without its column.
 * @throws {RangeError} If a choice is none of those that there are.
 */
export function columnOptionsOf(
  columns: readonly string[],
  flags: FlagValues,
): EncoderOptions {
  const text = (name: keyof typeof COLUMN_OPTIONS) =>
    textOf(flags, COLUMN_OPTIONS, name);
  const [drop, keep] = [text("drop"), text("keep")];
  const kinds = text("kind");
  const choice = <T extends string>(
    name: keyof typeof COLUMN_OPTIONS,
    choices: readonly T[],
  ) => requireChoice(ACTION, `--${name}`, text(name), choices);
  return {
    ...(drop === undefined ? {} : { drop: namesIn(columns, drop) }),
    ...(keep === undefined ? {} : { keep: namesIn(columns, keep) }),
    ...(kinds === undefined ? {} : { kinds: kindsIn(columns, kinds) }),
    ...(text("missing") === undefined
      ? {}
      : { missing: text("missing")!.split(",") }),
    impute: choice<Imputation>("impute", IMPUTATIONS),
    missingFlags: choice("missing-flags", ["yes", "no"]) === "yes",
    missingTargets:
      choice("missing-targets", ["leave-out", "refuse"]) === "refuse"
        ? "refuse"
        : "leaveOut",
    maxCategories: numberOf(flags, COLUMN_OPTIONS, "max-categories")!,
  };
}

/** Names of columns in a list, which may be one with commas in it. */
function namesIn(columns: readonly string[], text: string): string[] {
  return columns.includes(text) ? [text] : text.split(",");
}

function kindsIn(
  columns: readonly string[],
  text: string,
): Record<string, string> {
  const kinds: [string, string][] = [];
  let before = "";
  for (const part of text.split(",")) {
    const given = before + part;
    // A name may have commas and signs of equality: then it is a column's.
    const known = columns.filter((name) => given.startsWith(`${name}=`))
      .reduce((a, b) => a.length > b.length ? a : b, "");
    const at = known.length || given.indexOf("=");
    if (at < 0) {
      before = `${given},`;
      continue;
    }
    before = "";
    kinds.push([given.slice(0, at), given.slice(at + 1)]);
  }
  if (before === "" && kinds.length > 0) return Object.fromEntries(kinds);
  throw new UsageError(
    `Cannot ${ACTION} as '--kind' must be COLUMN=KIND, or several with commas: current value is '${text}'`,
  );
}
