/** The package in a page or a program, bundled as callers do. */
import { build, stop } from "esbuild";
import { basename, join } from "node:path";
import type { OpenPage } from "../browser/open_page.ts";
import { nodePath, run } from "./package.ts";

/** Files of a page by their names, without folders. */
export type PageFiles = Readonly<
  Record<string, string | Uint8Array<ArrayBuffer>>
>;

const PAGE = `<!doctype html>
<script type=importmap>{ "imports": { "hyparquet": "./hyparquet.js" } }</script>
<script type=module src=./page.js></script>`;

/** Not in a lock: its bundler is native code, which Deno runs with all permissions alone. */
const VITE = "vite@8.3.8";

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
  /** Of a cosine, and the weights that a long training with them gives. */
  readonly rates: readonly number[];
  readonly powers: string;
  readonly parquet: readonly (readonly string[])[];
  /** What is said of a package that isn't there. */
  readonly missing: string;
  /** Of a cross-validation, in threads of its own. */
  readonly mean: object;
}

/** What opens pages. */
export interface Browser {
  open(url: string): Promise<OpenPage>;
}

/** A page with a folder's `page.js`, and the package in it, by esbuild; beside it, what reads Parquet. */
export async function bundled(folder: string): Promise<PageFiles> {
  try {
    const { outputFiles } = await build({
      entryPoints: { page: join(folder, "page.js"), hyparquet: "hyparquet" },
      ...{ absWorkingDir: folder, outdir: folder },
      ...{ bundle: true, write: false, format: "esm", platform: "browser" },
      logLevel: "error",
    });
    return {
      "index.html": PAGE,
      ...Object.fromEntries(
        outputFiles.map(({ path, text }) => [basename(path), text]),
      ),
    };
  } finally {
    await stop();
  }
}

/** Makes one file of a module and all that it imports, for Node. */
export async function bundledForNode(entry: string, outfile: string) {
  try {
    const common = { bundle: true, format: "esm", platform: "node" } as const;
    await build({ ...common, entryPoints: [entry], outfile });
  } finally {
    await stop();
  }
}

/** The same by Vite. */
export async function bundledByVite(folder: string): Promise<PageFiles> {
  await run(folder, "npm", "install", "--no-audit", "--no-fund", VITE);
  await Deno.writeTextFile(join(folder, "index.html"), PAGE);
  await run(
    ...[folder, await nodePath(folder, "24"), "node_modules/vite/bin/vite.js"],
    ...["build", "--base", "./", "--outDir", "pages", "--assetsDir", "."],
  );
  const files: Record<string, string> = {};
  const made = join(folder, "pages");
  for await (const { name } of Deno.readDir(made)) {
    files[name] = await Deno.readTextFile(join(made, name));
  }
  return files;
}

/** Serves a page to this machine: isolated below `/isolated/`, and elsewhere not. */
export function servePages(files: PageFiles): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const { pathname } = new URL(request.url);
      const name = pathname.split("/").at(-1) || "index.html";
      const isScript = name.endsWith(".js");
      return new Response(files[name] ?? "", {
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
