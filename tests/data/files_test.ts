/** Functions that take a path: same results as those that take contents, plain or compressed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import {
  decodePng,
  encodeNpy,
  parseCsv,
  readNpy,
  readPng,
  readTable,
} from "../../mod.ts";
import { requireFrugal } from "../fuzz/outcome.ts";
import { bomb } from "./bomb.ts";
import { pngFile } from "./png_files.ts";

const folder = Deno.makeTempDirSync();
Deno.test.afterAll(() => Deno.removeSync(folder, { recursive: true }));

/** Writes a file, and tells its path. */
function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  Deno.writeFileSync(path, bytes);
  return path;
}

const gzip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

const TEXT = new TextEncoder().encode("size;kind\n1;a\n2;b\n");
const ARRAY = encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);

/** 3 × 2 pixels, light on dark. */
const SIZE = { width: 3, height: 2, depth: 8, colorType: 0 } as const;
const PICTURE = pngFile({ ...SIZE, values: [0, 0, 0, 0, 51, 0] });
const OTHER = pngFile({ ...SIZE, values: [0, 0, 0, 102, 0, 0] });

Deno.test("readTable() reads what parseCsv() parses, from a path or a URL, plain or compressed", async () => {
  const plain = written("t.txt", TEXT);
  const packed = written("t.csv.gz", gzip(TEXT));
  const renamed = written("packed.csv", gzip(TEXT));
  const { rows, columns } = await parseCsv(TEXT);
  assert.deepEqual(rows, [["1", "a"], ["2", "b"]]);
  for (const path of [plain, pathToFileURL(plain), packed, renamed]) {
    const table = await readTable(path);
    assert.deepEqual([table.rows, table.columns], [rows, columns]);
  }
  assert.equal((await readTable(packed)).name, packed);
  const { columns: one } = await readTable(plain, { delimiter: "|" });
  assert.deepEqual(one, ["size;kind"]);
});

Deno.test("readNpy() reads an array, plain or compressed, of which it unpacks what is announced", async () => {
  const shape = [3, 2];
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  for (const path of [written("x.npy", ARRAY), written("x.gz", gzip(ARRAY))]) {
    assert.deepEqual(await readNpy(path), { shape, values });
  }
  const path = written("bomb.npy.gz", bomb("gzip", ARRAY, 2 ** 31));
  await assert.rejects(requireFrugal(() => readNpy(path)), {
    name: "RangeError",
    message:
      `Cannot read '${path}' as its length must be 152 bytes unpacked: current value is more`,
  });
});

Deno.test("readPng() reads one image or several of one size", async () => {
  const [a, b] = [written("a.png", PICTURE), written("b.png", OTHER)];
  const one = await readPng(a);
  assert.deepEqual(one, await decodePng(PICTURE));
  const two = await readPng([a, b], { width: 3, height: 2, invert: true });
  assert.deepEqual([two.count, two.width, two.height], [2, 3, 2]);
  const wanted = [1, 1, 1, 1, 0.8, 1, 1, 1, 1, 0.6, 1, 1];
  assert.deepEqual([...two.x], wanted.map((v) => Math.fround(v)));
  const large = written("c.png", pngFile({ ...SIZE, width: 6, values: [] }));
  await assert.rejects(readPng([a, large]), {
    name: "RangeError",
    message:
      `Cannot read '${large}' as its size must be 3 × 2 pixels: current value is 6 × 2`,
  });
  await assert.rejects(readPng([]), {
    name: "RangeError",
    message:
      "Cannot read a PNG image as 'paths' must be a path, or an array with one or more: current value is []",
  });
});

Deno.test("what takes a path names the file that is missing, damaged or a bomb", async () => {
  const readers = { ".csv": readTable, ".npy": readNpy, ".png": readPng };
  for (const [ending, read] of Object.entries(readers)) {
    const missing = join(folder, `no${ending}`);
    await assert.rejects(read(missing), (error: Error) => {
      assert.ok(error instanceof Deno.errors.NotFound);
      const why = `Cannot read '${missing}' as there is no such file`;
      assert.equal(error.message, why);
      return true;
    });
    const damaged = written(`damaged${ending}.gz`, gzip(TEXT).slice(0, -9));
    await assert.rejects(read(damaged), {
      name: "RangeError",
      message: new RegExp(`^Cannot read '${damaged}' as it must be whole gzip`),
    });
    await assert.rejects(read(5 as unknown as string), {
      name: "TypeError",
      message:
        /'path' must be a path, a URL, a File, a Response or a stream of bytes: current value is 5$/,
    });
  }
  const plain = written("plain.csv.gz", TEXT);
  await assert.rejects(readTable(plain), {
    message: /plain.csv.gz' as it must be whole gzip data: /,
  });
  const path = written("bomb.csv.gz", bomb("gzip", TEXT, 2 ** 31));
  await assert.rejects(readTable(path), {
    name: "RangeError",
    message: /bytes or less unpacked: current value is more$/,
  });
});

Deno.test("a table comes from what fetch() returns, or from a stream of bytes", async () => {
  const expected = await readTable(written("a.csv", TEXT));
  const json = '[{"size":1,"kind":"a"},{"size":2,"kind":"b"}]';
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) =>
      url.endsWith("/sizes.csv.gz")
        ? new Response(gzip(TEXT))
        : url.endsWith("/sizes")
        ? Response.json(JSON.parse(json))
        : new Response("no", { status: 404, statusText: "Not Found" }),
  );
  const address = `http://127.0.0.1:${server.addr.port}`;
  const { rows, columns } = expected;
  for (
    const source of [
      await fetch(`${address}/sizes.csv.gz`),
      await fetch(`${address}/sizes`),
      new Blob([TEXT]).stream(),
      // In pieces of a byte, and packed.
      ReadableStream.from([...gzip(TEXT)].map((byte) => Uint8Array.of(byte))),
      new Response(TEXT),
    ]
  ) {
    const found = await readTable(source);
    assert.deepEqual([found.columns, found.rows], [columns, rows]);
  }
  await assert.rejects(readTable(await fetch(`${address}/none.csv`)), {
    name: "RangeError",
    message:
      `Cannot read a table as the server must send it: its answer is 404 Not Found ${address}/none.csv`,
  });
  const read = new Response(TEXT);
  await readTable(read);
  await assert.rejects(readTable(read), {
    name: "Error",
    message:
      "Cannot read a table as 'response' must not have been read before: a stream, or the body of a response, is read once",
  });
  const texts = ReadableStream.from(["size;kind\n", "1;a\n"]);
  await assert.rejects(readTable(texts as unknown as ReadableStream), {
    name: "TypeError",
    message: /^Cannot read a table as 'stream' must be a stream of Uint8Arrays/,
  });
});
