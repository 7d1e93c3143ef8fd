import assert from "node:assert/strict";
import { describe } from "../../src/checks/visible.ts";
import fc from "fast-check";
import { type CsvOptions, parseCsv } from "../../src/data/csv.ts";
import type { EncoderOptions } from "../../src/data/encoder_options.ts";
import { csvLine } from "../../src/data/prediction_csv.ts";
import { TableEncoder } from "../../src/data/table_encoder.ts";
import { encoded as samplesOf, encoderOf } from "../tables.ts";

const refuses = (run: () => unknown, message: string) =>
  assert.rejects(async () => await run(), { name: "RangeError", message });

Deno.test("parseCsv() reads quotes, line ends, a byte order mark and other separators", async () => {
  const { columns, rows, hasHeader, lines } = await parseCsv(
    '\uFEFFa,"b ""x"""\r\n1,"two\nlines, one cell"\n\n3,4\r',
    { name: "t.csv" },
  );
  assert.deepEqual(columns, ["a", 'b "x"']);
  assert.deepEqual(rows, [["1", "two\nlines, one cell"], ["3", "4"]]);
  assert.equal(hasHeader, true);
  assert.deepEqual(lines, [2, 5]);
  const tabs = await parseCsv("x\ty\n1\t2\n", { name: "t.tsv" });
  assert.deepEqual(tabs.rows, [["1", "2"]]);
  const bars = await parseCsv("1|2\n3|4", { name: "t.csv", delimiter: "|" });
  assert.deepEqual(bars.columns, ["column 1", "column 2"]);
  assert.deepEqual(bars.lines, [1, 2]);
});

Deno.test("parseCsv() decodes bytes", async () => {
  const bytes = new TextEncoder().encode('\uFEFFé,"b"\r\n1,😀\r\n');
  const { columns, rows } = await parseCsv(bytes, { name: "t.csv" });
  assert.deepEqual([columns, rows], [["é", "b"], [["1", "😀"]]]);
});

Deno.test("parseCsv() finds out whether there is a header", async () => {
  const header = async (text: string) =>
    (await parseCsv(text, { name: "t.csv" })).hasHeader;
  assert.equal(await header("a,b\n1,2\n"), true);
  assert.equal(await header("1,b\n1,2\n"), false);
  assert.equal(await header("kind,color\na,red\nb,red\n"), true);
  assert.equal(await header("a,red\nb,red\na,blue\n"), false);
  assert.equal(await header("a,1\n"), false);
  // Names that pandas gives, and years; not a row with a word for no value.
  assert.equal(await header("0,1,2,label\n1.5,2,3,a\n2,3,0.5,b\n"), true);
  assert.equal(await header(",0,1,2\n0,2.5,3,1\n1,3,0.5,0\n"), true);
  assert.equal(await header("0,label\n1.5,1\n2.5,0\n"), true);
  assert.equal(await header("of,2019,2020,to\nDE,1,2,3\nFR,2,1,4\n"), true);
  assert.equal(await header("1.5,2,none\n3,4,5\n6,7,8\n"), false);
  assert.equal(await header("63,?,145\n67,4,160\n37,3,130\n"), false);
  assert.equal(await header("0,1\n1,0\n1,1\n"), false);
  assert.equal(await header("1,2,a\n3,4,b\n"), false);
  const told = await parseCsv("1,2\n3,4\n", { name: "t.csv", header: true });
  assert.deepEqual(told.columns, ["1", "2"]);
});

Deno.test("parseCsv() gives back any cells that were written as CSV", async () => {
  const cell = fc.string({ maxLength: 6 }).map((text) =>
    text.replaceAll("\r", "").trim() + "x"
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 4 }).chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 5,
        })
      ),
      async (rows) => {
        const text = rows.map(csvLine).join("\n");
        const table = await parseCsv(text, {
          name: "t.csv",
          header: false,
          delimiter: ",",
        });
        assert.deepEqual(table.rows, rows);
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("lines are counted as an editor does: headers, empty ones and those within quotes", async () => {
  const line = fc.constantFrom(
    ...["1,2", '"a\nb",2', '"a\r\n\r\nb","c\nd"', "", '"",2'],
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      async (before, newline) => {
        const text = [...before, "12345,END"].join(newline);
        const { rows, lines } = await parseCsv(text, {
          name: "t.csv",
          header: false,
        });
        assert.equal(rows.at(-1)![0], "12345");
        const shown = text.slice(0, text.indexOf("12345")).split("\n").length;
        assert.equal(lines.at(-1), shown);
        assert.equal(lines.length, rows.length);
      },
    ),
    { seed: 1, numRuns: 100 },
  );
  await refuses(
    () =>
      samplesOf('\n"a\nname",b\n\n"x\n\ny",1\n\n?,2\n', {
        impute: "refuse",
      }),
    "Cannot read 't.csv' as 'line 9, a\\nname' must be a value: current value is '?'",
  );
  await refuses(
    () => parseCsv('a,b\n"x\ny",1\n2\n', { name: "t.csv" }),
    "Cannot read 't.csv' as rows must have 2 cells as line 1 has: line 4 has 1: mend them, or set 'badRows' to 'skip', or --bad-rows skip",
  );
  await refuses(
    () => parseCsv('a,b\n\n"x\ny",1\n2,"3"4\n', { name: "t.csv" }),
    "Cannot read 't.csv' as the row that begins on line 5 is not what it should be: Trailing quote on quoted field is malformed",
  );
});

Deno.test("parseCsv() names what is wrong", async () => {
  await refuses(
    () => parseCsv("", { name: "t.csv" }),
    "Cannot read 't.csv' as there must be rows: it is empty",
  );
  await refuses(
    () => parseCsv("a,b\n1,2\n3\n", { name: "t.csv" }),
    "Cannot read 't.csv' as rows must have 2 cells as line 1 has: line 3 has 1: mend them, or set 'badRows' to 'skip', or --bad-rows skip",
  );
  await refuses(
    () => parseCsv("a,b\n", { name: "t.csv" }),
    "Cannot read 't.csv' as there must be rows below the names of the columns, 'a', 'b': if these are values, write --header no, or header: false in a program",
  );
  await assert.rejects(parseCsv('a,b\n1,"2\n', { name: "t.csv" }), {
    name: "RangeError",
    message:
      /^Cannot read 't.csv' as the row that begins on line \d+ is not what it should be: /,
  });
});

Deno.test("parseCsv() refuses a delimiter that it cannot use", async () => {
  for (const delimiter of ["", '"', "\n", "\r", "\uFEFF", ';"', ",\r\n"]) {
    await refuses(
      () => parseCsv("a,b\n1,2\n", { name: "t.csv", delimiter }),
      `Cannot read 't.csv' as 'delimiter' must be characters other than quotes, line ends and byte order marks: current value is ${
        describe(delimiter)
      }`,
    );
  }
  for (
    const [delimiter, shown] of [[5, "5"], [null, "null"], [[","], "[',']"]]
  ) {
    await assert.rejects(
      parseCsv("a,b\n1,2\n", { name: "t.csv", delimiter: delimiter as string }),
      {
        name: "TypeError",
        message:
          `Cannot read 't.csv' as 'delimiter' must be characters other than quotes, line ends and byte order marks: current value is ${shown}`,
      },
    );
  }
  const { rows } = await parseCsv("1::2\n3::4\n", {
    name: "t.csv",
    delimiter: "::",
  });
  assert.deepEqual(rows, [["1", "2"], ["3", "4"]]);
});

const TEXT = "size,color,kind\n1,red,b\n2.5,blue,a\n-3e1,red,b\n";

Deno.test("TableEncoder makes numbers, categories and classes", async () => {
  const { samples, columns, classNames, targetNames } = await samplesOf(TEXT);
  assert.deepEqual(columns, [
    { name: "size", kind: "number", fill: [1] },
    { name: "color", kind: "category", values: ["blue", "red"], fill: [] },
  ]);
  assert.deepEqual([...samples.x], [1, 0, 1, 2.5, 1, 0, -30, 0, 1]);
  assert.deepEqual([...samples.y], [0, 1, 1, 0, 0, 1]);
  assert.deepEqual(classNames, ["a", "b"]);
  assert.deepEqual(targetNames, ["kind"]);
  const [samplesCount, inputs, outputs] = [
    samples.count,
    samples.inputs,
    samples.outputs,
  ];
  assert.deepEqual([samplesCount, inputs, outputs], [3, 3, 2]);
});

Deno.test("TableEncoder takes targets by name, by number, and several for a regression", async () => {
  const text = "a,b,c\n1,2.5,3\n4,5.5,6\n";
  const by = async (
    target: EncoderOptions["target"],
  ) => [...(await samplesOf(text, { target, task: "numbers" })).samples.y];
  assert.deepEqual(await by("b"), [2.5, 5.5]);
  assert.deepEqual(await by(0), [1, 4]);
  assert.deepEqual(await by("-1"), [3, 6]);
  assert.deepEqual(await by(["c", "a"]), [3, 1, 6, 4]);
  const years = "2020,2021\n1,2\n3,4\n";
  const table = await parseCsv(years, { name: "t.csv", header: true });
  const { samples } = await samplesOf(table, {
    target: "2020",
    task: "numbers",
  });
  assert.deepEqual([...samples.y], [1, 3]);
});

Deno.test("TableEncoder tells classes from numbers, and 1 is 1.0", async () => {
  const classes = async (cells: string[]) =>
    (await samplesOf(
      `x,y\n${cells.map((cell, at) => `${at},${cell}`).join("\n")}`,
    ))
      .classNames;
  assert.deepEqual(await classes(["1", "1.0", "2", "10"]), ["1", "2", "10"]);
  assert.equal(await classes(["1.5", "2"]), undefined);
  // Each of them once, so that no class could come again.
  assert.equal(await classes(["3", "1", "2"]), undefined);
  const many = Array.from({ length: 21 }, (_, at) => `${at}`);
  assert.equal(await classes(many), undefined);
  assert.equal((await classes(["0x10", "2"]))?.length, 2);
});

Deno.test("an encoder finds columns by names, or without them by order", async () => {
  const { encoder } = await samplesOf(TEXT);
  const inputs = async (text: string) => [
    ...await encoder.inputs(await parseCsv(text, { name: "new.csv" })),
  ];
  assert.deepEqual(await inputs("kind,color,size\n?,blue,7\n"), [7, 1, 0]);
  assert.deepEqual(await inputs("8,red\n9,blue\n"), [8, 0, 1, 9, 1, 0]);
  assert.deepEqual(await inputs("size,color\n1,green\n"), [1, 0, 0]);
  await refuses(
    () => inputs("size,c\n1,red\n"),
    "Cannot read 'new.csv' as there must be 'color': columns are 'size', 'c'",
  );
  await refuses(
    () => inputs("size,Color\n1,red\n"),
    "Cannot read 'new.csv' as there must be 'color': columns are 'size', 'Color', is it 'Color'?",
  );
  // Which of three the targets are nobody knows: here the first.
  await refuses(
    () => inputs("a,8,red\nb,9,blue\n"),
    "Cannot read 'new.csv' as there must be 2 columns, or names of them: columns are 'column 1', 'column 2', 'column 3'",
  );
});

Deno.test("targets in the first column of tables without names aren't taken for inputs", async () => {
  const table = await parseCsv("7,1,x\n8,2,y\n9.5,4,x\n", { name: "t.csv" });
  const { encoder, samples } = await samplesOf(table, { target: 0 });
  assert.deepEqual([...samples.x], [1, 1, 0, 2, 0, 1, 4, 1, 0]);
  assert.deepEqual([...samples.y], [7, 8, 9.5]);
  assert.deepEqual(await encoder.inputs(table), samples.x);
  const alone = await parseCsv("2,y\n", { name: "new.csv" });
  assert.deepEqual([...await encoder.inputs(alone)], [2, 0, 1]);
});

Deno.test("what can't be read is refused with its line and column", async () => {
  await refuses(
    () => samplesOf("a,b\n1,x\n1e39,y\n"),
    "Cannot read 't.csv' as 'line 3, a' must be a number within ±3.4e38: current value is '1e39'",
  );
  await refuses(
    () => samplesOf("a,b\n1,x\n2,y\n", { target: "c" }),
    "Cannot read 't.csv' as 'target' must be 'a' or 'b': current value is 'c'",
  );
  await refuses(
    () => samplesOf("a\n1\n2\n"),
    "Cannot read 't.csv' as there must be a column besides the target: 'a' is the only one, unless 'delimiter', or --delimiter, says what separates cells",
  );
  await refuses(
    () => samplesOf("a,b\n1,x\n2,x\n"),
    "Cannot read 't.csv' as 'classes in b' must be two or more: current value is ['x']",
  );
});

Deno.test("parseCsv() refuses what is not the text of a table, and says what to write", async () => {
  for (const path of ["file.csv", "a folder/b.TSV", "https://x.y/z.csv.gz"]) {
    await refuses(
      () => parseCsv(path),
      `Cannot read '${path}' as 'source' must be the text of a table, not its path: write readTable("${path}")`,
    );
  }
  const wrongTypes: [unknown, unknown, string][] = [
    [
      "a,b\n1,2\n",
      { name: 1 },
      "read a table as 'name' must be a string: current value is 1",
    ],
    [
      "a,b\n1,2\n",
      "t.csv",
      "read a table as 'options' must be an object: current value is 't.csv'",
    ],
    [
      [["a", "b"], ["1", "2"]],
      {},
      "read a table as 'source' must be text, or its bytes as a Uint8Array: current value is [['a', 'b'], ['1', '2']]",
    ],
    [
      "a,b\n1,2\n",
      { name: "t.csv", header: 1 },
      "read 't.csv' as 'header' must be true, false or 'auto': current value is 1",
    ],
  ];
  for (const [source, options, message] of wrongTypes) {
    await assert.rejects(
      parseCsv(source as string, options as CsvOptions),
      new TypeError(`Cannot ${message}`),
    );
  }
  await refuses(
    () => parseCsv("a\n1\n", { name: "t.csv", header: "yes" as "auto" }),
    "Cannot read 't.csv' as 'header' must be true, false or 'auto': current value is 'yes'",
  );
  await refuses(
    () => parseCsv(new URL("file:///t.csv") as unknown as string),
    `Cannot read 'file:///t.csv' as 'source' must be the text of a table, not its path: write readTable("file:///t.csv")`,
  );
  const { rows } = await parseCsv("file\na.csv\nb.csv\n", { name: "t.csv" });
  assert.deepEqual(rows, [["a.csv"], ["b.csv"]]);
});

Deno.test("parseCsv() refuses names of columns that are empty or the same, and takes any others", async () => {
  await refuses(
    () => parseCsv("\na,b,a\n1,2,3\n", { name: "t.csv" }),
    "Cannot read 't.csv' as the names of its columns must differ: 'a' in line 2 is the name of columns 1 and 3",
  );
  await refuses(
    () => parseCsv('a,b," a "\n1,2,3\n', { name: "t.csv" }),
    "Cannot read 't.csv' as the names of its columns must differ: 'a' in line 1 is the name of columns 1 and 3",
  );
  await refuses(
    () => parseCsv('"a\x1b[2J","a\x1b[2J"\n1,2\n', { name: "t.csv" }),
    "Cannot read 't.csv' as the names of its columns must differ: 'a\\x1b[2J' in line 1 is the name of columns 1 and 2",
  );
  await refuses(
    () => parseCsv("a,,b\n0,1,2\n1,3,4\n", { name: "t.csv" }),
    "Cannot read 't.csv' as all columns must have names: column 2 has none in line 1: write one, or if that line has values, --header no, or header: false in a program",
  );
  const index = await parseCsv(",a,b\n0,1,2.5\n1,3,4.5\n", { name: "t.csv" });
  assert.deepEqual(index.columns, ["Unnamed: 0", "a", "b"]);
  const encoder = await TableEncoder.fit(index);
  assert.deepEqual(encoder.columns.map(({ name }) => name), ["a"]);
  assert.deepEqual(encoder.notes, [
    "'Unnamed: 0' is left out, as an index that pandas or R wrote: it numbers the rows; give its kind to take it all the same",
  ]);
  const names = [
    ...["__proto__", "constructor", "toString", "a b", "a  b", "a\u00a0b"],
    ...["é", "e\u0301", "A", "a", "0", "-1"],
  ];
  const table = await parseCsv(
    `${names.join(",")},kind\n${
      names.map((_, at) => at).join(",")
    },__proto__\n${names.map((_, at) => 2 * at).join(",")},constructor\n`,
    { name: "t.csv", header: true },
  );
  const { columns, samples, classNames } = await samplesOf(table);
  assert.deepEqual(
    columns.map(({ name, kind }) => [name, kind]),
    names.map((name) => [name, "number"]),
  );
  assert.deepEqual(classNames, ["__proto__", "constructor"]);
  const turned = encoderOf(...columns.toReversed());
  assert.deepEqual(
    (await turned.inputs(table)).toReversed().subarray(0, 12),
    samples.x.subarray(12),
  );
  for (const [at, name] of names.entries()) {
    const y = await turned.targets(table, { target: name });
    assert.deepEqual([...y], [at, 2 * at]);
  }
});
