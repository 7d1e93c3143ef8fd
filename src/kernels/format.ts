/** `deno task fmt:kernels`: formats the AssemblyScript, whose decorators of functions `deno fmt` would delete. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("./assembly/", import.meta.url));

/** The sources by their names, as they are. */
export function sources(): ReadonlyMap<string, string> {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name);
  return new Map(
    names.map((name) => [name, Deno.readTextFileSync(join(FOLDER, name))]),
  );
}

/** The sources by their names, as `deno fmt` would have them if it left decorators alone. */
export async function formattedSources(): Promise<ReadonlyMap<string, string>> {
  const folder = await Deno.makeTempDir();
  try {
    const texts = new Map<string, string>();
    for (const [name, text] of sources()) {
      const hidden = text.replaceAll(/^@(\w+)$/gm, "// hidden @$1");
      await Deno.writeTextFile(join(folder, name), hidden);
    }
    const args = ["fmt", "--quiet", "--no-config", folder];
    const { stderr, success } = await new Deno.Command(Deno.execPath(), {
      args,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    for (const name of sources().keys()) {
      const text = await Deno.readTextFile(join(folder, name));
      texts.set(name, text.replaceAll("// hidden @", "@"));
    }
    return texts;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  for (const [name, text] of await formattedSources()) {
    await Deno.writeTextFile(join(FOLDER, name), text);
  }
}
