/** What text of tables may look like that other programs wrote: encodings, separators at the end, rows of other widths. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parseCsv, readTable, type TableFileOptions } from "../../mod.ts";

const folder = Deno.makeTempDirSync();
Deno.test.afterAll(() => Deno.removeSync(folder, { recursive: true }));

/** Writes a file, and tells its path. */
function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else Deno.writeFileSync(path, content);
  return path;
}

const refuses = (run: Promise<unknown>, message: string | RegExp) =>
  assert.rejects(run, { name: "RangeError", message });

/** Text in UTF-16, of either order of bytes. */
function utf16(text: string, little: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) {
    view.setUint16(2 * at, text.charCodeAt(at), little);
  }
  return bytes;
}

const TEXT = "größe;Ort\r\n1,5;Köln\r\n2,5;😀\r\n";
const ROWS = [["1,5", "Köln"], ["2,5", "😀"]];

Deno.test("UTF-16 shows by its mark or its first letter, in pieces too; other encodings are told", async () => {
  for (const little of [true, false]) {
    for (const mark of ["\uFEFF", ""]) {
      const table = await parseCsv(utf16(mark + TEXT, little));
      assert.deepEqual(table.columns, ["größe", "Ort"]);
      assert.deepEqual(table.rows, ROWS);
      const long = mark + TEXT.repeat(9_000);
      const { rows } = await parseCsv(utf16(long, little), { header: false });
      assert.equal(rows.length, 27_000);
      assert.deepEqual(rows.at(-1), ROWS[1]);
    }
  }
  const latin1 = Uint8Array.from("Größe,y\n1,Köln\n", (c) => c.charCodeAt(0));
  await refuses(
    parseCsv(latin1),
    "Cannot read 'table' as it must be UTF-8, or 'encoding' must say what it is, such as windows-1252: line 1 is not",
  );
  for (const encoding of ["latin1", "windows-1252", "ISO-8859-1"]) {
    const path = written("latin1.csv", latin1);
    const { columns, rows } = await readTable(path, { encoding });
    assert.deepEqual([columns, rows], [["Größe", "y"], [["1", "Köln"]]]);
  }
  await refuses(
    parseCsv(latin1, { encoding: "utf8" }),
    "Cannot read 'table' as it must be utf-8: line 1 is not",
  );
  await refuses(
    parseCsv(utf16("a,b\n1,2\n\ud800", true)),
    "Cannot read 'table' as it must be utf-16le: it is not",
  );
  await refuses(
    parseCsv("a,b\n1,2\n", { encoding: "latin-2" }),
    "Cannot read 'table' as 'encoding' must be the name of an encoding, such as utf-8, utf-16le, windows-1252 or latin1: current value is 'latin-2'",
  );
});

Deno.test("files of tabs are so by their name, and gzip may have several members", async () => {
  const tabs = written("t.tsv", "a\tb\n1,5\tx;y\n");
  const { columns, rows } = await readTable(tabs);
  assert.deepEqual([columns, rows], [["a", "b"], [["1,5", "x;y"]]]);
  const gzip = (text: string) =>
    new Uint8Array(gzipSync(new TextEncoder().encode(text)));
  const parts = [gzip("a,b\n1"), gzip(",2\n"), gzip(""), gzip("3,4\n")];
  const path = written("t.csv.gz", await new Blob(parts).bytes());
  assert.deepEqual((await readTable(path)).rows, [["1", "2"], ["3", "4"]]);
  const rest = new Blob([...parts, Uint8Array.of(1, 2, 3)]);
  await refuses(
    readTable(written("rest.csv.gz", await rest.bytes())),
    /rest.csv.gz' as it must be whole gzip data: incorrect header check$/,
  );
});

Deno.test("a separator at the end of all lines, or of all but that of names, has nothing behind it", async () => {
  const cells = async (text: string, options?: TableFileOptions) => {
    const { columns, rows } = await parseCsv(text, options);
    return [columns, ...rows];
  };
  const wanted = [["a", "b"], ["1", "x"], ["2", ""]];
  assert.deepEqual(await cells("a;b;\n1;x;\n2;;\n"), wanted);
  assert.deepEqual(await cells("a,b\n1,x,\n2,,\n"), wanted);
  assert.deepEqual(await cells("1,2,\n3,4,\n"), [
    ...[["column 1", "column 2"], ["1", "2"], ["3", "4"]],
  ]);
  // A name makes it a column, and a cell that is there needs a name.
  assert.deepEqual((await parseCsv("a,b,c\n1,2,\n")).columns, ["a", "b", "c"]);
  await refuses(
    parseCsv("a,b,\n1,2,3\n4,5,\n"),
    /as all columns must have names: column 3 has none in line 1/,
  );
  // Not all lines: nobody knows which cell is too many.
  await refuses(
    parseCsv("a,b\n1,2\n3,4,\n"),
    /rows must have 2 cells as line 1 has: line 3 has 3: /,
  );
});

Deno.test("all rows of another width are named, up to ten, or left out and counted", async () => {
  const row = (at: number) => at % 3 === 0 ? `${at}` : `${at},x`;
  const text = `n,kind\n${
    Array.from({ length: 40 }, (_, at) => row(at)).join("\n")
  }\n`;
  await refuses(
    parseCsv(text, { name: "t.csv" }),
    "Cannot read 't.csv' as rows must have 2 cells as line 1 has: " +
      "line 2 has 1, line 5 has 1, line 8 has 1, line 11 has 1, line 14 has 1, line 17 has 1, line 20 has 1, line 23 has 1, line 26 has 1, line 29 has 1, and 4 more lines: " +
      "mend them, or set 'badRows' to 'skip', or --bad-rows skip",
  );
  const table = await parseCsv(text, { badRows: "skip" });
  assert.equal(table.rows.length, 26);
  assert.deepEqual(table.lines.slice(0, 3), [3, 4, 6]);
  assert.deepEqual(table.leftOut, [{
    ...{ reason: "not 2 cells", count: 14 },
    lines: [2, 5, 8, 11, 14, 17, 20, 23, 26, 29],
  }]);
  assert.equal(
    (await parseCsv("a\n1\n", { badRows: "skip" })).leftOut,
    undefined,
  );
  await refuses(
    parseCsv(text, { badRows: "ignore" as "skip" }),
    "Cannot read 'table' as 'badRows' must be 'refuse' or 'skip': current value is 'ignore'",
  );
  await assert.rejects(
    parseCsv(text, { on_bad_lines: "skip" } as TableFileOptions),
    { name: "TypeError", message: /did you mean 'badRows'\?$/ },
  );
});
