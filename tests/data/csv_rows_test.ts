import assert from "node:assert/strict";
import fc from "fast-check";
import Papa from "papaparse";
import { parseRows, textPieces } from "../../src/data/csv_rows.ts";

/** What `Papa.parse` returns, which comes without types. */
interface Whole {
  readonly data: string[][];
  readonly errors: {
    readonly code: string;
    readonly message: string;
    readonly row?: number;
  }[];
  readonly meta: { readonly delimiter: string };
}

/** The result of papaparse for a whole text: rows, or the message of an error. */
function inOneGo(text: string, delimiter?: string): string[][] | string {
  const plain = text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
  const { data, errors, meta } = Papa.parse(plain, {
    skipEmptyLines: true,
    ...(delimiter === undefined ? {} : { delimiter }),
  }) as Whole;
  const error = errors.find(({ code }) => code !== "UndetectableDelimiter");
  return error === undefined
    ? data.map((row) => row.map((cell) => cell.trim()))
    : refusal(lineOf(plain, meta.delimiter, error.row!), error.message);
}

/** The line on which a row begins, from 1. */
function lineOf(text: string, delimiter: string, row: number): number {
  // With the empty ones.
  const { data } = Papa.parse(text, { delimiter }) as Whole;
  const before = data.slice(0, row).map((cells) => `${cells.join("")}\n`);
  return before.join("").split("\n").length;
}

function refusal(line: number, message: string): string {
  return `Cannot read 't.csv' as the row that begins on line ${line} is not what it should be: ${message}`;
}

async function inPieces(
  source: string | Uint8Array,
  length?: number,
  delimiter?: string,
): Promise<string[][] | string> {
  try {
    const pieces = textPieces(source, length);
    const found = parseRows(pieces, "t.csv", { delimiter });
    return (await Array.fromAsync(found)).flatMap(({ rows }) => rows);
  } catch (error) {
    assert.ok(error instanceof RangeError);
    return error.message;
  }
}

const parsed = (source: string | Uint8Array, name: string, length?: number) =>
  Array.fromAsync(
    parseRows(textPieces(source, length), name, { delimiter: "," }),
  );

/** Texts of characters that matter to a parser, well-formed or not. */
const source = fc.array(
  fc.constantFrom(
    ...['"', '"', '""', ",", ",", ";", ";;", "\t", "|", "\x1F", " ", "\uFEFF"],
    ...["\n", "\n", "\r\n", "\r", "a", "bc", "1.5", "é", "😀", '"x, y"', '" '],
  ),
  { maxLength: 60 },
).map((parts) => parts.join(""));

const pieceLength = fc.integer({ min: 1, max: 12 });

const choice = fc.constantFrom(undefined, ",", ";", ";;", "\t", " ", "ab");

Deno.test("parseRows() makes of pieces what papaparse makes of the whole text", async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(source, pieceLength, choice, async (text, length, by) => {
      const expected = inOneGo(text, by);
      if (typeof expected === "string") refused++;
      assert.deepEqual(await inPieces(text, length, by), expected);
    }),
    { seed: 1, numRuns: 2000 },
  );
  // Both kinds must have occurred, else nothing is compared.
  assert.ok(refused > 200 && refused < 1800, `${refused} refused`);
});

Deno.test("parseRows() makes of pieces of well-formed text what papaparse makes of the whole", async () => {
  const cell = fc.oneof(
    fc.constantFrom("", "1", "-2.5", "a;b", "tab\there", "é😀"),
    fc.constantFrom('say "x"', "a, b", "two\nlines", "a\r\nb", '"', " "),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), {
        maxLength: 30,
      }),
      fc.constantFrom(",", ";", "\t", "|"),
      fc.constantFrom("\n", "\r\n", "\r"),
      pieceLength,
      async (rows, delimiter, newline, length) => {
        const text = Papa.unparse(rows, { delimiter, newline });
        const expected = inOneGo(text);
        assert.deepEqual(await inPieces(text, length), expected);
        const bytes = new TextEncoder().encode(text);
        assert.deepEqual(await inPieces(bytes, length), expected);
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("parseRows() decodes bytes as a whole text would be, or refuses them", async () => {
  const letters = ['"', ",", "\n", "\r", "a", "é", "\uFEFF", "😀"];
  const bytesOf = letters.map((
    letter,
  ) => [...new TextEncoder().encode(letter)]);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      // Once in a while a byte that is no letter, or only the first part of one.
      fc.array(fc.constantFrom(...bytesOf, ...bytesOf, ...bytesOf, [0xC3]), {
        maxLength: 20,
      }),
      pieceLength,
      async (parts, length) => {
        const bytes = Uint8Array.from(parts.flat());
        const found = await inPieces(bytes, length);
        const text = new TextDecoder().decode(bytes);
        if (!text.includes("\uFFFD")) {
          return assert.deepEqual(found, inOneGo(text));
        }
        assert.match(String(found), /^Cannot read 't.csv' as /);
        refused++;
      },
    ),
    { seed: 1, numRuns: 1000 },
  );
  assert.ok(refused > 100 && refused < 900);
});

Deno.test("parseRows() counts lines over all pieces in errors", async () => {
  const text = `${"1,2\n".repeat(50)}\n3,"4"5\n${"6,7\n".repeat(50)}`;
  const message =
    "Cannot read 't.csv' as the row that begins on line 52 is not what it should be: Trailing quote on quoted field is malformed";
  assert.equal(await inPieces(text, 7), message);
  assert.equal(inOneGo(text), message);
});

Deno.test("parseRows() parses text of many pieces of its own length", async () => {
  const row = '"a ""b""\r\nc",1.5,é\r\n';
  const text = row.repeat(20_000);
  assert.deepEqual(await inPieces(text), inOneGo(text));
  const open = `1,2\n"${"3,4\n".repeat(400_000)}`;
  assert.equal(await inPieces(open), inOneGo(open));
});

Deno.test("parseRows() takes two byte order marks off, a third is part of a cell", async () => {
  const text = '\uFEFF\uFEFF\uFEFF"a,b";c';
  assert.deepEqual(inOneGo(text, ";"), [['"a,b"', "c"]]);
  assert.deepEqual(inOneGo(text), [['"a', 'b";c']]);
  assert.deepEqual(await inPieces(text, 1), inOneGo(text));
});

Deno.test("bytes that aren't UTF-8 are refused with their line, in any piece", async () => {
  const text = "city,y\n" + "Bonn,1\n".repeat(8_000) + "K\xf6ln,2\n";
  const latin1 = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  await assert.rejects(parsed(latin1, "towns.csv"), {
    name: "RangeError",
    message:
      "Cannot read 'towns.csv' as it must be UTF-8, or 'encoding' must say what it is, such as windows-1252: line 8002 is not",
  });
  await assert.rejects(parsed(latin1.subarray(-7), "t.csv", 3), {
    message:
      "Cannot read 't.csv' as it must be UTF-8, or 'encoding' must say what it is, such as windows-1252: line 1 is not",
  });
});

Deno.test("parseRows() refuses a row that would become longer than text can be", async () => {
  // Zeros, as of a sparse file on disk, and a quote that never ends.
  const zeros = new Uint8Array(2 ** 27);
  const open = `a,b\n1,"${"x\n".repeat(2 ** 25 + 2 ** 20)}`;
  for (const [source, line] of [[zeros, 1], [open, 2]] as const) {
    await assert.rejects(parsed(source, "a.csv", 2 ** 20), {
      name: "RangeError",
      message:
        `Cannot read 'a.csv' as the row that begins on line ${line} must have less than 67108864 characters: is there a quote without its end?`,
    });
  }
});
