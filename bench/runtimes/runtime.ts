/** Runtimes that train at the bench's word: programs that read lines, and pages of browsers. */
import { build, stop } from "esbuild";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPackage } from "../../npm/build.ts";
import { Chromium } from "../../tests/browser/chromium.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What a training tells in the end. */
export interface Result {
  readonly sha256: string;
  readonly workers: number;
}

/** A training that is under way, and waits to be asked for the next epoch. */
export interface Runtime extends AsyncDisposable {
  readonly name: string;
  /** Trains an epoch; returns its seconds. */
  epoch(): Promise<number>;
  result(): Promise<Result>;
}

/** Starts a program, which finds the digits in the folder. */
export function startProgram(
  name: string,
  command: readonly string[],
  folder: string,
  library: string,
  options: object = {},
): Runtime {
  const [program, ...args] = command;
  const child = new Deno.Command(program, {
    args: [
      ...args,
      library,
      join(folder, "digits.bin"),
      JSON.stringify(options),
    ],
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

/** Makes the package and installs it in a folder, beside the programs that use it. */
export async function installPackage(folder: string): Promise<void> {
  const target = new URL(`file://${join(folder, "package")}/`);
  await buildPackage(target);
  await Deno.writeTextFile(join(folder, "package.json"), '{"type":"module"}');
  await commandText(
    ...["npm", "install", "--install-links", "--no-audit", "--no-fund"],
    ...["--prefix", folder, fileURLToPath(target)],
  );
  for (const name of ["program.js", "page.js", "training.js"]) {
    await Deno.copyFile(here(name), join(folder, name));
  }
}

/** What a command prints. */
export async function commandText(
  ...[program, ...args]: readonly string[]
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (code !== 0) {
    throw new Error(`${program} ${args.join(" ")}: ${text(stderr)}`);
  }
  return text(stdout);
}

/** Serves the page and its digits, isolated so that its threads can share memory. */
export async function servePage(folder: string) {
  await build({
    entryPoints: [join(folder, "page.js")],
    outfile: join(folder, "bundle.js"),
    ...{ bundle: true, format: "esm", platform: "browser" },
    logLevel: "error",
  });
  await stop();
  const script = await Deno.readFile(join(folder, "bundle.js"));
  const digits = await Deno.readFile(join(folder, "digits.bin"));
  const answers: Record<string, [type: string, body: BodyInit]> = {
    "/bundle.js": ["text/javascript", script],
    "/digits.bin": ["application/octet-stream", digits],
    "/": [
      "text/html",
      "<!doctype html><script type=module src=bundle.js></script>",
    ],
  };
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const [type, body] = answers[new URL(request.url).pathname] ??
        ["text/plain", ""];
      return new Response(body, {
        headers: {
          "content-type": type,
          "Cross-Origin-Opener-Policy": "same-origin",
          "Cross-Origin-Embedder-Policy": "require-corp",
        },
      });
    },
  );
}

/** Opens the page in Chromium. */
export async function startChromium(
  folder: string,
  url: string,
): Promise<Runtime> {
  const browser = await Chromium.start(folder);
  const page = await browser.open(url);
  await page.until("globalThis.training");
  const version = await page.evaluate<string>("navigator.userAgent");
  return {
    name: `Chromium ${/Chrome\/(\d+)/.exec(version)?.[1]}`,
    epoch: () => page.evaluate("training.epoch()"),
    result: () => page.evaluate("training.result()"),
    [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose](),
  };
}
