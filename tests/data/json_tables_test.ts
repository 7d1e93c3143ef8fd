/** Tables in JSON: a line for each row, or an array. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { parseJsonLines, readTable, TableEncoder } from "../../mod.ts";
import { textPieces } from "../../src/data/csv_rows.ts";
import { jsonElements, jsonLines } from "../../src/data/json_rows.ts";

const folder = Deno.makeTempDirSync();
Deno.test.afterAll(() => Deno.removeSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const path = join(folder, name);
  Deno.writeTextFileSync(path, text);
  return path;
}

const refuses = (run: Promise<unknown>, message: string | RegExp) =>
  assert.rejects(run, { name: "RangeError", message });

Deno.test("cells of JSON have the text that a table in CSV would have, and keep their digits", async () => {
  const text = [
    '{"n": 1.50, "kind": " red ", "on": true}',
    '{"kind": "blue", "n": -2e-3, "on": false, "new": null}',
    "",
    '{"n": 12345678901234567890, "__proto__": "x", "new": "line\\nend"}\r',
    '{"n": 1e400, "kind": "NA"}',
  ].join("\n");
  const wanted = {
    columns: ["n", "kind", "on", "new", "__proto__"],
    rows: [
      ["1.5", "red", "true", "", ""],
      ["-2e-3", "blue", "false", "", ""],
      ["12345678901234567890", "", "", "line\nend", "x"],
      ["1e400", "NA", "", "", ""],
    ],
  };
  const { columns, rows, lines, hasHeader } = await parseJsonLines(text);
  assert.deepEqual({ columns, rows }, wanted);
  assert.deepEqual([lines, hasHeader], [[1, 2, 4, 5], true]);
  const array = `[${
    text.replace("\n\n", "\n").replace("\r", "").split("\n").join(",\n\n")
  }]`;
  const found = await readTable(written("t.json", array));
  assert.deepEqual([found.columns, found.rows], [wanted.columns, wanted.rows]);
  assert.deepEqual(found.lines, [1, 3, 5, 7]);
  for (const ending of ["jsonl", "ndjson"]) {
    assert.deepEqual(
      (await readTable(written(`t.${ending}`, text))).rows,
      rows,
    );
  }
});

Deno.test("rows of JSON are found in pieces of any length, with their lines", async () => {
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('a"}', "[{", "\\", "\n", "é😀", '","', ":"),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(true, false, null, [1, "]"], { a: "}" }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string(), value), { maxLength: 8 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(undefined, 1, "\t"),
      async (rows, length, indent) => {
        const lines = rows.map((row) => JSON.stringify(row));
        const pieces = (text: string) =>
          textPieces(new TextEncoder().encode(text), length);
        const one = jsonLines(pieces(lines.join("\n")), "t");
        assert.deepEqual(
          (await Array.fromAsync(one)).flat(),
          lines.map((text, at) => ({ text, line: at + 1 })),
        );
        const text = JSON.stringify(rows, null, indent);
        const found = await Array.fromAsync(jsonElements(pieces(text), "t"));
        assert.deepEqual(
          found.flat().map((row) => JSON.stringify(JSON.parse(row.text))),
          lines,
        );
        for (const { text: row, line } of found.flat()) {
          const start = text.split("\n")[line - 1];
          assert.ok(start.includes(row.split("\n")[0]), row);
          assert.ok(indent === undefined || /^\s\{/.test(start), start);
        }
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("what is no table in JSON is refused by line and name", async () => {
  await refuses(
    parseJsonLines('{"a":1}\n{"a":NaN}\n[1]\n{"a":1,"b":2,"a":3}\n{"a":2\n7\n'),
    "Cannot read 'table' as rows must be objects in JSON: line 2 has NaN, for which JSON has null, line 3 is another value, line 4 has a name twice, line 5 is none, line 6 is another value: mend them, or set 'badRows' to 'skip', or --bad-rows skip",
  );
  const { rows, leftOut } = await parseJsonLines('{"a":1}\n{"a":\n{"b":2', {
    badRows: "skip",
  });
  assert.deepEqual(rows, [["1"]]);
  assert.deepEqual(leftOut, [{ reason: "no JSON", count: 2, lines: [2, 3] }]);
  await refuses(
    parseJsonLines('{"id":1,"tags":["a","b"]}\n', { name: "t.jsonl" }),
    "Cannot read 't.jsonl' as 'line 1, tags' must be text, a number, true, false or null: current value is ['a', 'b']",
  );
  await refuses(
    parseJsonLines('{"":1}'),
    "Cannot read 'table' as all columns must have names: one has none in line 1",
  );
  await refuses(parseJsonLines(" \n"), /as there must be rows$/);
  await refuses(
    parseJsonLines("my/t.jsonl"),
    /write readTable\("my\/t.jsonl"\)/,
  );
  await assert.rejects(parseJsonLines("{}", { header: true } as never), {
    name: "TypeError",
    message: /'header' is no option/,
  });
  for (
    const [text, found] of [
      [
        '{"a":1}\n{"a":2}',
        "JSON: objects one after another are of the format jsonl",
      ],
      ['[{"a":1}\n{"a":2}]', 'line 2 has "{" where , or ] is wanted'],
      ['[{"a":1},]', 'line 1 has "]" where { is wanted'],
      ['[{"a":1},\n5]', 'line 2 has "5" where { is wanted'],
      ['[{"a":1}] x', 'line 1 has "x" where nothing is wanted'],
      ['[{"a":"}\n', 'line 1 has "the end" where { or ] is wanted'],
      ["", 'line 1 has "the end" where [ is wanted'],
      ["[]", "there must be rows"],
    ]
  ) {
    await assert.rejects(
      readTable(written("bad.json", text)),
      (error: Error) =>
        error instanceof RangeError && error.message.endsWith(found),
      text,
    );
  }
  await assert.rejects(
    readTable(written("t.jsonl", '{"a":1}'), { delimiter: ";" }),
    {
      name: "TypeError",
      message: /as 'delimiter' is not read with its format: leave it out$/,
    },
  );
});

Deno.test("a table in JSON trains as the same one in CSV", async () => {
  const lines = ['{"a":1,"kind":"x"}', '{"kind":"y","a":2}'];
  const encoder = await TableEncoder.fit(
    await parseJsonLines(lines.join("\n")),
  );
  assert.deepEqual(encoder.classNames, ["x", "y"]);
  assert.deepEqual(encoder.inputScaling?.offset, [1.5]);
});
