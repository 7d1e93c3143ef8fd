/** HTML and SVG from templates in which all that is filled in is text, unless it is markup itself. */
import { visible } from "../checks/visible.ts";

/** Markup that is safe to show: made by {@linkcode markup} alone. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template; nothing is shown of `undefined`. */
export type Part = Markup | string | number | undefined | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "<": "&lt;", ">": "&gt;", "&": "&amp;" },
  ...{ '"': "&quot;", "'": "&#39;" },
};

/** Text that is no markup, in an element or a quoted attribute; what is invisible in it or turns it around is shown as escapes. */
function escaped(text: string): string {
  return text.split("\n").map(visible).join("\n")
    .replace(/[<>&"']/g, (one) => ENTITIES[one]);
}

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  return typeof part === "object"
    ? part.map(textOf).join("")
    : escaped(`${part}`);
}

/**
 * The tag of templates of markup.
 *
 * @example
 * ```ts
 * import { markup } from "./markup.ts";
 *
 * console.log(markup`<b title="${'"'}">${"<i>"}</b>`.text); // <b title="&quot;">&lt;i&gt;</b>
 * ```
 */
export function markup(
  strings: TemplateStringsArray,
  ...parts: readonly Part[]
): Markup {
  return new Markup(
    strings.reduce((all, next, at) => all + textOf(parts[at - 1]) + next),
  );
}

/** Numbers of a path or a list of points, to a tenth. */
export function place(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}
