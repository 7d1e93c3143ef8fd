import assert from "node:assert/strict";
import { parseCsv } from "../../src/data/csv.ts";
import { TableEncoder } from "../../src/data/table_encoder.ts";

const ROWS = 200_000;

/** Bytes of about 20 MB: 6 numbers, a color and one of 10 kinds in each row. */
function largeTable(): Uint8Array {
  const rows = Array.from({ length: 1000 }, (_, row) => {
    const numbers = Array.from(
      { length: 6 },
      (_, column) => `${row * 6 + column}.12345678`,
    );
    return `${numbers.join(",")},"${"dark red ".slice(row % 2)}",k${
      row % 10
    }\n`;
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
  const [encoder, whileFitted] = await turns(() => TableEncoder.fit(table));
  assert.equal(encoder.inputCount, 8);
  const [x, whileEncoded] = await turns(() => encoder.inputs(table));
  assert.equal(x[8 * 1002 + 1], Math.fround(13.12345678));
  const [y, whileLabeled] = await turns(() => encoder.targets(table));
  assert.equal(y[10 * 12_345 + 5], 1);
  // Dozens of slices each, even on a fast machine: were the thread blocked, not one turn would come in between.
  for (const count of [whileRead, whileFitted, whileEncoded]) {
    assert.ok(count >= 6, `${count} turns`);
  }
  assert.ok(whileLabeled >= 1, `${whileLabeled} turns`);
});
