/** What a first task fetches is little, and is locked. */
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };
import map from "../imports.json" with { type: "json" };
import { PACKAGES } from "../src/runtime/packages.ts";

interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly workspace: { readonly dependencies: readonly string[] };
}

const ROOT = new URL("../", import.meta.url);

const lockOf = async (name: string): Promise<Lock> =>
  JSON.parse(await Deno.readTextFile(new URL(name, ROOT)));

async function deno(
  args: string[],
  env: Record<string, string> = {},
): Promise<string> {
  const cwd = fileURLToPath(ROOT);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    ...{ args, cwd, env },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("the lock of commands has whatever they may fetch, so that none writes it anew", async () => {
  // The runner fetches all of these before any task.
  assert.ok(!("imports" in config) && config.lock === false);
  const { specifiers } = await lockOf("deno.lock");
  assert.deepEqual(
    Object.keys(specifiers),
    [
      ...Object.entries(PACKAGES).map(([name, of]) => `npm:${name}@${of}`),
      ...["npm:papaparse@5.7.1", "npm:protobufjs@8.8.1", "npm:uplot@1.6.32"],
    ].sort(),
  );
});

Deno.test("a first training on a table fetches what it needs, not all that is locked", async () => {
  const { denoDir } = JSON.parse(await deno(["info", "--json"]));
  const empty = await Deno.makeTempDir();
  try {
    const registry = "npm/registry.npmjs.org";
    for (const name of ["papaparse", "protobufjs", "long"]) {
      const path = `${registry}/${name}`;
      await cp(join(denoDir, path), join(empty, path), { recursive: true });
    }
    // Another package that is wanted isn't there, and may not be fetched.
    const args = "run --lock=deno.lock --frozen --cached-only --allow-read";
    const train = "src/cli/train.ts --dataset data/iris.csv --epochs 1 --quiet";
    const env = { DENO_DIR: empty };
    const told = await deno([...args.split(" "), ...train.split(" ")], env);
    assert.match(told, /test accuracy/);
  } finally {
    await Deno.remove(empty, { recursive: true });
  }
});

Deno.test("locks know the import map, so that no task writes them anew", async () => {
  const named = Object.values(map.imports)
    .map((specifier) =>
      specifier.replace(/^(npm:.[^/@]*(?:\/[^@]+)?@[\d.]+).*/, "$1")
    )
    .sort();
  for (const name of ["deno.lock", "dev.lock"]) {
    const { workspace } = await lockOf(name);
    assert.deepEqual([...workspace.dependencies].sort(), named, name);
  }
});
