/** What the compiler of TypeScript says of a program that uses the package. */
import ts from "typescript";

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
