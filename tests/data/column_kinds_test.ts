/** Kinds of columns: how they are told from each other, and what cells become. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type EncoderOptions, TableEncoder } from "../../mod.ts";
import { formatOf } from "../../src/data/number_formats.ts";
import { numberIn } from "../../src/data/number_text.ts";
import { momentOf } from "../../src/data/dates.ts";
import { cellsOf } from "../../src/data/column_cells.ts";
import { MissingWords } from "../../src/data/missing_cells.ts";

/** An encoder of a column called `a` that has these cells. */
async function fitted(
  cells: readonly unknown[],
  options: EncoderOptions = {},
) {
  const rows = cells.map((a, at) => ({ a, y: at + 0.5 }));
  const encoder = await TableEncoder.fit(rows as never, {
    ...{ target: "y", task: "numbers" },
    ...options,
  });
  const x = await encoder.inputs(rows as never);
  return { encoder, column: encoder.columns[0], x: [...x] };
}

const refuses = (
  cells: readonly unknown[],
  message: string,
  options?: EncoderOptions,
) =>
  assert.rejects(fitted(cells, options), {
    name: "RangeError",
    message: `Cannot read 'rows' as ${message}`,
  });

const decided = async (cells: readonly string[]) => {
  const rows = cells.map((cell) => [cell]);
  const table = { name: "t", columns: ["a"], hasHeader: true, rows };
  return await formatOf(await cellsOf(table, 0, new MissingWords()));
};

Deno.test("numbers of any locale come back, decided by the whole column", async () => {
  const locales = [
    ...["en-US", "de-DE", "fr-FR", "de-CH", "sv-SE", "pl-PL"],
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...locales),
      fc.constantFrom("", "%", "€", "$"),
      fc.boolean(),
      fc.array(fc.integer({ min: -1e9, max: 1e9 }), {
        minLength: 1,
        maxLength: 12,
      }),
      async (locale, unit, useGrouping, whole) => {
        // The last two decide: thousands and decimals, and more than three decimals.
        const numbers = [...whole.map((n) => n / 100), 1234567.25, 0.5, 0.1234];
        const written = numbers.map((number) => {
          const text = number.toLocaleString(locale, {
            maximumFractionDigits: 4,
            useGrouping,
          });
          return unit === "$" ? `$${text}` : unit ? `${text} ${unit}` : text;
        });
        const found = await decided(written);
        assert.ok(found !== undefined, written.join(" | "));
        assert.equal(found.ambiguous, undefined);
        for (const [at, text] of written.entries()) {
          assert.equal(numberIn(text, found.format), numbers[at], text);
        }
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("1,234 is decided by the other cells, and told of where they don't decide", async () => {
  const cases: [string[], object | undefined, string?][] = [
    [["1,234", "0,5"], { decimal: "," }],
    [["0,123", "0,456"], { decimal: "," }],
    [["1,234", "1,234.5"], { thousands: true }],
    [["1,234", "5"], { thousands: true }, "1,234"],
    [["1,234", "1500"], { decimal: "," }, "1,234"],
    [["1.234", "5.678"], {}],
    // Only thousands always have three digits, and sometimes no point.
    [["1.234", "1.235", "1.236", "1.237", "1.238"], {}],
    [["999", "1.234", "2.345", "3.456", "4.567", "5.678"], {}, "1.234"],
    [["1500", "1.234", "2.345", "3.456", "4.567", "5.678"], {}],
    [["1.234", "5,5"], { decimal: "," }],
    [["1.234.567", "5"], { decimal: "," }],
    [["1,234,567", "5"], { thousands: true }],
    [["1.5", "2,5"], undefined],
    [["5 %", "0.05"], undefined],
    [["5 €", "7"], { unit: "€" }],
    [["5 €", "$7"], undefined],
    [["\u22125", "7"], {}],
    [["\u22125", "(5)"], undefined],
    [["\u22125", "EUR 1'000"], { thousands: true, unit: "EUR" }],
  ];
  for (const [cells, format, ambiguous] of cases) {
    const found = await decided(cells);
    assert.deepEqual(found?.format, format, cells.join(" | "));
    assert.equal(found?.ambiguous, ambiguous, cells.join(" | "));
  }
  const { x, encoder } = await fitted(["1,234", "5"]);
  assert.deepEqual(x, [1234, 5]);
  assert.deepEqual(encoder.notes, [
    "'1,234' in 'a' is taken for 1234: if its commas are for decimals, overrule it by kind number:comma",
  ]);
  const codes = await fitted(["\u22125", "7", "007"]);
  assert.deepEqual(codes.x, [-5, 7, 7]);
  assert.deepEqual(codes.encoder.notes, [
    "'007' in 'a' is taken for 7: if it is a code, give the kind category",
  ]);
  assert.deepEqual((await fitted(["20240131", "20240201"])).encoder.notes, [
    "'20240131' in 'a' is taken for a number: if it is a day, write 2024-01-31",
  ]);
  const points = ["9", "1.234", "2.345", "3.456", "4.567", "5.678"];
  assert.deepEqual((await fitted(points)).encoder.notes, [
    "'1.234' in 'a' is taken for 1.234: if its points are between thousands, overrule it by kind number:comma",
  ]);
  const overruled = await fitted(["1,234", "5"], {
    kinds: { a: "number:comma" },
  });
  assert.deepEqual(overruled.x, [1234 / 1000, 5].map(Math.fround));
  assert.deepEqual(overruled.encoder.notes, []);
  await refuses(
    ["1,5", "2", "x", "3.25"],
    "2 cells must be a number within ±3.4e38, written as 1.234,5: rows[2], a has 'x'; rows[3], a has '3.25'",
    { kinds: { a: "number:comma" } },
  );
  const { encoder: plain } = await fitted(["1.5", "2"]);
  await assert.rejects(plain.inputs([{ a: "1,5" }]), {
    message:
      "Cannot read 'rows' as 'rows[0], a' must be a number with a point for decimals and nothing between thousands, such as 1234.5: current value is '1,5'",
  });
});

Deno.test("targets may be written in any way as well, and are in the file of the model", async () => {
  const rows = ["1.000,5 €", "2,25 €", "3 €"].map((y, a) => ({ a, y }));
  const encoder = await TableEncoder.fit(rows);
  assert.equal(encoder.task, "numbers");
  const again = TableEncoder.from(
    JSON.parse(JSON.stringify(encoder.toParts())),
  );
  assert.deepEqual([...await again.targets(rows)], [1000.5, 2.25, 3]);
});

Deno.test("yes and no are one input, 0 and 1 stay numbers", async () => {
  const { column, x, encoder } = await fitted(["Yes", "no", "YES"]);
  assert.deepEqual([column.kind, x], ["boolean", [1, 0, 1]]);
  const others = [{ a: true }, { a: "off" }, { a: 1 }];
  assert.deepEqual([...await encoder.inputs(others)], [1, 0, 1]);
  await assert.rejects(encoder.inputs([{ a: "perhaps" }]), {
    message: /'rows\[0\], a' must be yes or no, or true or false/,
  });
  assert.equal((await fitted([true, false])).column.kind, "boolean");
  assert.equal((await fitted([1, 0])).column.kind, "number");
  assert.equal((await fitted(["yes", "true"])).column.kind, "category");
  const asked = await fitted([1, 0], { kinds: { a: "boolean" } });
  assert.equal(asked.column.kind, "boolean");
});

Deno.test("an order that is given makes one input", async () => {
  const kinds = { a: "ordinal:S<M<L" };
  const { encoder, x } = await fitted(["L", "S", "M", "S"], { kinds });
  assert.deepEqual(x, [2, 0, 1, 0]);
  const notes: string[] = [];
  const onNote = (text: string) => notes.push(text);
  assert.deepEqual([...await encoder.inputs([{ a: "XL" }], { onNote })], [0.5]);
  assert.deepEqual(notes, [
    "'a' has what training had not in 1 of 1 rows, such as 'XL' in rows[0], taken as place 0.5",
  ]);
  await refuses(
    ["L", "S", "XL"],
    "'rows[2], a' must be one of 'S', 'M', 'L': current value is 'XL'",
    { kinds },
  );
});

Deno.test("any moment that is written is that moment", () => {
  const forms: [string, (parts: Record<string, string>) => string][] = [
    ["dmy", (p) => `${p.y}-${p.m}-${p.d}T${p.H}:${p.M}:${p.S}Z`],
    ["dmy", (p) => `${p.y}/${+p.m}/${+p.d} ${p.H}:${p.M}:${p.S}`],
    ["dmy", (p) => `${+p.d}.${+p.m}.${p.y} ${p.H}:${p.M}:${p.S}`],
    ["dmy", (p) => `${p.d}/${p.m}/${p.y} ${p.H}:${p.M}:${p.S}`],
    [
      "mdy",
      (p) =>
        `${+p.m}/${+p.d}/${p.y} ${+p.H % 12 || 12}:${p.M}:${p.S} ${
          +p.H < 12 ? "AM" : "pm"
        }`,
    ],
    ["mdy", (p) => `${+p.d} ${p.b} ${p.y} ${p.H}:${p.M}:${p.S}`],
    ["dmy", (p) => `${p.b} ${+p.d}, ${p.y}, ${p.H}:${p.M}:${p.S}`],
    ["dmy", (p) => `${p.y}-${p.m}-${p.d}T${p.H}:${p.M}:${p.S}+00:00`],
  ];
  const names = "Jan Feb Mar Apr May Jun Jul Aug Sept Oct November Dec".split(
    " ",
  );
  fc.assert(
    fc.property(
      fc.date({
        min: new Date("1000-01-01"),
        max: new Date("9999-12-31"),
        noInvalidDate: true,
      }),
      fc.constantFrom(...forms),
      (date, [order, form]) => {
        const [y, m, d, H, M, S] = date.toISOString().split(/[-T:.Z]/);
        const text = form({ y, m, d, H, M, S, b: names[+m - 1] });
        const whole = 1000 * Math.floor(date.getTime() / 1000);
        const found = momentOf(text, order as "dmy");
        assert.deepEqual(found, { local: whole, instant: whole }, text);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
  const zoned = momentOf("2024-03-01T23:30:00.250-05:00", "dmy")!;
  assert.equal(zoned.instant, Date.parse("2024-03-02T04:30:00.250Z"));
  assert.equal(zoned.local, Date.parse("2024-03-01T23:30:00.250Z"));
  for (
    const text of [
      ...[
        "2024-02-30",
        "30/02/2024",
        "2024-13-01",
        "2024-01-01 25:00",
        "1/2/24",
      ],
      ...["12:30", "2024", "May", "1.2.3", "13 PM", "2024-01-01 13:00 PM", ""],
    ]
  ) assert.equal(momentOf(text, "dmy"), undefined, text);
});

Deno.test("dates become what varies of them, as sine and cosine where it comes again", async () => {
  const { column, x, encoder } = await fitted([
    ...["2024-01-01", "2024-04-01", "2025-07-01T06:00"],
  ]);
  assert.ok(column.kind === "date");
  assert.deepEqual(column.parts, ["days", "year", "month", "weekday", "hour"]);
  assert.equal(column.origin, Date.UTC(2024, 0, 1));
  const turn = (part: number) =>
    [Math.sin(2 * Math.PI * part), Math.cos(2 * Math.PI * part)]
      .map(Math.fround);
  // Mondays, and a Tuesday.
  assert.deepEqual(x.slice(0, 8), [
    0,
    2024,
    ...turn(0),
    ...turn(0),
    ...turn(0),
  ]);
  assert.deepEqual(x.slice(16), [
    ...[547.25, 2025, ...turn(6 / 12), ...turn(1 / 7), ...turn(0.25)],
  ]);
  const [days] = await encoder.inputs([{ a: new Date("2024-01-03") }]);
  assert.equal(days, 2);
  await assert.rejects(encoder.inputs([{ a: "03/04/2024" }]), {
    message:
      /must be a date whose month is told from its day, such as 2024-03-31/,
  });
});

Deno.test("days and months are told by the whole column, or it is asked which they are", async () => {
  const monthOf = async (
    cells: string[],
    options?: EncoderOptions,
    a = "02/01/2024",
  ) => {
    const { column, encoder } = await fitted(cells, options);
    assert.ok(column.kind === "date");
    const [days] = await encoder.inputs([{ a }]);
    return [
      column.order,
      days + (column.origin - Date.UTC(2024, 0, 1)) / 864e5,
    ];
  };
  const cells = ["03/04/2024", "05/06/2024"];
  assert.deepEqual(await monthOf([...cells, "13/01/2024"]), ["dmy", 1]);
  assert.deepEqual(await monthOf([...cells, "01/13/2024"]), ["mdy", 31]);
  const kinds = { a: "date:mdy" };
  assert.deepEqual(await monthOf(cells, { kinds }), ["mdy", 31]);
  // Between points the day comes first everywhere.
  assert.deepEqual(await monthOf(cells, { kinds }, "02.01.2024"), ["mdy", 1]);
  await refuses(
    cells,
    `it must be known whether days or months come first in 'a', where none is above 12, such as '03/04/2024' in rows[0]: give its kind as date:dmy or date:mdy, such as --kind "a=date:dmy", or in a program kinds: { "a": "date:dmy" }`,
  );
  await refuses(
    ["13/04/2024", "04/13/2024"],
    "2 cells must be dates that are all in one order: rows[0], a has '13/04/2024'; rows[1], a has '04/13/2024'",
    { kinds: { a: "date" } },
  );
});

Deno.test("rare texts share an input, and what can't be learned from is left out", async () => {
  const cells = Array.from(
    { length: 60 },
    (_, at) => at < 40 ? `c${at % 4}` : `r${at % 20}`,
  );
  const { column, x, encoder } = await fitted(cells, { maxCategories: 5 });
  assert.ok(column.kind === "category");
  assert.deepEqual(column.values, ["c0", "c1", "c2", "c3"]);
  assert.deepEqual(x.slice(0, 5), [1, 0, 0, 0, 0]);
  assert.deepEqual(x.slice(5 * 59), [0, 0, 0, 0, 1]);
  assert.deepEqual(encoder.notes, [
    "'a' has 24 different texts: the 4 most frequent have an input each, and one stands for all others, 33 % of the rows",
  ]);
  assert.deepEqual([...await encoder.inputs([{ a: "new" }])], [0, 0, 0, 0, 1]);

  const rows = Array.from({ length: 30 }, (_, at) => ({
    ...{ id: at, same: "x", none: null, code: `k${at}`, text: `a b ${at}` },
    ...{ use: at % 7, y: at + 0.5 },
  }));
  const options = { target: "y", task: "numbers" } as const;
  const left = await TableEncoder.fit(rows, options);
  assert.deepEqual(left.columns.map(({ name }) => name), ["use"]);
  assert.deepEqual(left.table.columns.map(({ kind }) => kind), [
    ...["id", "constant", "empty", "id", "text", "number", "target"],
  ]);
  assert.equal(left.notes.length, 5);
  const asked = await TableEncoder.fit(rows, {
    ...options,
    kinds: { id: "number", code: "category" },
    drop: ["use"],
    keep: "text",
  });
  assert.deepEqual(asked.columns.map(({ name }) => name), ["id", "code"]);
  assert.deepEqual(await asked.kept(rows.slice(3, 4)), [{ text: "a b 3" }]);
  // Columns that were left out may be there, or not.
  assert.equal((await left.inputs([{ use: 3 }])).length, 1);
  assert.equal((await left.inputs(rows)).length, 30);
  assert.equal(
    left.summary().split("\n")[6],
    "use     number                    0         7       1  0",
  );
});

Deno.test("what is asked of columns is checked", async () => {
  const cases: [EncoderOptions, string][] = [
    [
      { kinds: { b: "number" } },
      "read 'rows' as 'kinds' must be 'a' or 'y': current value is 'b'",
    ],
    [
      { kinds: { a: "date:ymd" } },
      "fit an encoder as 'kinds.a' must be 'date' or 'date:dmy' or 'date:mdy': current value is 'date:ymd'",
    ],
    [
      { kinds: { a: "ordinal" } },
      "fit an encoder as 'kinds.a' must be 'ordinal:A<B<…': current value is 'ordinal'",
    ],
    [
      { kinds: { a: "ordinal:S<S" } },
      "fit an encoder as 'kinds.a' must be ordinal:A<B<… with the different texts in their order: current value is 'ordinal:S<S'",
    ],
    [
      { drop: "y" },
      "read 'rows' as 'drop' must be columns other than those that are target: current value is 'y'",
    ],
    [
      { drop: "a", keep: "a" },
      "read 'rows' as 'drop' must be columns other than those that are kept: current value is 'a'",
    ],
    [
      { drop: "a" },
      "read 'rows' as there must be a column besides the target: columns are 'a' (dropped), 'y' (target)",
    ],
    [
      { maxCategories: 1 },
      "fit an encoder as 'maxCategories' must be a whole number from 2 to 10000: current value is 1",
    ],
  ];
  for (const [options, message] of cases) {
    await assert.rejects(fitted(["S", "M"], options), {
      name: "RangeError",
      message: `Cannot ${message}`,
    });
  }
});
