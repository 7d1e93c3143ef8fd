/** SECURITY.md tells the truth. */
import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { MAXIMUM_DEPTH } from "../src/io/parse_json.ts";
import { MOST_BYTES } from "../src/io/read_bytes.ts";
import { MOST_VALUES } from "../src/data/floats.ts";

const ROOT = new URL("../", import.meta.url);

const PAGE = await Deno.readTextFile(new URL("SECURITY.md", ROOT));

/** Names and the text beside them in a table of the page, by the name of its first column. */
function table(title: string): Map<string, string> {
  const start = PAGE.indexOf(`| ${title} `);
  assert.ok(start >= 0, title);
  const rows = PAGE.slice(start).split("\n\n")[0].split("\n").slice(2);
  return new Map(
    rows.map((row) => row.split("|").slice(1, 3).map((cell) => cell.trim()))
      .map(([name, text]) => [name.replaceAll("`", ""), text]),
  );
}

Deno.test("every task has the permissions that SECURITY.md lists, and no other", () => {
  const given = Object.entries(config.tasks).map(([name, task]) => {
    const words = "command" in task ? task.command.split(/\s+/) : [];
    // Short forms too: -A, -R and the like.
    const flags = words.filter((word) =>
      /^(--(allow|unsafely)|-[A-Z])/.test(word)
    );
    return [name, flags.map((flag) => `\`${flag}\``).join(" ") || "none"];
  });
  assert.deepEqual(
    Object.fromEntries(table("task")),
    Object.fromEntries(given),
  );
});

Deno.test("no task may do everything, and commands write to the folder alone in which they run", () => {
  for (const [name, text] of table("task")) {
    assert.doesNotMatch(text, /-A\b|--allow-all|-[A-Z]\b|--allow-net`/, name);
    const isCommand = /src\/cli\//.test(
      JSON.stringify(config.tasks[name as keyof typeof config.tasks]),
    );
    if (!isCommand) continue;
    // What the terminal is, and no secrets; and this machine alone.
    const others = text.replace(
      "`--allow-env=TERM,LC_ALL,LC_CTYPE,LANG`",
      "",
    ).replace("`--allow-net=127.0.0.1`", "");
    assert.doesNotMatch(others, /--allow-(write`|run|net|env|sys)/, name);
  }
});

Deno.test("the limits in SECURITY.md are those of the readers", () => {
  const limits = table("what");
  const limit = (what: string) => limits.get(what) ?? assert.fail(what);
  assert.match(
    limit("any file, and what comes through pipes"),
    new RegExp(`^${MOST_BYTES / 2 ** 30} GiB;`),
  );
  assert.match(
    limit("JSON, in whatever file"),
    new RegExp(`^${MAXIMUM_DEPTH} lists`),
  );
  assert.equal(limit("NumPy, IDX"), "2³⁰ values");
  assert.equal(MOST_VALUES, 2 ** 30);
});

/** All of the program's own sources in a folder. */
async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* sources(url);
    else if (/\.[jt]s$/.test(name)) yield url;
  }
}

Deno.test("no source turns text into code, or imports a name that comes from elsewhere", async () => {
  let count = 0;
  for (const folder of ["src/", "workers/"]) {
    for await (const url of sources(new URL(folder, ROOT))) {
      const text = await Deno.readTextFile(url);
      const code = text.replaceAll(/^\s*(\*|\/\*\*|\/\/).*$/gm, "");
      assert.doesNotMatch(code, /\beval\(|\bFunction\(/, url.pathname);
      for (const [_, argument] of code.matchAll(/\bimport\(\s*("|\w*)/g)) {
        // A constant of the same file, or a table of them, keeps a package from being downloaded before it is needed.
        const constant = new RegExp(
          `^const ${argument} = "npm:[\\w@./-]+";$`,
          "m",
        );
        const hasTable = url.pathname.endsWith("/src/runtime/packages.ts");
        assert.ok(
          argument === '"' || hasTable || constant.test(code),
          url.pathname,
        );
      }
      count++;
    }
  }
  assert.ok(count > 100, `${count} files`);
});
