/** The package as others have it: made, packed, and installed in an empty folder. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGES } from "../../src/runtime/packages.ts";

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Deno as it runs programs that may read. */
export const DENO = [
  ...[Deno.execPath(), "run", "--no-prompt", "--no-check", "--allow-read"],
];

/** Runs a program in a folder and returns what it prints; it must end by itself, without an error. */
export async function run(
  cwd: string,
  ...[program, ...args]: readonly string[]
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

/** Makes and packs it in a folder; returns the path of the archive. */
export async function packed(folder: string): Promise<string> {
  const target = join(folder, "package");
  await run(
    ROOT,
    ...[...DENO, `--allow-write=${target}`, "--allow-run", "--allow-env"],
    ...["npm/build.ts", target],
  );
  const [{ filename }] = JSON.parse(
    await run(folder, "npm", "pack", "--json", "./package"),
  );
  return join(folder, filename);
}

/** Installs an archive in a new folder of modules, and what reads Parquet, as a caller who wants it does. */
export async function install(app: string, archive: string): Promise<void> {
  const parquet = `hyparquet@${PACKAGES.hyparquet}`;
  await Deno.mkdir(app);
  await Deno.writeTextFile(join(app, "package.json"), '{"type":"module"}');
  await run(app, "npm", "install", "--no-audit", "--no-fund", archive, parquet);
}

/** Where a version of Node is, which npm fetches as a package. */
export function nodePath(folder: string, version: string): Promise<string> {
  return run(folder, "npx", "-y", `node@${version}`, "-p", "process.execPath");
}
