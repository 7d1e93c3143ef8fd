import { parseArgs } from "node:util";
import { WrongValueError } from "../checks/errors.ts";
import { type Hints, noOption } from "../checks/options.ts";
import { TRAIN_OPTION_HINTS } from "../training/options/option_hints.ts";

/** What an option of the command line is: its value's name for the help, and how it is read. */
export interface Option {
  /** Name of the value in the help; none for a switch. */
  readonly value?: string;
  readonly help: string;
  /** The value that stands if the option is not given, as it would be typed. */
  readonly default?: string;
  /** What happens to the file that it names; one that is written can't be named in a file of options. */
  readonly file?: "read" | "written";
  /** What stands between its values, if it may come several times. */
  readonly many?: "," | "\n";
}

/** An option of the library as it is typed: `learningRate` is `--learning-rate`. */
export function flagOf(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A command line that can't be used: shown as one line, exit status 2. */
export class UsageError extends WrongValueError {
  override readonly name = "UsageError";
}

/** The options of a command by name. */
export type Options = Readonly<Record<string, Option>>;

/** The values of the flags on a command line by their names, as text or `true`. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Parses long options, and if asked for what stands between them.
 *
 * @param positionals Whether other arguments are allowed, such as names of files.
 *
 * @throws {UsageError} If an option is unknown, has no value, or a value where there is none.
 */
export function parseOptions(
  args: readonly string[],
  options: Options,
  positionals = false,
): { readonly flags: FlagValues; readonly files: readonly string[] } {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, {
      type: option.value === undefined ? "boolean" as const : "string" as const,
      multiple: option.many !== undefined,
    }]),
  );
  // A value that starts with a dash, such as a negative number, is a value: its own check says what is wrong with it.
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    if (args[at] === "--") {
      joined.push(...args.slice(at));
      break;
    }
    const name = args[at].startsWith("--") ? args[at].slice(2) : "";
    const next = args[at + 1];
    const isValue = config[args[at - 1]?.slice(2)]?.type === "string";
    const known = name === ""
      ? isValue || !/^-[a-z]/i.test(args[at])
      : Object.hasOwn(options, name.split("=")[0]);
    if (!known) throw new UsageError(unknown(args[at], options));
    if (
      config[name]?.type === "string" && next !== undefined &&
      /^-\.?\d/.test(next)
    ) {
      joined.push(`${args[at]}=${next}`);
      at++;
    } else joined.push(args[at]);
  }
  try {
    const found = parseArgs({
      args: joined,
      options: config,
      strict: true,
      allowPositionals: positionals,
      tokens: true,
    });
    requireOnce(found.tokens, options);
    const flags = Object.entries(found.values).map(([name, value]) =>
      [
        name,
        Array.isArray(value) ? value.join(options[name].many) : value,
      ] as const
    );
    return { flags: Object.fromEntries(flags), files: found.positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // The first sentence says what is wrong, the others how to get round it.
    const { code, message } = error as Error & { readonly code?: string };
    const file = Object.keys(options).find((name) =>
      name === "dataset" || name === "model"
    );
    const hint = code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL" && file
      ? `: a file is named after an option, such as --${file}`
      : "";
    const [first] = message.split(/\. |\n/);
    throw new UsageError(`Cannot read the command line: ${first}${hint}`);
  }
}

function unknown(argument: string, options: Options): string {
  const [flag] = argument.split("=");
  const known = Object.keys(options).map((name) => `--${name}`);
  const hints = { ...hintsOf(known, "--"), h: "--help" };
  const what = noOption(flag, known, hints);
  return `Cannot read the command line as ${what}`;
}

/** What other libraries call options, as far as there are such; after `prefix`. */
export function hintsOf(known: readonly string[], prefix = ""): Hints {
  const hints = Object.entries(TRAIN_OPTION_HINTS).map(([name, hint]) =>
    [name, prefix + flagOf(hint)] as const
  );
  return Object.fromEntries(hints.filter(([, hint]) => known.includes(hint)));
}

/** Refuses an option that comes twice, as one of the two would not count. */
function requireOnce(
  tokens: readonly { readonly kind: string; readonly name?: string }[],
  options: Options,
): void {
  const before = new Set<string>();
  for (const { kind, name } of tokens) {
    if (kind !== "option" || options[name!]?.many) continue;
    if (before.size === before.add(name!).size) {
      throw new UsageError(
        `Cannot read the command line as '--${name}' is there twice`,
      );
    }
  }
}

/** The value of an option, or its default; `undefined` if it has neither. */
export function textOf(
  flags: FlagValues,
  options: Options,
  name: string,
): string | undefined {
  return (flags[name] ?? options[name].default) as string | undefined;
}

/**
 * The value of an option that can't be left out.
 *
 * @throws {UsageError} If it is.
 */
export function requiredText(
  flags: FlagValues,
  options: Options,
  name: string,
): string {
  const text = textOf(flags, options, name);
  if (text !== undefined) return text;
  throw new UsageError(
    `Cannot read the command line as '--${name} ${
      options[name].value
    }' must be given`,
  );
}

/**
 * Reads a number; `undefined` if there is none.
 *
 * @throws {UsageError} If the text is no number.
 */
export function numberOf(
  flags: FlagValues,
  options: Options,
  name: string,
): number | undefined {
  const text = textOf(flags, options, name);
  return text === undefined ? undefined : parseNumber(name, text);
}

/**
 * Reads numbers that are separated by commas; `undefined` if there are none.
 *
 * @throws {UsageError} If a part is no number.
 */
export function numbersOf(
  flags: FlagValues,
  options: Options,
  name: string,
): number[] | undefined {
  const text = textOf(flags, options, name);
  if (text === undefined || text === "") return text === "" ? [] : undefined;
  return text.split(",").map((part) => parseNumber(name, part));
}

function parseNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) {
    throw new UsageError(
      `Cannot read the command line as '--${name}' must be a number: current value is '${text}'`,
    );
  }
  return value;
}
