/** The JavaScript of the package: the library, with what its threads run in its text. */
import { build, type BuildOptions, type Plugin, stop } from "esbuild";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);

const path = (name: string) => fileURLToPath(new URL(name, ROOT));

/** Files by their names. */
export type Outputs = Map<string, string>;

/** The modules of the package, and versions of the packages that they import by name. */
export interface Bundle {
  readonly outputs: Outputs;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What the package has instead of a module of the sources. */
type Replacement = (source: string) => string | Promise<string>;

/** Text with a change that must be possible. */
function changed(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`There is no ${from}`);
  return text.replace(from, () => to);
}

/** Kernels in the text itself, as bundlers treat files of WebAssembly each in their own way. */
async function kernels(): Promise<string> {
  const [fused, plain] = await Promise.all(
    ["kernels.wasm", "plain_kernels.wasm"].map(async (name) =>
      (await Deno.readFile(new URL(`src/kernels/${name}`, ROOT))).toBase64()
    ),
  );
  return `import { HAS_RELAXED_SIMD } from "../runtime/fused.ts";
const text = HAS_RELAXED_SIMD ? "${fused}" : "${plain}";
export default await WebAssembly.compile(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));`;
}

/**
 * What threads run, in the text as well: bundlers find files of workers in code of certain forms alone, and esbuild and
 * `deno bundle` not at all. Node imports no blob, and in a page a worker of another kind has no share in its memory.
 */
async function threads(): Promise<string> {
  const texts = await Promise.all(
    [["TRAINER", "trainer"], ["TRIALS", "trials"]].map(async ([name, file]) => {
      const text = await textOf(path(`workers/${file}.ts`));
      // The name is what stacks show in place of the whole text.
      const named = `${text}//# sourceURL=lockstep-${file}.js\n`;
      return `export const ${name} = urlOf(${JSON.stringify(named)});`;
    }),
  );
  return `import { builtin } from "./builtins.ts";
const urlOf = (text) => new URL(builtin("node:worker_threads") === undefined
  ? URL.createObjectURL(new Blob([text], { type: "text/javascript" }))
  : "data:text/javascript," + encodeURIComponent(text));
${texts.join("\n")}
export const MPI = undefined;`;
}

/** By the ends of their paths. */
const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  "/src/kernels/module.js": kernels,
  // In Deno, too, the package uses what Node has: only the sources call machine code.
  "/src/runtime/builtins.ts": (text) =>
    changed(text, '"Deno" in globalThis', "false"),
  "/src/runtime/entries.ts": threads,
};

/** What is other in a text, which can import nothing by name: threads start none themselves. */
const IN_TEXT: Readonly<Record<string, Replacement>> = {
  ...REPLACEMENTS,
  "/src/runtime/entries.ts": () =>
    "export const TRAINER = undefined, TRIALS = undefined, MPI = undefined;",
};

/** What isn't in the package: machine code, which Deno alone can call. */
const LEFT_OUT = /\/kernels\/native\/\w+\.ts$/;

/** Versions of the packages that are imported by name. */
const dependencies = new Map<string, string>();

const replacing = (replacements: typeof REPLACEMENTS): Plugin => ({
  name: "replacing",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\.[jt]s$/ }, async (file) => {
      const name = file.path.replaceAll("\\", "/");
      if (LEFT_OUT.test(name)) return { contents: LEFT_OUT_TEXT, loader: "js" };
      const found = Object.keys(replacements).find((end) => name.endsWith(end));
      if (found === undefined) return undefined;
      const text = await Deno.readTextFile(file.path);
      return { contents: await replacements[found](text), loader: "ts" };
    });
    onResolve({ filter: /^npm:/ }, (args) => {
      const [, name, version, rest = ""] = /^npm:(.+)@([\d.]+)(\/.*)?$/
        .exec(args.path)!;
      dependencies.set(name, version);
      return { path: `${name}${rest}`, external: true };
    });
  },
});

const LEFT_OUT_TEXT = `export const findLevel = () => Promise.resolve(
  { words: undefined, reason: "machine code can be called from Deno's own package alone" });
export const installFor = undefined, openKernels = undefined;`;

const COMMON: BuildOptions = {
  bundle: true,
  write: false,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  supported: { "using": false, "import-attributes": true },
  minifySyntax: true,
  legalComments: "none",
  charset: "utf8",
  logLevel: "error",
};

/** The modules, those apart that are imported only when they are needed. */
async function modules(): Promise<Outputs> {
  const { outputFiles } = await build({
    ...COMMON,
    plugins: [replacing(REPLACEMENTS)],
    entryPoints: [path("mod.ts")],
    splitting: true,
    outdir: path("dist/npm"),
    entryNames: "[name]",
    chunkNames: "chunks/[hash]",
  });
  return new Map(
    outputFiles!.map(({ path: name, text }) =>
      [name.slice(path("dist/npm/").length), text] as const
    ).sort(),
  );
}

/** What a thread runs, as one text. */
async function textOf(entry: string): Promise<string> {
  const { outputFiles } = await build({
    ...COMMON,
    plugins: [replacing(IN_TEXT)],
    entryPoints: [entry],
    minifyWhitespace: true,
    minifyIdentifiers: true,
  });
  return outputFiles![0].text;
}

/** Bundles the library. */
export async function bundle(): Promise<Bundle> {
  try {
    const outputs = await modules();
    outputs
      .set(
        "node_version.js",
        await Deno.readTextFile(path("npm/node_version.js")),
      )
      .set("mod.js", `import "./node_version.js";\n${outputs.get("mod.js")}`);
    return { outputs, dependencies: Object.fromEntries(dependencies) };
  } finally {
    await stop();
  }
}
