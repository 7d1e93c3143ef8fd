/** Cells that are almost numbers or almost classes, or missing values: refused by line and column, or noted. */
import assert from "node:assert/strict";
import { parseCsv } from "../../src/data/csv.ts";
import { TableEncoder } from "../../src/data/table_encoder.ts";
import { encoded as samplesOf } from "../tables.ts";

const TEXT = "size,color,kind\n1,red,b\n2.5,blue,a\n-3e1,red,b\n";

const refuses = (run: () => unknown, message: string) =>
  assert.rejects(async () => await run(), { name: "RangeError", message });

/** Rows of a number and a target, which is taken from `cells` first. */
const targetsOf = (...cells: string[]) =>
  samplesOf(
    `x,y\n${
      [...cells, "1.5", "2.5", "3.5", "4.5"].map((cell) => `0,"${cell}"`)
        .join("\n")
    }\n`,
  );

Deno.test("a target most of whose cells are numbers is refused where some are not", async () => {
  await refuses(
    () => targetsOf("1.2x"),
    "Cannot read 't.csv' as targets in 'y' must be numbers as 4 of 5 are, or 'task' must be 'classes' to take each text for a class: line 2 has '1.2x'",
  );
  await refuses(
    () => targetsOf("a", "5.5", "b", "6.5", "7.5", "c", "d"),
    "Cannot read 't.csv' as targets in 'y' must be numbers as 7 of 11 are, or 'task' must be 'classes' to take each text for a class: line 2 has 'a', line 4 has 'b', line 7 has 'c', line 8 has 'd'",
  );
  const { samples, notes } = await targetsOf("-");
  assert.equal(samples.count, 4);
  assert.deepEqual(notes, [
    "1 of 5 rows are left out, as 'y' is missing, first in line 2",
  ]);
  // Half of them: there are classes called 1 and 2.
  const { classNames } = await samplesOf("x,y\n0,1\n0,a\n0,2\n0,b\n");
  assert.deepEqual(classNames, ["1", "2", "a", "b"]);
  const asked = await samplesOf("x,y\n0,1\n0,a\n0,2\n", { task: "classes" });
  assert.deepEqual(asked.classNames, ["1", "2", "a"]);
  await refuses(
    () => samplesOf("x,y\n0,1\n0,a\n0,2\n", { task: "numbers" }),
    "Cannot read 't.csv' as 'line 3, y' must be a number within ±3.4e38: current value is 'a'",
  );
});

Deno.test("what is asked of a table is one of what there is", async () => {
  await refuses(
    () => samplesOf(TEXT, { task: "regression" as "numbers" }),
    "Cannot read 't.csv' as 'task' must be 'classes' or 'labels' or 'numbers' or 'auto': current value is 'regression', did you mean 'numbers'?",
  );
  await refuses(
    () => samplesOf(TEXT, { target: ["size", "kind"], task: "classes" }),
    "Cannot read 't.csv' as 'task' must be 'labels' or 'numbers' for 2 targets: current value is 'classes'",
  );
});

Deno.test("numbers that are too large for a float64 are numbers, and refused", async () => {
  await refuses(
    () => samplesOf("a,b\n1,x\n1e400,y\n"),
    "Cannot read 't.csv' as 'line 3, a' must be a number within ±3.4e38: current value is '1e400'",
  );
  await refuses(
    () => targetsOf("-1e400"),
    "Cannot read 't.csv' as 'line 2, y' must be a number within ±3.4e38: current value is '-1e400'",
  );
});

Deno.test("classes of many digits, or with zeros before them, stay as they are", async () => {
  const codes = await samplesOf("x,y\n0,007\n1,7\n2,7.0\n", {
    task: "classes",
  });
  assert.deepEqual(codes.classNames, ["007", "7"]);
  const ids = ["12345678901234567891", "12345678901234567890", "9", "09.0"];
  const { classNames, samples } = await samplesOf(
    `x,y\n${ids.map((id) => `0,${id}`).join("\n")}\n`,
    { task: "classes" },
  );
  assert.deepEqual(classNames, ["9", ids[1], ids[0]]);
  assert.deepEqual([...samples.y], [0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0]);
});

Deno.test("what programs write for no value is that, and refused if that is asked for", async () => {
  const words = [
    ...["", "?", "-", "#N/A", "<NA>", "-nan", "#DIV/0!", "#REF!"],
    ...["NA", "nan", "NULL", "n/a", "None"],
  ];
  for (const missing of words) {
    await refuses(
      () => samplesOf(`a,b\n${missing},x\n1,y\n`, { impute: "refuse" }),
      `Cannot read 't.csv' as 'line 2, a' must be a value: current value is '${missing}'`,
    );
    const { samples } = await samplesOf(`a,b\n${missing},x\n1,y\n3,y\n`);
    assert.deepEqual([...samples.x], [2, 1, 1, 0, 3, 0]);
  }
  await refuses(
    () => samplesOf("a,b\n1,x\n,y\nna,x\n", { impute: "refuse" }),
    "Cannot read 't.csv' as 2 cells must be a value: line 3, a has ''; line 4, a has 'na'",
  );
});

Deno.test("TableEncoder notes what columns may not be what they seem", async () => {
  const rows = Array.from(
    { length: 30 },
    (_, at) => `${at === 7 ? "8x" : at},name ${at},c${at % 3},${at % 2}`,
  );
  const text = `n,id,c,y\n${rows.join("\n")}\n`;
  await refuses(
    () => samplesOf(text),
    "Cannot read 't.csv' as 'n' must have numbers written in one way, as 29 of 30 cells have, or 'missing' must have the words for no value, or its kind must be category: line 9 has '8x'",
  );
  const days = rows.map((_, at) => `2023-02-${10 + at},${at % 2}`);
  await refuses(
    () => samplesOf(`day,y\n${days.join("\n")}\n`, { task: "classes" }),
    "Cannot read 't.csv' as 'day' must have dates written in one way, as 19 of 30 cells have, or 'missing' must have the words for no value, or its kind must be category: line 21 has '2023-02-29'; line 22 has '2023-02-30'; line 23 has '2023-02-31'; line 24 has '2023-02-32'; line 25 has '2023-02-33'; line 26 has '2023-02-34'; line 27 has '2023-02-35'; line 28 has '2023-02-36'; line 29 has '2023-02-37'; line 30 has '2023-02-38'; 1 more",
  );
  const { notes, samples } = await samplesOf(text, { missing: ["8X"] });
  assert.deepEqual(notes, [
    "'id' is left out, as text: it has 30 different ones in 30 rows, and nothing can be learned from what hardly comes again; give its kind to take it all the same",
  ]);
  assert.equal(samples.inputs, 5);
  // Ids by their names, also those that are more than a float64 holds.
  const ids = rows.map((row, at) =>
    `${9007199254740993n + 2n * BigInt(at)},${at},${row}`
  );
  const numbered = await samplesOf(
    `tweet_id,PassengerId,${text.split("\n")[0]}\n${ids.join("\n")}`,
    { missing: ["8x"], drop: "id" },
  );
  assert.deepEqual(
    numbered.notes.map((note) => note.slice(0, note.indexOf(":"))),
    ["tweet_id", "PassengerId"].map((id) => `'${id}' is left out, as an id`),
  );
  await refuses(
    () =>
      samplesOf(
        `y,PassengerId\n${rows.map((_, at) => `${at % 2},${at}\n`).join("")}`,
      ),
    "Cannot read 't.csv' as targets in 'PassengerId' must not be an id, and look like one, 30 different ones in 30 rows: learn another column (--target, or 'target' in a program), or say what they are (--task classes or numbers, or 'task' in a program)",
  );
  const several = await samplesOf("x,a,b\n1.5,0,1\n2.5,1,1\n", {
    target: ["a", "b"],
  });
  assert.deepEqual(several.notes, [
    'the 2 targets are 0 or 1 in all rows, and taken for numbers: if they are labels, write --task labels, or task: "labels" in a program',
  ]);
  const names = Array.from({ length: 12 }, (_, at) => `c${at}`);
  const wide = await samplesOf(
    [names, ...["1", "2", "x"].map((cell) => names.map(() => cell))]
      .map((row, at) => `${row.join(",")},${at === 0 ? "y" : at % 2}`)
      .join("\n"),
  );
  assert.equal(wide.notes.length, 11);
  assert.equal(
    wide.notes[0],
    "'c0' is taken for categories, 3 of them, as line 4 has 'x'",
  );
  assert.equal(wide.notes[10], "2 more columns are like these");
});

Deno.test("what is no table, and no rows, is refused with what to write", async () => {
  const table = await parseCsv("a,b\n1,2\n3,4\n", { name: "t.csv" });
  const any = (value: unknown) => value as never;
  const cases: [unknown, string][] = [
    [
      "a,b",
      "fit an encoder as 'table' must be a table, as readTable() and parseCsv() make it, or an array of rows: current value is 'a,b'",
    ],
    [
      { columns: ["a"], rows: [["1"]] },
      "fit an encoder as 'table' must be a table, as readTable() and parseCsv() make it, or an array of rows: current value is Object",
    ],
    [
      { ...table, rows: [[1, 2], [3, 4]] },
      "read 't.csv' as 'table.rows[0][1]' must be text, even of a number: current value is 2",
    ],
    [
      { ...table, rows: [["1", "2"], ["3"]] },
      "fit an encoder as 'table.rows[1]' must be an array of 2 texts: current value is ['3']",
    ],
    [
      { ...table, rows: [] },
      "fit an encoder as 'table' must be a table, as readTable() and parseCsv() make it, or an array of rows: current value is Object",
    ],
    [
      Promise.resolve(table),
      "fit an encoder as 'table' must be a table: write await before it: current value is Promise",
    ],
  ];
  for (const [value, message] of cases) {
    await assert.rejects(TableEncoder.fit(any(value)), {
      name: "TypeError",
      message: `Cannot ${message}`,
    });
  }
  await refuses(
    () => TableEncoder.fit(table, { target: any(Symbol("b")) }),
    "Cannot read 't.csv' as 'target' must be 'a' or 'b': current value is Symbol(b)",
  );
});

Deno.test("a first line with years that may be names of columns is told of", async () => {
  const notes = async (text: string) => (await samplesOf(text)).notes;
  assert.deepEqual(await notes("2019,2020,kind\n1,2,a\n3,4,b\n5,6,a\n"), [
    "'kind' is a class of line 1 alone: if that line has the names of the columns, set 'header' to true, or --header yes",
  ]);
  assert.deepEqual(await notes("1,2,b\n1,2,a\n3,4,b\n5,6,a\n"), []);
  assert.deepEqual(await notes("1,2,3\n1,2,a\n3,4,b\n5,6,a\n"), [
    "'3' is a class of line 1 alone: if that line has the names of the columns, set 'header' to true, or --header yes",
  ]);
});
