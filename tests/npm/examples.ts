/** The examples in the types of the package, as a caller sees them in an editor. */
import { stop, transform } from "esbuild";
import { join } from "node:path";
import { PACKAGES } from "../../src/runtime/packages.ts";

/** What isn't installed. */
const OTHERS = new RegExp(`"(${Object.keys(PACKAGES).join("|")})`);

/** What an example of what is public imports. */
const LIBRARY = '"@lockstep/lockstep"';

async function* declarations(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* declarations(path);
    else if (name.endsWith(".d.ts")) yield path;
  }
}

/**
 * Writes each into a module of its own, and one that imports them all, in turn.
 *
 * @param app Where the package is installed.
 *
 * @returns The path of that one, and how many they are.
 */
export async function writeExamples(
  app: string,
): Promise<{ program: string; count: number }> {
  const folder = join(app, "examples");
  await Deno.mkdir(folder);
  let count = 0;
  for await (const path of declarations(join(app, "node_modules/@lockstep"))) {
    const text = (await Deno.readTextFile(path)).replaceAll(/^ *\* ?/gm, "");
    for (const [, example] of text.matchAll(/```ts\n([^]*?)```/g)) {
      if (!example.includes(LIBRARY) || OTHERS.test(example)) continue;
      // Without types, and `using` in words that are older.
      const { code } = await transform(example, {
        loader: "ts",
        target: "es2022",
      });
      await Deno.writeTextFile(join(folder, `${count++}.js`), code);
    }
  }
  await stop();
  const program = join(folder, "all.js");
  await Deno.writeTextFile(
    program,
    `for (let n = 0; n < ${count}; n++) await import(\`./\${n}.js\`);`,
  );
  return { program, count };
}
