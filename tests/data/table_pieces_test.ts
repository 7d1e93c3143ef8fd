/** Tables that are read piece by piece: what they have together is what the whole has. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import {
  Mlp,
  readTable,
  readTablePieces,
  type Table,
  TableEncoder,
} from "../../mod.ts";

const folder = Deno.makeTempDirSync();
Deno.test.afterAll(() => Deno.removeSync(folder, { recursive: true }));

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else Deno.writeFileSync(path, content);
  return path;
}

const pieces = (path: string, rows: number, options = {}) =>
  Array.fromAsync(readTablePieces(path, { rows, ...options }));

const ROWS = Array.from({ length: 5000 }, (_, at) => [`${at}.5`, `k${at % 3}`]);
const CSV = `x,kind\n${ROWS.map((row) => row.join(",")).join("\n")}\n`;
const JSONL = ROWS.map(([x, kind]) => `{"x":${x},"kind":"${kind}"}\n`).join("");
const HALF = gzipSync(CSV.slice(0, 20_001));
const PARQUET = new Uint8Array(parquetWriteBuffer({
  columnData: [
    { name: "x", data: ROWS.map(([x]) => Number(x)), type: "DOUBLE" },
    { name: "kind", data: ROWS.map(([, kind]) => kind) },
  ],
  rowGroupSize: 900,
}));

Deno.test("pieces of any format have the rows of the whole, as many as are asked for", async () => {
  const gzip = new Blob([
    new Uint8Array(HALF),
    gzipSync(CSV.slice(20_001)) as never,
  ]);
  for (
    const path of [
      written("t.csv", CSV),
      written("t.csv.gz", await gzip.bytes()),
      written("t.jsonl", JSONL),
      written("t.json", `[${JSONL.trim().replaceAll("\n", ",\n")}]`),
    ]
  ) {
    const whole = await readTable(path);
    assert.equal(whole.rows.length, 5000);
    const found = await pieces(path, 1200);
    assert.deepEqual(
      found.map(({ rows }) => rows.length),
      [1200, 1200, 1200, 1200, 200],
    );
    assert.deepEqual(found.flatMap(({ rows }) => rows), whole.rows);
    assert.deepEqual(found.flatMap(({ lines }) => lines), whole.lines);
    for (const { columns } of found) assert.deepEqual(columns, ["x", "kind"]);
    assert.equal((await pieces(path, 5000)).length, 1);
  }
  const groups = await pieces(written("t.parquet", PARQUET), 1200);
  assert.deepEqual(
    groups.map(({ rows }) => rows.length),
    [1800, 1800, 1400],
  );
  assert.deepEqual(groups.flatMap(({ rows }) => rows), ROWS);
});

Deno.test("rows that can't be read are refused or counted in each piece", async () => {
  const text = CSV.replace("4000.5,k1", "4000.5");
  const path = written("bad.csv", text);
  const iterator = readTablePieces(path, { rows: 2000 });
  assert.equal((await iterator.next()).value?.rows.length, 2000);
  await iterator.next();
  await assert.rejects(iterator.next(), {
    name: "RangeError",
    message: /rows must have 2 cells as line 1 has: line 4002 has 1: /,
  });
  const skipped = await pieces(path, 2000, { badRows: "skip" });
  assert.deepEqual(skipped.map(({ leftOut }) => leftOut?.[0].lines), [
    ...[undefined, undefined, [4002]],
  ]);
  const later = `${JSONL}{"x":1,"other":2}\n`;
  await assert.rejects(pieces(written("new.jsonl", later), 100), {
    name: "RangeError",
    message:
      /new.jsonl' as 'columns in line 5001' must be those of the rows before: current value is 'other'$/,
  });
});

Deno.test("what can't be read in pieces is refused", async () => {
  await assert.rejects(pieces(join(folder, "none.csv"), 9), (error: Error) => {
    assert.ok(error instanceof Deno.errors.NotFound);
    return error.message.endsWith("none.csv' as there is no such file");
  });
  const packed = written("t.parquet.gz", gzipSync(PARQUET));
  await assert.rejects(pieces(packed, 9), {
    name: "RangeError",
    message: /t.parquet.gz' as it must be unpacked first, to be read piece/,
  });
  const cut = written("cut.csv.gz", HALF.subarray(0, -9));
  await assert.rejects(pieces(cut, 9), {
    message: /must be whole gzip data: /,
  });
  await assert.rejects(pieces(written("p.csv", CSV), 0), {
    name: "RangeError",
    message: /'rows' must be .*: current value is 0$/,
  });
  const iterator = readTablePieces(written("w.csv", CSV.repeat(9)), {
    rows: 9,
  });
  await iterator.next();
  Deno.writeTextFileSync(join(folder, "w.csv"), CSV, { append: true });
  await assert.rejects(Array.fromAsync(iterator), {
    name: "RangeError",
    message: /w.csv' as it must not be written while it is read$/,
  });
});

Deno.test("a training on pieces learns from all rows, the same for any number of workers", async () => {
  const path = written("train.csv", CSV);
  const read = () => readTablePieces(path, { rows: 2000 });
  const { value } = await read().next();
  const encoder = await TableEncoder.fit(value as Table);
  const weights = async (workers: number) => {
    await using mlp = new Mlp({ encoder, hidden: [4], workers });
    const history = await mlp.fit(async function* () {
      for await (const piece of read()) yield await encoder.samples(piece);
    }, { epochs: 2, batchSize: 100 });
    assert.equal(history.epochs.length, 2);
    return await mlp.weightsSha256();
  };
  assert.equal(await weights(1), await weights(2));
});
