import {
  flagOf,
  type FlagValues,
  type Options,
  parseOptions,
} from "./arguments.ts";
import { screenOf } from "./display/screen.ts";
import { type Example, helpText } from "./help_text.ts";
import { isMistake } from "../checks/errors.ts";
import { workersLeft } from "../pool/worker_handle.ts";
import { requireDistinctFiles } from "./distinct_files.ts";
import { withConfig } from "./config.ts";
import { note, print } from "./print.ts";
import { asTyped, typedWords } from "./typed_words.ts";

/** Columns of what isn't a terminal. */
const USUAL_WIDTH = 80;

/** A command of the command line. */
export interface Command {
  /** What stands before the options in the help: a line of usage, and a paragraph. */
  readonly usage: string;
  /** What stands after them. */
  readonly examples: readonly Example[];
  readonly options: Options;
  /** Whether names of files may stand between the options. */
  readonly takesFiles?: boolean;
  readonly run: (flags: FlagValues, files: readonly string[]) => Promise<void>;
}

/**
 * Whether an error is what the system says where the output can't be written, such as on a full disk. What it says of a file is explained
 * already, so that the output is all that is left.
 */
export function cannotPrint(error: unknown): error is Error {
  return error instanceof Error && "code" in error &&
    typeof error.code === "string" && /^E[A-Z0-9]+$/.test(error.code);
}

/** Tells somebody, if there is anybody left. */
export function tell(text: string): void {
  try {
    note(text);
  } catch (error) {
    if (!cannotPrint(error)) throw error;
  }
}

/** What a network's options are typed as, where that isn't their own name. */
const OTHER_FLAGS: Readonly<Record<string, string>> = {
  ...{ layers: "hidden", kinds: "kind", groups: "group" },
};

/**
 * Says what to type instead of the option of the library that an error is about: `--batch-size` for `batchSize`. What is
 * about a file says what is in it, which may be called like an option: those of tables that must be something are options.
 */
export function withFlags(message: string, options: Options): string {
  return message.replace(
    message.startsWith("Cannot read '")
      ? / as '(target|task|drop|keep|kinds|groups)()'(?= must be )/
      : / as '([a-zA-Z]+\d?)((?:\[\d+\]|\.length)*)'/,
    (text, name: string, part: string) => {
      const flag = Object.hasOwn(OTHER_FLAGS, name)
        ? OTHER_FLAGS[name]
        : flagOf(name);
      return Object.hasOwn(options, flag) ? ` as '--${flag}${part}'` : text;
    },
  );
}

/**
 * Runs a command and ends the process. A mistake of the person who typed it is one line on stderr, and exit status 2; a fault
 * of the program is its stack, and exit status 1.
 *
 * Ended by `Deno.exit`, as one of 80 processes crashed (Deno 2.9.6, status 139) where the main thread was done soon after
 * its work: what the runtime frees by and by at its end, a thread of V8 still reads.
 */
export async function runCommand(command: Command): Promise<never> {
  const { options, takesFiles = false } = command;
  try {
    const { flags, files } = parseOptions(
      typedWords(),
      options,
      takesFiles,
    );
    if (flags.help === true) {
      const { isTerminal, width } = screenOf(Deno.stdout);
      print(asTyped(helpText(command, isTerminal ? width() : USUAL_WIDTH)));
    } else {
      const all = await withConfig(flags, options);
      await requireDistinctFiles(all, options, files);
      await command.run(all, files);
    }
  } catch (error) {
    if (isMistake(error)) note(asTyped(withFlags(error.message, options)));
    else if (cannotPrint(error)) {
      const { message } = error;
      note(`Cannot write the output as the system refuses: ${message}`);
    } else throw error;
    await workersLeft();
    Deno.exit(2);
  }
  await workersLeft();
  Deno.exit();
}
