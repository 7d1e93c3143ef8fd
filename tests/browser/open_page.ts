/** What tests do with a page, whichever browser shows it. */
import assert from "node:assert/strict";

/** The first path that is a file; `undefined` if there is none. */
export function firstFile(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}

/** A page that is open. */
export abstract class OpenPage {
  /** Errors and warnings of its console, exceptions, and what its policy has refused. */
  readonly problems: string[] = [];
  /** Addresses that it has asked for, its own included. */
  readonly requests: string[] = [];

  /** The value of an expression in the page, awaited if it is a promise; what it throws is thrown. */
  abstract evaluate<T>(expression: string): Promise<T>;

  /** Clicks on the middle of the first element that a selector finds, as a person would. */
  async click(selector: string): Promise<void> {
    await this.drag([await this.middle(selector)]);
  }

  /** Presses at the first of some points of what is shown, moves over the others, and releases. */
  abstract drag(
    points: readonly (readonly [number, number])[],
    pointer?: "mouse" | "touch",
  ): Promise<void>;

  /** Awaits that an expression is true, looked at in each frame; ends with an error after a minute. */
  async until(expression: string): Promise<void> {
    const found = await this.evaluate(`new Promise((resolve, reject) => {
      const end = performance.now() + 60_000;
      const look = () => {
        try {
          if (${expression}) resolve(true);
          else if (performance.now() > end) resolve(false);
          else requestAnimationFrame(look);
        } catch (error) { reject(error); }
      };
      look();
    })`);
    assert.ok(found, `${expression}: ${this.problems.join("\n")}`);
  }

  /** Brings the first element that a selector finds into view; returns where its middle is. */
  middle(selector: string): Promise<[number, number]> {
    return this.evaluate(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const { left, top, width, height } = element.getBoundingClientRect();
      return [left + width / 2, top + height / 2];
    })()`);
  }
}
