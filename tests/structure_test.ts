/** Imports go one way, so that a reader doesn't have to follow them back and forth. */
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };
import { inFolder } from "./in_folder.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The modules that a module imports, types included, by their paths in the project. */
async function importsOf(path: string): Promise<string[]> {
  const text = await Deno.readTextFile(join(ROOT, path));
  const code = text.replaceAll(/\/\*\*.*?\*\//gs, "");
  return [...code.matchAll(/(?:from|import\()\s*"(\.[^"]+\.ts)"/g)]
    .map(([, specifier]) => join(dirname(path), specifier));
}

async function* modulesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = join(folder, name);
    if (isDirectory && name !== "assembly") yield* modulesIn(path);
    else if (name.endsWith(".ts")) yield relative(ROOT, join(ROOT, path));
  }
}

/** Each module with those that it imports. */
const imports = new Map<string, string[]>();
for (const folder of ["src", "workers"]) {
  for await (const path of modulesIn(folder)) {
    imports.set(path, await importsOf(path));
  }
}

Deno.test("no module imports itself by way of others", () => {
  const done = new Set<string>();
  const follow = (path: string, way: readonly string[]) => {
    assert.ok(!way.includes(path), [...way, path].join(" → "));
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) follow(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) follow(path, []);
  assert.ok(done.size > 150, `${done.size} modules`);
});

Deno.test("no two folders import from each other", () => {
  const pairs = new Map<string, string>();
  for (const [path, found] of imports) {
    for (const other of found) {
      const [from, to] = [dirname(path), dirname(other)];
      if (from !== to) pairs.set(`${from} → ${to}`, `${path} → ${other}`);
    }
  }
  for (const [pair, example] of pairs) {
    const back = pairs.get(pair.split(" → ").toReversed().join(" → "));
    assert.equal(back, undefined, `${example}, and ${back}`);
  }
  assert.ok(pairs.size > 50, `${pairs.size} pairs`);
});

/** The folder of a module below src: "src/cli" for "src/cli/display/draw.ts". */
const topFolder = (path: string) => path.split("/").slice(0, 2).join("/");

Deno.test("docs/architecture.md lists the folders of src, each above those that it imports", async () => {
  const text = await Deno.readTextFile(join(ROOT, "docs/architecture.md"));
  const listed = [...text.matchAll(/^\| `(src\/\w+)` /gm)].map(([, name]) =>
    name
  );
  const found = new Set(
    [...imports.keys()].map(topFolder).filter((name) =>
      /^src\/\w+$/.test(name)
    ),
  );
  assert.deepEqual(listed.toSorted(), [...found].sort());
  for (const [path, others] of imports) {
    const from = listed.indexOf(topFolder(path));
    for (const other of others) {
      const to = listed.indexOf(topFolder(other));
      if (to >= 0) assert.ok(from <= to, `${path} → ${other}`);
    }
  }
});

/** Where a module may know which runtime it is in: tools, and what calls machine code, as Deno alone can. */
const OF_A_RUNTIME =
  /^src\/(runtime|cli|charts|dashboard|logs|serve|web|distributed|kernels\/native)\/|^src\/(providers\/blas|kernels\/(build|format))\.ts$/;

/** What one runtime alone has, or too few of them: Node 20 has all else. */
const NOT_EVERYWHERE =
  /\bDeno\b|"node:|\bnavigator\b|\.toHex\b|getFloat16|withResolvers|fromAsync|\.(keys|values|entries)\(\)\.(?!next\b)|\.transfer\(/;

Deno.test("the library knows no runtime: Deno and Node are met in src/runtime", async () => {
  let count = 0;
  for (const path of [...imports.keys(), "mod.ts"]) {
    if (OF_A_RUNTIME.test(path)) continue;
    const text = await Deno.readTextFile(join(ROOT, path));
    const code = text.replaceAll(/\/\*\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    assert.doesNotMatch(code, NOT_EVERYWHERE, path);
    count++;
  }
  assert.ok(count > 150, `${count} modules`);
});

Deno.test("the task test leaves the tests of browsers to their own task", async () => {
  const { command } = config.tasks.test;
  const args = command.split(" ").slice(1).filter((word) =>
    !/^--(lock|frozen|doc|parallel|allow)/.test(word)
  );
  const tests = ["tests/a_test.ts", "tests/npm/b_test.ts"];
  await inFolder(async (folder) => {
    for (
      const path of [...tests, "mod.ts", "src/a.ts", "README.md", "docs/a"]
    ) {
      await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
      const text = tests.includes(path) ? `Deno.test("a", () => {});` : "";
      await Deno.writeTextFile(join(folder, path), text);
    }
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      ...{ args, cwd: folder, env: { NO_COLOR: "1" } },
    }).output();
    // Deno heeds --ignore for the first path only.
    assert.deepEqual(
      new TextDecoder().decode(stdout).match(/\S+_test\.ts$/gm),
      ["./tests/a_test.ts"],
    );
  });
});
