import { parseArgs } from "node:util";

/** What an option of the command line is: its value's name for the help, and how it is read. */
export interface Option {
  /** Name of the value in the help; none for a switch. */
  readonly value?: string;
  readonly help: string;
  /** The value that stands if the option is not given, as it would be typed. */
  readonly default?: string;
}

/** A command line that can't be used: shown as one line, exit status 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** The options given, as text or `true`. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Parses long options, and nothing else.
 *
 * @throws {UsageError} If an option is unknown, has no value, or a value where there is none.
 */
export function parseOptions(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
): Given {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, {
      type: option.value === undefined ? "boolean" as const : "string" as const,
    }]),
  );
  // A value that starts with a dash, such as a negative number, is a value: its own check says what is wrong with it.
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const name = args[at].startsWith("--") ? args[at].slice(2) : "";
    const next = args[at + 1];
    if (
      config[name]?.type === "string" && next !== undefined &&
      /^-\.?\d/.test(next)
    ) {
      joined.push(`${args[at]}=${next}`);
      at++;
    } else joined.push(args[at]);
  }
  try {
    return parseArgs({ args: joined, options: config, strict: true })
      .values as Given;
  } catch (error) {
    // The first sentence says what is wrong, the others how to get round it.
    const [message] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`Cannot read the command line: ${message}`);
  }
}

/** The value of an option, or its default. */
function textOf(
  given: Given,
  options: Readonly<Record<string, Option>>,
  name: string,
): string {
  return (given[name] ?? options[name].default) as string;
}

/**
 * Reads a number.
 *
 * @throws {UsageError} If the text is no number.
 */
export function numberOf(
  given: Given,
  options: Readonly<Record<string, Option>>,
  name: string,
): number {
  return parseNumber(name, textOf(given, options, name));
}

/**
 * Reads numbers that are separated by commas.
 *
 * @throws {UsageError} If a part is no number.
 */
export function numbersOf(
  given: Given,
  options: Readonly<Record<string, Option>>,
  name: string,
): number[] {
  const text = textOf(given, options, name);
  return text === ""
    ? []
    : text.split(",").map((part) => parseNumber(name, part));
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

/** The help for a command: its usage, then an aligned line for each option. */
export function helpText(
  usage: string,
  options: Readonly<Record<string, Option>>,
): string {
  const names = Object.entries(options).map(([name, { value }]) =>
    value === undefined ? `--${name}` : `--${name} ${value}`
  );
  const width = Math.max(...names.map((name) => name.length));
  const lines = Object.values(options).map((option, at) => {
    const standard = option.default === undefined
      ? ""
      : ` (default: ${option.default})`;
    return `  ${names[at].padEnd(width)}  ${option.help}${standard}`;
  });
  return `${usage}\n\nOptions:\n${lines.join("\n")}`;
}
