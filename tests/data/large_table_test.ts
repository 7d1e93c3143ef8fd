import assert from "node:assert/strict";
import { parseCsv } from "../../src/data/csv.ts";
import { encodeRows } from "../../src/data/encode_table.ts";
import { labelsOf, numbersOf, tableSamples } from "../../src/data/table.ts";

const ROWS = 200_000;

/** Bytes of about 20 MB: 6 numbers, a color and one of 10 kinds in each row. */
function largeTable(): Uint8Array {
  const rows = Array.from({ length: 1000 }, (_, row) => {
    const numbers = Array.from(
      { length: 6 },
      (_, column) => `${row * 6 + column}.12345678`,
    );
    return `${numbers.join(",")},"red, dark",k${row % 10}\n`;
  });
  const text = rows.join("").repeat(ROWS / 1000);
  return new TextEncoder().encode(`a,b,c,d,e,f,color,kind\n${text}`);
}

/** Awaits what `run` returns, and counts how often timers had their turn until then. */
async function turns<T>(run: () => Promise<T>): Promise<[T, number]> {
  let count = 0;
  const timer = setInterval(() => count++, 0);
  try {
    const value = await run();
    return [value, count];
  } finally {
    clearInterval(timer);
  }
}

Deno.test("large tables leave the calling thread free: a timer keeps ticking", async () => {
  const bytes = largeTable();
  assert.ok(bytes.length > 15e6, `${bytes.length} bytes`);
  const [table, whileRead] = await turns(() =>
    parseCsv(bytes, { name: "large.csv" })
  );
  assert.equal(table.rows.length, ROWS);
  const [{ samples, columns, classNames }, whileMade] = await turns(() =>
    tableSamples(table)
  );
  assert.equal(samples.inputs, 7);
  const [x, whileEncoded] = await turns(() => encodeRows(table, columns));
  assert.deepEqual(x.subarray(7, 14), samples.x.subarray(7, 14));
  const [labels, whileLabeled] = await turns(() =>
    labelsOf(table, "kind", classNames!)
  );
  assert.equal(labels[12_345], 5);
  const [numbers, whileNumbered] = await turns(() => numbersOf(table, ["b"]));
  assert.equal(numbers[1002], Math.fround(13.12345678));
  // Dozens of slices each, even on a fast machine: were the thread blocked, not one turn would come in between.
  for (const count of [whileRead, whileMade, whileEncoded]) {
    assert.ok(count >= 6, `${count} turns`);
  }
  // These are short.
  for (const count of [whileLabeled, whileNumbered]) {
    assert.ok(count >= 1, `${count} turns`);
  }
});
