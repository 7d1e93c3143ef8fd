import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Mlp } from "../mod.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

const GUIDES = [
  "README.md",
  ...[
    "classify",
    "regress",
    "export",
    "resume",
    "tune",
    "choose",
    "scale",
    "understand",
    "watch",
    "tables",
    "logs",
    "report",
  ]
    .map((name) => `docs/${name}.md`),
];

/** The files of the project that commands need. */
const NEEDED = [
  "deno.json",
  "imports.json",
  "deno.lock",
  "mod.ts",
  "src",
  "workers",
  "data",
];

/** Commands that take long or need a large dataset, and are not run. */
const SLOW = /\bmnist-60k\b|\btask (?:bench|test|check|ok|build)\b/;

/** The blocks of code in a language. */
function blocksOf(markdown: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\b.*\\n([^]*?)^\`\`\``, "gm");
  return [...markdown.matchAll(fence)].map(([, code]) => code);
}

/** The commands that run a task, in their order. */
function commandsOf(markdown: string): string[] {
  return blocksOf(markdown, "sh")
    .flatMap((block) => block.replaceAll("\\\n", "").split("\n"))
    .filter((line) => /\bdeno(@\S+)? task /.test(line) && !SLOW.test(line))
    .map((line) => line.replace(/npx -y deno@\S+/, "deno"));
}

/** A copy of the project, one for all guides as the runtime reads new files slowly. */
const copy = await Deno.makeTempDir();
for (const name of NEEDED) {
  await cp(join(ROOT, name), join(copy, name), { recursive: true });
}
Deno.test.afterAll(() => Deno.remove(copy, { recursive: true }));

/** Removes what commands have written. */
async function clean(): Promise<void> {
  for await (const { name } of Deno.readDir(copy)) {
    if (NEEDED.includes(name)) continue;
    await Deno.remove(join(copy, name), { recursive: true });
  }
}

async function run(program: string, args: string[], cwd: string) {
  const command = new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
  });
  const { code, stderr } = await command.output();
  assert.equal(code, 0, `${args.at(-1)}\n${new TextDecoder().decode(stderr)}`);
}

for (const path of GUIDES) {
  Deno.test({
    name: `the commands of ${path} run one after another`,
    // It has no sh.
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const commands = commandsOf(await Deno.readTextFile(join(ROOT, path)));
      assert.ok(commands.length > 0);
      await clean();
      const deno = `deno() { '${Deno.execPath()}' "$@"; }`;
      for (const command of commands) {
        await run("sh", ["-c", `${deno}\n${command}`], copy);
      }
    },
  });
}

/** Flowers of the snippets in export.md, and the classes there. */
const FLOWERS = [[5.1, 3.5, 1.4, 0.2], [6.2, 2.9, 4.3, 1.3]];
const CLASSES = ["setosa", "versicolor", "virginica"];

/**
 * Runs a program for ONNX Runtime in Node or a browser on the network of a file: in Deno, so that one thread of
 * WebAssembly takes the place of Node's package.
 *
 * @param ready What is there before it.
 * @param shown What it is to print.
 */
async function runSnippet(
  snippet: string,
  mlp: Mlp,
  ready: string,
  shown: string,
): Promise<unknown> {
  const folder = await Deno.makeTempDir();
  try {
    const model = JSON.stringify(join(folder, "iris.onnx"));
    await mlp.save(join(folder, "iris.onnx"));
    const program = snippet
      .replace(/from ".*onnxruntime.*"/, 'from "onnxruntime-web/wasm"')
      .replace('"iris.onnx"', `await Deno.readFile(${model})`);
    await Deno.writeTextFile(
      join(folder, "program.js"),
      `${ready}\n${program}\nconsole.log(JSON.stringify(${shown}));`,
    );
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--allow-read", "--allow-env", "--config"],
        ...[join(ROOT, "deno.json"), join(folder, "program.js")],
      ],
      env: { NO_COLOR: "1" },
    }).output();
    const [text, errors] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    const last = text.trimEnd().split("\n").at(-1)!;
    assert.ok(last !== "", errors);
    return JSON.parse(last);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ONE_THREAD =
  'import { env } from "onnxruntime-web/wasm"; env.wasm.numThreads = 1;';

const EXPORT = await Deno.readTextFile(join(ROOT, "docs/export.md"));

const NETWORK = { layers: [4, 3], output: "softmax" } as const;

Deno.test("the program for Node in docs/export.md computes what the network does", async () => {
  await using mlp = new Mlp(NETWORK);
  const [snippet] = blocksOf(EXPORT, "js");
  const shown = "[...output.data]";
  const found = await runSnippet(snippet, mlp, ONE_THREAD, shown) as number[];
  const wanted = await mlp.predict(FLOWERS);
  assert.equal(found.length, wanted.length);
  for (const [at, value] of wanted.entries()) {
    assert.ok(Math.abs(found[at] - value) < 1e-5, `${found} for ${wanted}`);
  }
});

Deno.test("the page in docs/export.md shows the class that the network tells", async () => {
  const [page] = blocksOf(EXPORT, "html");
  const [, script] = /<script type="module">([^]*)<\/script>/.exec(page)!;
  const document = "const p = {}, document = { querySelector: () => p };";
  const shown = new Set<unknown>();
  // Two networks that predict different classes.
  for (const seed of [2, 3]) {
    await using mlp = new Mlp({ ...NETWORK, seed });
    const ready = `${ONE_THREAD}\n${document}`;
    const found = await runSnippet(script, mlp, ready, "p.textContent");
    const [label] = await mlp.predictClasses([FLOWERS[1]]);
    assert.equal(found, CLASSES[label]);
    shown.add(found);
  }
  assert.equal(shown.size, 2);
});
