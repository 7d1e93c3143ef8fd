/** The package in a page of Chromium, bundled by esbuild as callers do. */
import { build, stop } from "esbuild";
import { join } from "node:path";
import { Chromium } from "../browser/chromium.ts";

/** What lets a page share memory with workers. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** What a page tells of its training. */
export interface InPage {
  readonly sha256: string;
  readonly loaded: string;
  readonly loss: number;
  readonly rows: readonly (readonly string[])[];
  readonly workers: number;
}

async function bundled(folder: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [join(folder, "page.js")],
      ...{ bundle: true, write: false, format: "esm", platform: "browser" },
      logLevel: "error",
    });
    return outputFiles[0].text;
  } finally {
    await stop();
  }
}

/**
 * Trains in a page that is cross-origin isolated, and in one that is not.
 *
 * @param folder Where `page.js` and the package are.
 * @param samples Of which both make a training each.
 */
export async function trainInPages(
  folder: string,
  samples: { readonly x: readonly number[][]; readonly labels: number[] },
): Promise<Record<"isolated" | "alone", InPage>> {
  const script = await bundled(folder);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const { pathname } = new URL(request.url);
      const isScript = pathname.endsWith(".js");
      return new Response(
        isScript
          ? script
          : "<!doctype html><script type=module src=page.js></script>",
        {
          headers: {
            "content-type": isScript ? "text/javascript" : "text/html",
            ...(pathname.startsWith("/isolated/") ? ISOLATED : {}),
          },
        },
      );
    },
  );
  await using browser = await Chromium.start(folder);
  const train = async (name: string): Promise<InPage> => {
    const url = `http://127.0.0.1:${server.addr.port}/${name}/`;
    const page = await browser.open(url);
    await page.until("globalThis.train");
    const { x, labels } = samples;
    return await page.evaluate(
      `train(${JSON.stringify(x)}, ${JSON.stringify(labels)})`,
    );
  };
  return { isolated: await train("isolated"), alone: await train("alone") };
}
