/**
 * Runs the blocks of code of docstrings and guides, as `deno test --doc` does, but with the library loaded once: to load it
 * takes longer than most blocks. Their types are a matter of `deno check --doc`.
 */
import assert from "node:assert/strict";
import { join } from "node:path";

const ROOT = new URL("../", import.meta.url);

/** A block with its imports by their addresses. */
function withAddresses(code: string, path: string): string {
  return code.replaceAll(
    /(?<= from )"(@lockstep\/lockstep|\.[^"]+)"/g,
    (_, name: string) => {
      const url = name.startsWith(".")
        ? new URL(name, new URL(path, ROOT))
        : new URL("mod.ts", ROOT);
      return JSON.stringify(url.href);
    },
  );
}

/** What stands before each line of a docstring. */
const MARGIN = /^ *\* ?/gm;

/** The blocks of a file that aren't marked to be ignored. */
function blocksOf(path: string): string[] {
  const text = Deno.readTextFileSync(new URL(path, ROOT));
  const fence = /^( *\* )?```[tj]s\n([^]*?)^(?: *\* )?```$/gm;
  return [...text.matchAll(fence)].map(([, margin, code]) =>
    margin === undefined ? code : code.replaceAll(MARGIN, "")
  );
}

/** Makes a test of each block in files, of which there must be `least`. */
export function testExamples(paths: readonly string[], least: number): void {
  const folder = Deno.makeTempDirSync();
  Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
  let count = 0;
  for (const path of paths) {
    for (const [at, code] of blocksOf(path).entries()) {
      const module = join(folder, `${count++}.ts`);
      Deno.writeTextFileSync(module, withAddresses(code, path));
      Deno.test(`${path}, example ${at + 1}`, async () => {
        await import(module);
      });
    }
  }
  assert.ok(count >= least, `${count} examples`);
}

/** Paths of the files in a folder of the project, and in its folders. */
export function filesIn(folder: string, ending: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) return filesIn(`${path}/`, ending);
    return path.endsWith(ending) ? [path] : [];
  }).sort();
}
