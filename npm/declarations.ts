/** The types of the package: the declarations of all modules that the types of the library name. */
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Outputs } from "./bundle.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Types are checked by the task `check`, which knows those of Deno. */
const OPTIONS: ts.CompilerOptions = {
  declaration: true,
  emitDeclarationOnly: true,
  noCheck: true,
  strict: true,
  allowImportingTsExtensions: true,
  target: ts.ScriptTarget.ESNext,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
  newLine: ts.NewLineKind.LineFeed,
  rootDir: ROOT,
  outDir: ROOT,
};

/** Imports of modules beside, in a declaration. */
const IMPORTS = /((?:from |import\()")(\.{1,2}\/[^"]+)\.ts(")/g;

/** All that the compiler makes of the library, by path. */
function allDeclarations(): Outputs {
  const outputs: Outputs = new Map();
  ts.createProgram([`${ROOT}mod.ts`], OPTIONS).emit(
    undefined,
    (path, text) => outputs.set(path.slice(ROOT.length), text),
  );
  return outputs;
}

/** Makes the declarations, each under the name of its module. */
export function declarations(): Outputs {
  const all = allDeclarations();
  const outputs: Outputs = new Map();
  const left = ["mod.d.ts"];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (outputs.has(name)) continue;
    const text = all.get(name);
    if (text === undefined) throw new Error(`${name} was not made`);
    outputs.set(name, text.replaceAll(IMPORTS, "$1$2.js$3"));
    for (const [, , path] of text.matchAll(IMPORTS)) {
      left.push(new URL(`${path}.d.ts`, `file:///${name}`).pathname.slice(1));
    }
  }
  return outputs;
}
