/** Whether TypeScript and other tools find what is in the package, and what the compiler says of a program that uses it. */
import {
  checkPackage,
  createPackageFromTarballData,
} from "@arethetypeswrong/core";
import { publint } from "publint";
import ts from "typescript";

/** What is wrong with an archive, in short. */
export async function flaws(
  archive: Uint8Array<ArrayBuffer>,
): Promise<string[]> {
  const { messages } = await publint({ pack: { tarball: archive.buffer } });
  const types = await checkPackage(createPackageFromTarballData(archive));
  if (types.types === false) return ["no types"];
  return [
    ...messages.map(({ code }) => code),
    ...types.problems.map((problem) =>
      "resolutionKind" in problem
        ? `${problem.kind} ${problem.resolutionKind}`
        : problem.kind
    ),
  ];
}

/** Reads the types of the language once. */
const host = ts.createCompilerHost({});
const { getSourceFile } = host;
const sources = new Map<string, ts.SourceFile | undefined>();
host.getSourceFile = (name, ...how) => {
  if (!name.includes("lib.")) return getSourceFile(name, ...how);
  if (!sources.has(name)) sources.set(name, getSourceFile(name, ...how));
  return sources.get(name);
};

/** Ways in which packages are found. */
export const MODULES = [ts.ModuleKind.Node16, ts.ModuleKind.ESNext];

/** The mistakes in a file. */
export function mistakes(file: string, module: ts.ModuleKind): string[] {
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
