/** What the output goes to, and what can be shown there. */

/** What can be shown on a terminal, in a file or in a pipe. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Columns of characters; infinite where nobody cuts lines. It changes with the window. */
  readonly width: () => number;
  /** Whether a line can be drawn anew. */
  readonly canRedraw: boolean;
  readonly hasColor: boolean;
  /** Whether blocks and bars of Unicode can be shown; else ASCII. */
  readonly hasUnicode: boolean;
}

/** Columns of a terminal that doesn't say how many it has. */
const USUAL_WIDTH = 80;

/** Beyond it, lines are no longer easy to read. */
const MOST_COLUMNS = 200;

/** What one of the process's outputs can show. The environment counts as far as it may be read without asking. */
export function screenOf(stream: { isTerminal(): boolean }): Screen {
  if (!stream.isTerminal()) {
    return {
      isTerminal: false,
      width: () => Infinity,
      ...{ canRedraw: false, hasColor: false, hasUnicode: true },
    };
  }
  const isDumb = variable("TERM") === "dumb";
  return {
    isTerminal: true,
    width: consoleWidth,
    canRedraw: !isDumb,
    hasColor: !isDumb && !Deno.noColor,
    hasUnicode: !isDumb && hasUnicodeLocale(),
  };
}

function consoleWidth(): number {
  try {
    return Math.min(Deno.consoleSize().columns || USUAL_WIDTH, MOST_COLUMNS);
  } catch {
    // Somebody closed the terminal.
    return USUAL_WIDTH;
  }
}

/** As C libraries choose: the first of these that is set. Where none may be read, most terminals can. */
function hasUnicodeLocale(): boolean {
  const names = ["LC_ALL", "LC_CTYPE", "LANG"];
  if (Deno.build.os === "windows" || !names.every(mayRead)) return true;
  const locale = names.map((name) => Deno.env.get(name)).find(Boolean) ?? "C";
  return /utf-?8/i.test(locale);
}

function mayRead(variable: string): boolean {
  const query = { name: "env", variable } as const;
  return Deno.permissions.querySync(query).state === "granted";
}

function variable(name: string): string | undefined {
  return mayRead(name) ? Deno.env.get(name) : undefined;
}
