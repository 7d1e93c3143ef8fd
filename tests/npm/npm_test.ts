/** The package for Node: the same bytes from the same sources, and the same bits as in Deno. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { BROWSER } from "../browser/chromium.ts";
import { inFolder } from "../in_folder.ts";
import { trainInPages } from "./in_page.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const [PROGRAM, PAGE] = ["program.js", "page.js"].map((name) =>
  fileURLToPath(new URL(name, import.meta.url))
);

/** The oldest that it is for, and the newest with long support. */
const NODES = ["22", "24"];

/** Kernels without relaxed SIMD, in threads as well. */
const PLAIN = "data:text/javascript,WebAssembly.validate = () => false;";

/** Runs a program in a folder and returns what it prints; it must end by itself, without an error. */
async function run(
  cwd: string,
  program: string,
  ...args: string[]
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    signal: AbortSignal.timeout(300_000),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.equal(code, 0, `${program} ${args.join(" ")}: ${text(stderr)}`);
  return text(stdout).trim();
}

/** Builds and packs; returns the path of the archive. */
async function packed(folder: string): Promise<string> {
  const target = join(folder, "package");
  await run(
    ROOT,
    ...[Deno.execPath(), "run", "--no-check", "--allow-read"] as const,
    ...[`--allow-write=${target}`, "--allow-run", "--allow-env"],
    ...["npm/build.ts", target],
  );
  const [{ filename }] = JSON.parse(
    await run(folder, "npm", "pack", "--json", "./package"),
  );
  return join(folder, filename);
}

/** Types and options as a caller has them, and one mistake that must be found. */
const TYPED = `
import { type EpochEvent, Mlp, samplesFrom } from "@lockstep/lockstep";
const mlp = new Mlp({ layers: [2, 3, 2] });
const { epochs } = await mlp.fit(samplesFrom({ x: [[0, 1]], labels: [1] }), { epochs: 1 });
const last: EpochEvent | undefined = epochs.at(-1);
export const loss: number | undefined = last?.loss;
new Mlp({ layres: [1] });
`;

/** Reads the types of the language once. */
const host = ts.createCompilerHost({});
const { getSourceFile } = host;
const sources = new Map<string, ts.SourceFile | undefined>();
host.getSourceFile = (name, ...how) => {
  if (!name.includes("lib.")) return getSourceFile(name, ...how);
  if (!sources.has(name)) sources.set(name, getSourceFile(name, ...how));
  return sources.get(name);
};

function mistakes(file: string, module: ts.ModuleKind): string[] {
  const moduleResolution = module === ts.ModuleKind.Node16
    ? ts.ModuleResolutionKind.Node16
    : ts.ModuleResolutionKind.Bundler;
  const program = ts.createProgram([file], {
    ...{ module, moduleResolution, strict: true, noEmit: true, types: [] },
    ...{ target: ts.ScriptTarget.ES2022, skipDefaultLibCheck: true },
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
  }, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, " ")
  );
}

Deno.test("the package: packed twice, installed, typed, and trained with in Node and Chromium as in Deno", async () => {
  await inFolder(async (folder) => {
    const [one, other] = ["one", "other"].map((name) => join(folder, name));
    for (const each of [one, other]) await Deno.mkdir(each);
    const archives = await Promise.all([one, other].map(packed));
    const [bytes, again] = await Promise.all(
      archives.map((archive) => Deno.readFile(archive)),
    );
    assert.deepEqual(bytes, again);
    assert.ok(bytes.length < 600_000, `${bytes.length} bytes`);

    const app = join(folder, "app");
    await Deno.mkdir(app);
    await Deno.writeTextFile(join(app, "package.json"), '{"type":"module"}');
    await run(app, "npm", "install", "--no-audit", "--no-fund", archives[0]);

    const typed = join(app, "typed.ts");
    await Deno.writeTextFile(typed, TYPED);
    for (const module of [ts.ModuleKind.Node16, ts.ModuleKind.ESNext]) {
      const [mistake, ...others] = mistakes(typed, module);
      assert.deepEqual(others, []);
      assert.match(mistake, /'layres' does not exist/);
    }

    const program = join(app, "program.js");
    await Deno.copyFile(PROGRAM, program);
    const result = async () =>
      JSON.parse(await Deno.readTextFile(join(app, "result.json")));
    await run(
      app,
      ...[Deno.execPath(), "run", "--no-check", "--allow-read"] as const,
      ...[`--allow-write=${app}`, program, join(ROOT, "mod.ts"), "result.json"],
    );
    const wanted = await result();
    assert.equal(wanted.loaded, wanted.sha256);
    assert.equal(wanted.rows.length, 4);
    assert.match(wanted.missing, /^NotFound: Cannot read 'nowhere.csv'/);

    for (const version of NODES) {
      const node = await run(
        app,
        ...["npx", "-y", `node@${version}`, "-p", "process.execPath"] as const,
      );
      const args = [program, "@lockstep/lockstep", "result.json"];
      await run(app, node, ...args);
      assert.deepEqual(await result(), wanted);
      if (version !== NODES[0]) continue;
      await run(app, node, "--import", PLAIN, ...args);
      const { sha256, loss } = await result();
      assert.notEqual(sha256, wanted.sha256);
      assert.ok(Math.abs(loss - wanted.loss) < 1e-4, `${loss}`);
    }
    if (BROWSER === undefined) return;
    await Deno.copyFile(PAGE, join(app, "page.js"));
    const { isolated, alone } = await trainInPages(app, wanted.samples);
    const found = {
      sha256: wanted.sha256,
      loaded: wanted.sha256,
      loss: wanted.loss,
      rows: [["1", "yes"], ["2", "no"]],
    };
    const workers = navigator.hardwareConcurrency;
    assert.deepEqual(isolated, { ...found, workers });
    assert.deepEqual(alone, { ...found, workers: 1 });
  });
});
