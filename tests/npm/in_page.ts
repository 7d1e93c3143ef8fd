/** The package in a page, bundled by esbuild as callers do. */
import { build, stop } from "esbuild";
import { join } from "node:path";
import type { OpenPage } from "../browser/open_page.ts";

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

/** What opens pages. */
export interface Browser {
  open(url: string): Promise<OpenPage>;
}

/** The text of a folder's `page.js` with the package in it. */
export async function bundled(folder: string): Promise<string> {
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

/** Serves a page with a script to this machine: isolated below `/isolated/`, and elsewhere not. */
export function servePages(
  script: string,
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {},
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const { pathname } = new URL(request.url);
      const name = pathname.slice(pathname.lastIndexOf("/") + 1);
      const isScript = name.endsWith(".js");
      const page = "<!doctype html><script type=module src=page.js></script>";
      return new Response(files[name] ?? (isScript ? script : page), {
        headers: {
          "content-type": isScript ? "text/javascript" : "text/html",
          ...(pathname.startsWith("/isolated/") ? ISOLATED : {}),
        },
      });
    },
  );
}

/**
 * Trains in a page that is cross-origin isolated, and in one that is not.
 *
 * @param samples Of which both make a training each.
 */
export async function trainIn(
  browser: Browser,
  server: Deno.HttpServer<Deno.NetAddr>,
  samples: { readonly x: readonly number[][]; readonly labels: number[] },
): Promise<Record<"isolated" | "alone", InPage>> {
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
