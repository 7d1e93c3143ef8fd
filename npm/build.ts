/** `deno task build:npm`: writes the package for Node, bundlers and browsers to `dist/npm`. */
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.ts";
import { declarations } from "./declarations.ts";
import { manifest } from "./manifest.ts";

const ROOT = new URL("../", import.meta.url);

/** Files that are copied as they are. */
const COPIED = ["LICENSE", "CHANGELOG.md"];

/**
 * Writes the package into a folder, which is made anew. The same sources give the same bytes.
 *
 * @throws {Error} If the sources have errors.
 */
export async function buildPackage(folder: URL): Promise<void> {
  const { outputs, dependencies } = await bundle();
  for (const [name, text] of declarations()) outputs.set(name, text);
  outputs.set("package.json", manifest(dependencies));
  for (const name of COPIED) {
    outputs.set(name, await Deno.readTextFile(new URL(name, ROOT)));
  }
  outputs.set(
    "README.md",
    await Deno.readTextFile(new URL("docs/npm.md", ROOT)),
  );
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  for (const [name, text] of outputs) {
    const url = new URL(name, folder);
    await Deno.mkdir(new URL(".", url), { recursive: true });
    await Deno.writeTextFile(url, text);
  }
}

if (import.meta.main) {
  const [folder = "dist/npm"] = Deno.args;
  await buildPackage(pathToFileURL(`${folder}/`));
}
