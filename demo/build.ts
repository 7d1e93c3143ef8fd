/** Writes the page that learns digits, static files for any server. */
import { build, type Plugin, stop } from "esbuild";
import { fileURLToPath } from "node:url";
import packages from "../imports.json" with { type: "json" };
import { loadDataset, type Samples } from "../mod.ts";
import { buildPackage } from "../npm/build.ts";
import { type Assets, loadAssets } from "../src/web/assets.ts";

const HERE = new URL("./", import.meta.url);

/** Digits that come with the page, the last 1,000 to test. */
const DIGITS = 5_000;

/** Pixels as bytes, each digit with its class behind. */
function packed({ x, y, inputs, outputs }: Samples): Uint8Array {
  const bytes = new Uint8Array(DIGITS * (inputs + 1));
  for (let s = 0; s < DIGITS; s++) {
    for (let n = 0; n < inputs; n++) {
      bytes[s * (inputs + 1) + n] = Math.round(255 * x[s * inputs + n]);
    }
    const target = y.subarray(s * outputs, (s + 1) * outputs);
    bytes[s * (inputs + 1) + inputs] = target.indexOf(1);
  }
  return bytes;
}

/** What the page of a training has from its server: uPlot. */
function served(assets: Assets): Plugin {
  return {
    name: "served",
    setup({ onResolve, onLoad }) {
      onResolve(
        { filter: /^\// },
        ({ path, kind }) =>
          kind === "entry-point" || assets(path) === undefined
            ? undefined
            : { path, namespace: "served" },
      );
      onLoad({ filter: /./, namespace: "served" }, async ({ path }) => ({
        contents: await assets(path)!.text(),
        loader: "js",
      }));
    },
  };
}

/** Where the package that reads CSV is. */
async function papaparse(): Promise<string> {
  // Brings it to the cache.
  await import("papaparse");
  const file = import.meta.resolve(
    `${packages.imports.papaparse}/papaparse.min.js`,
  );
  return fileURLToPath(file);
}

/** Makes the page in a folder; beside it, the package that it is made of. */
export async function buildDemo(folder: URL): Promise<void> {
  const library = new URL("../npm/", folder);
  await buildPackage(library);
  const assets = await loadAssets("dashboard");
  try {
    await build({
      entryPoints: [fileURLToPath(new URL("main.js", HERE))],
      outfile: fileURLToPath(new URL("main.js", folder)),
      ...{ bundle: true, format: "esm", platform: "browser", minify: true },
      target: "es2022",
      alias: {
        "@lockstep/lockstep": fileURLToPath(new URL("mod.js", library)),
        papaparse: await papaparse(),
      },
      // For ONNX, of which the page has none.
      external: ["protobufjs"],
      plugins: [served(assets)],
      logLevel: "error",
    });
  } finally {
    await stop();
  }
  for (const name of ["index.html", "service_worker.js"]) {
    await Deno.copyFile(new URL(name, HERE), new URL(name, folder));
  }
  await Deno.copyFile(
    new URL("../data/penguins.csv", HERE),
    new URL("penguins.csv", folder),
  );
  const styles = await Promise.all([
    ...["/uplot.css", "/style.css"].map((path) => assets(path)!.text()),
    Deno.readTextFile(new URL("demo.css", HERE)),
  ]);
  await Deno.writeTextFile(new URL("style.css", folder), styles.join("\n"));
  const { train } = await loadDataset("mnist");
  await Deno.writeFile(new URL("digits.bin", folder), packed(train as Samples));
}
