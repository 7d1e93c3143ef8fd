/** Runtimes that train at the bench's word: programs that read lines, and pages of browsers. */
import { join } from "node:path";
import type { Browser } from "../../tests/npm/in_page.ts";

/** What a training tells in the end. */
export interface Result {
  readonly sha256: string;
  readonly workers: number;
}

/** A training that is under way, and waits to be asked for the next epoch. */
export interface Runtime {
  readonly name: string;
  /** Trains an epoch; returns its seconds. */
  epoch(): Promise<number>;
  result(): Promise<Result>;
}

/** Starts a program in a folder, where it finds the digits. */
export function startProgram(
  name: string,
  folder: string,
  ...[program, ...args]: readonly string[]
): Runtime & AsyncDisposable {
  const child = new Deno.Command(program, {
    args: [...args, join(folder, "digits.bin")],
    ...{ cwd: folder, stdin: "piped", stdout: "piped", stderr: "inherit" },
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const ask = async (what: string) => {
    await writer.write(new TextEncoder().encode(`${what}\n`));
    let line = "";
    while (!line.endsWith("\n")) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`${name} has ended`);
      line += value;
    }
    return JSON.parse(line);
  };
  return {
    name,
    epoch: () => ask("epoch"),
    result: () => ask("result"),
    async [Symbol.asyncDispose]() {
      await writer.close().catch(() => {});
      await reader.cancel();
      await child.status;
    },
  };
}

/** Opens the page in a browser. */
export async function startPage(
  browser: Browser,
  url: string,
): Promise<Runtime> {
  const page = await browser.open(url);
  await page.until("globalThis.training");
  const agent = await page.evaluate<string>("navigator.userAgent");
  const [, name, version] = /(Chrome|Firefox)\/(\d+)/.exec(agent)!;
  return {
    name: `${name === "Chrome" ? "Chromium" : name} ${version}`,
    epoch: () => page.evaluate("training.epoch()"),
    result: () => page.evaluate("training.result()"),
  };
}
