/** Tables in Parquet, which parquet-rs wrote by way of parquet-wasm 0.7 and apache-arrow, or hyparquet-writer. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { checkPages } from "../../src/data/parquet_pages.ts";
import { checkRuns } from "../../src/data/parquet_runs.ts";
import { readTable, TableEncoder } from "../../mod.ts";

const FILES = fileURLToPath(new URL("parquet", import.meta.url));

const folder = Deno.makeTempDirSync();
Deno.test.afterAll(() => Deno.removeSync(folder, { recursive: true }));

type Columns = Parameters<typeof parquetWriteBuffer>[0]["columnData"];

/** Writes a file, and tells its path. */
function written(name: string, columnData: Columns, options = {}): string {
  const path = join(folder, name);
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
  Deno.writeFileSync(path, bytes);
  return path;
}

const refuses = (run: Promise<unknown>, message: string | RegExp) =>
  assert.rejects(run, { name: "RangeError", message });

const COLUMNS = [
  ...["id", "mass", "small", "unsigned", "species"],
  ...["adult", "day", "seen", "local"],
];

/** The row that the file was written with. */
function wantedRow(at: number): string[] {
  const time = new Date(1_600_000_000_000 + at * 1000).toISOString();
  const second = time.slice(0, 19);
  return [
    `${BigInt(at) + 9007199254740993n}`,
    at % 5 === 4 ? "" : `${at * 12.25 - 3}`,
    `${at - 30}`,
    `${4294967295 - at}`,
    at % 7 === 3 ? "" : ["Adelie", "Gentoo", "Chinstrap"][at % 3],
    `${at % 2 === 0}`,
    new Date(86_400_000 * (18_000 + at)).toISOString().slice(0, 10),
    at % 2 ? `${second}.250Z` : `${second}Z`,
    second,
  ];
}

Deno.test("Parquet of another program: integers, dates, dictionaries and nulls, packed by snappy and zstd", async () => {
  const rows = Array.from({ length: 20 }, (_, at) => wantedRow(at));
  for (const name of ["snappy", "zstd"]) {
    const table = await readTable(join(FILES, `${name}.parquet`));
    assert.deepEqual(table.columns, COLUMNS);
    assert.deepEqual(table.rows, rows);
    assert.deepEqual(table.lines, rows.map((_, at) => at + 1));
  }
});

Deno.test("a column that has lists is refused by its name, and an index that pandas wrote is left out", async () => {
  await refuses(
    readTable(join(FILES, "list.parquet")),
    /list.parquet' as column 'tags' must have one value in each row: it has a list, a map or a group$/,
  );
  const pandas = written("pandas.parquet", [
    { name: "a", data: [1, 2], type: "INT32" },
    { name: "y", data: [1.5, 2.5], type: "DOUBLE" },
    { name: "__index_level_0__", data: [0n, 1n], type: "INT64" },
  ]);
  const { columns } = await TableEncoder.fit(await readTable(pandas), {
    target: "y",
  });
  assert.deepEqual(columns, [{ name: "a", kind: "number", fill: [1.5] }]);
  const json = written("json.parquet", [
    { name: "x", data: [{ a: 1 }], type: "JSON" },
  ]);
  await refuses(readTable(json), /column 'x' must have one value .* has JSON$/);
  await refuses(
    readTable(
      written("empty.parquet", [{ name: "a", data: [], type: "INT32" }]),
    ),
    /empty.parquet' as there must be rows$/,
  );
  await refuses(
    readTable(written("inf.parquet", [
      { name: "a", data: [1, Infinity], type: "DOUBLE" },
    ])),
    /as 'row 2, a' must be text, a finite number, true, false or a date: current value is Infinity$/,
  );
});

Deno.test("row groups follow one another, NaN has no value, and pages are packed in any way but LZ4", async () => {
  const x = Float64Array.from(
    { length: 2500 },
    (_, at) => at % 9 ? at / 8 : NaN,
  );
  const kind = Array.from(x, (_, at) => `k${at % 3}`);
  const columns: Columns = [
    { name: "x", data: x, type: "DOUBLE" },
    { name: "kind", data: kind, type: "STRING" },
  ];
  const compressors = {
    ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)),
    GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)),
    LZ4_RAW: (bytes: Uint8Array) => bytes,
  };
  for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"]) {
    const options = { codec, compressors, rowGroupSize: 700 };
    const path = written(`${codec}.parquet`, columns, options);
    const { rows } = await readTable(path);
    assert.deepEqual(
      rows,
      kind.map((text, at) => [at % 9 ? `${at / 8}` : "", text]),
    );
    const packed = `${path}.gz`;
    Deno.writeFileSync(packed, gzipSync(Deno.readFileSync(path)));
    assert.deepEqual((await readTable(packed)).rows, rows);
  }
  await refuses(
    readTable(written("l.parquet", columns, { codec: "LZ4_RAW", compressors })),
    /l.parquet' as 'compression' must be uncompressed, snappy, gzip, brotli, zstd: current value is 'LZ4_RAW', write it anew, such as df\.to_parquet\(…, compression="zstd"\) of pandas$/,
  );
});

Deno.test("Parquet that is damaged is refused, and options of text are", async () => {
  const bytes = Deno.readFileSync(join(FILES, "zstd.parquet"));
  const path = join(folder, "damaged.parquet");
  for (
    const part of [bytes.slice(0, -1), bytes.slice(100), bytes.slice(0, 5)]
  ) {
    Deno.writeFileSync(path, part);
    await refuses(
      readTable(path),
      /damaged.parquet' as it must be whole Parquet: /,
    );
  }
  await assert.rejects(
    readTable(join(FILES, "zstd.parquet"), { badRows: "skip" }),
    { name: "TypeError", message: /'badRows' is not read with its format/ },
  );
  const small = written("small.parquet", [
    { name: "x", data: [1, 2, 3, 4], type: "INT32" },
    { name: "y", data: [true, false, false, true], type: "BOOLEAN" },
  ]);
  const encoder = await TableEncoder.fit(await readTable(small));
  assert.deepEqual(encoder.classNames, ["false", "true"]);
});

/** A page of two values, with statistics in its header: PageHeader of Thrift's compact protocol. */
const PAGE = [
  ...[0x15, 0, 0x15, 8, 0x15, 8], // a data page, 4 bytes unpacked and packed
  ...[0x2c, 0x15, 4, 0x15, 0, 0x15, 6, 0x15, 6], // 2 values, PLAIN, levels by RLE
  ...[0x1c, 0x18, 3, 65, 0, 15, 0x18, 2, 66, 67, 0x16, 0, 0], // greatest, least, nulls
  ...[0, 0, 1, 2, 3, 4],
];

Deno.test("pages with statistics are known by their headers, and those without a length refused", () => {
  checkPages(Uint8Array.from(PAGE), 2);
  checkPages(Uint8Array.from([...PAGE, ...PAGE]), 4);
  for (
    const [at, byte, message] of [
      [
        3,
        7,
        /length of an unpacked page must be from 0 to .*: current value is -4/,
      ],
      [5, 10, /length of a page must be from 0 to 4: current value is 5/],
      [8, 6, /values of a page must be from 0 to 2: current value is 3/],
      [4, 0x25, /length of a page .* current value is undefined/],
    ] as const
  ) {
    const bytes = Uint8Array.from(PAGE);
    bytes[at] = byte;
    assert.throws(() => checkPages(bytes, 2), { message });
  }
});

Deno.test("runs of a page have as many values as it says, each in the dictionary", () => {
  const [page] = checkPages(Uint8Array.from(PAGE), 2);
  const check = (bytes: number[], encoding = 8, optional = false) =>
    checkRuns(
      { ...page, encoding, values: 10 },
      Uint8Array.from(bytes),
      { optional, boolean: true },
      3,
    );
  // Of 2 bits, 1 nine times and a group of eight that begins with 2; and the same of cells of which all have a value.
  const runs = [2, 18, 1, 3, 0b10, 0];
  check(runs);
  check([...[2, 0, 0, 0], ...[20, 1], ...runs], 8, true);
  check([...[2, 0, 0, 0], ...[20, 1]], 3);
  for (
    const [bytes, message, encoding] of [
      [[2, 254, 255, 255, 255, 15, 1], /2147483647 values where 10 are left/],
      [[2, 255, 255, 255, 255, 15, 1], /17179869176 values where 522 are left/],
      [[2, 18, 1, 3, 0b11, 0], /place 3 in a dictionary of 3 values/],
      [[2, 20, 4], /4 has over 2 bits/],
      [[2, 18, 1], /runs of values end too early/],
      [[9, 0, 0, 0, 20, 1], /runs of 9 bytes in a page of 6/, 3],
    ] as [number[], RegExp, number?][]
  ) assert.throws(() => check(bytes, encoding), { message });
});

Deno.test("Parquet with any byte of its pages broken is refused or read, and never waits", async () => {
  const data = Array.from(
    { length: 40 },
    (_, at) => at === 5 ? null : at < 9 ? "red" : `b${at % 3}`,
  );
  for (const codec of ["UNCOMPRESSED", "SNAPPY"]) {
    const columns: Columns = [{ name: "kind", data, nullable: true }];
    const path = written("broken.parquet", columns, { codec });
    const bytes = Deno.readFileSync(path);
    const footer = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
    const end = bytes.length - 8 - footer;
    let refused = 0;
    for (let at = 4; at < end; at++) {
      for (const broken of [0xff, 0xfe]) {
        Deno.writeFileSync(path, bytes.with(at, broken));
        await readTable(path).catch((error) => {
          assert.equal(error.name, "RangeError", error.stack);
          assert.match(error.message, /^Cannot read '.*broken.parquet' as /);
          refused++;
        });
      }
    }
    assert.ok(refused > end, `${refused} of ${2 * end}`);
  }
});
