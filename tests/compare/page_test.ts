/** The page and the tests in this folder have the same rows. */
import assert from "node:assert/strict";

Deno.test("each row of docs/compare.md has a test, and each test a row", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/compare.md", import.meta.url),
  );
  const cells = [...page.matchAll(/^\| (.+?) +\|/gm)].map(([, cell]) => cell);
  const rows = cells.filter((cell) => cell !== "Name" && !/^-+$/.test(cell));
  const tests: string[] = [];
  for await (const { name } of Deno.readDir(new URL(".", import.meta.url))) {
    if (!name.endsWith("_test.ts")) continue;
    const source = await Deno.readTextFile(new URL(name, import.meta.url));
    const names = source.matchAll(/^row\((["'])(.*?)\1, /gm);
    tests.push(...[...names].map(([, , name]) => name));
  }
  assert.ok(rows.length > 40, `${rows.length} rows`);
  assert.deepEqual(tests.toSorted(), rows.toSorted());
});
