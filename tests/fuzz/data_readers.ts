/** The readers of data: images, arrays and tables. */
import { crc32, deflateSync, gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { parseCsv } from "../../src/data/csv.ts";
import { decodeIdx, idxAnnounced, idxSamples } from "../../src/data/idx.ts";
import { decodeNpy, encodeNpy, type NpyArray } from "../../src/data/npy.ts";
import { decodePng } from "../../src/data/png.ts";
import { decodeArray } from "../../src/data/formats.ts";
import { parseJsonLines } from "../../src/data/json_table.ts";
import { tableIn } from "../../src/data/read_table.ts";
import { unpacked } from "../../src/data/unpack.ts";
import { TableEncoder } from "../../src/data/table_encoder.ts";
import { type PngFile, pngFile } from "../data/png_files.ts";
import type { FuzzedReader } from "./outcome.ts";

/** Two images of 2 × 3 pixels, and their labels. */
const IMAGES = Uint8Array.from([
  ...[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3],
  ...[0, 255, 51, 102, 1, 2, 3, 4, 5, 6, 7, 8],
]);
const LABELS = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 9, 0]);

const asImages = (bytes: Uint8Array, name: string) =>
  idxSamples({ name, bytes }, { name: "labels", bytes: LABELS }, 10);

const gzip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

const unpackedImages = async (bytes: Uint8Array<ArrayBuffer>, name: string) =>
  (await unpacked({ name, bytes }, idxAnnounced("images"))).bytes;

const PICTURE: PngFile = {
  ...{ width: 5, height: 3, depth: 8, colorType: 2 },
  values: Array.from({ length: 45 }, (_, at) => at * 5),
  filters: [1, 2, 4],
};

const PICTURES: readonly PngFile[] = [
  PICTURE,
  { ...PICTURE, interlaced: true, filters: [3] },
  {
    ...{ ...PICTURE, depth: 4, colorType: 3 },
    values: Array.from({ length: 15 }, (_, at) => at % 3),
    palette: [0, 0, 0, 255, 0, 0, 9, 9, 255],
    transparency: [0, 7],
  },
  {
    ...{ ...PICTURE, depth: 16, colorType: 0 },
    values: Array.from({ length: 15 }, (_, at) => at * 4000),
    transparency: [0, 0],
    extras: [["tEXt", Uint8Array.of(65, 0, 66)]],
  },
];

const readPicture = (bytes: Uint8Array, name: string) =>
  decodePng(bytes, { name, width: 5, height: 3 });

/** The file with the checksums of its chunks corrected, as far as it has chunks. */
function withChecksums(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const mended = bytes.slice();
  const view = new DataView(mended.buffer);
  for (let at = 8; at + 12 <= mended.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > mended.length) break;
    view.setUint32(end, crc32(mended.subarray(at + 4, end)));
    at = end + 4;
  }
  return mended;
}

const TABLES = [
  "size,color,price\n1,red,2.5\n2,blue,3\n7,red,4e2\n-0.5,blue,5\n",
  'a;b;"c ""d"""\r\n1;2020-01-05;x\r\n2;2020-02-06;"y\nz"\r\n',
  "1\t2\t3\n4\t5\t6\n7\t8\t9\n",
].map((text) => new TextEncoder().encode(text));

const RECORDS = [
  '{"size":1,"color":"red","price":2.5}\n{"size":2,"price":3e2}\n',
  '{"a":true,"b":"x\\n"}\n\n{"a":false,"b":null,"c":12345678901234567890}\n',
];

const text = (parts: readonly string[]) =>
  parts.map((part) => new TextEncoder().encode(part));

/** A table in Parquet, packed or not. */
const parquet = (codec: "SNAPPY" | "UNCOMPRESSED") =>
  new Uint8Array(parquetWriteBuffer({
    codec,
    rowGroupSize: 3,
    columnData: [
      { name: "n", data: [1.5, null, -2, 3], type: "DOUBLE", nullable: true },
      { name: "kind", data: ["red", "blue", "red", "é"], type: "STRING" },
      { name: "on", data: [true, false, true, true], type: "BOOLEAN" },
      { name: "id", data: [1n, 2n, 3n, 2n ** 60n], type: "INT64" },
    ],
  }));

/** Texts that come again, by their places in a dictionary. */
const dictionary = new Uint8Array(parquetWriteBuffer({
  codec: "UNCOMPRESSED",
  columnData: [{
    name: "kind",
    data: Array.from({ length: 40 }, (_, at) => at < 9 ? "red" : `b${at % 3}`),
  }],
}));

/** An array may hold NaN, as in NumPy; but always as many values as the shape says. */
function isArray(result: unknown): boolean {
  const { shape, values } = result as NpyArray;
  return shape.every((size) => Number.isSafeInteger(size) && size >= 0) &&
    values.length === shape.reduce((all, size) => all * size, 1);
}

/** A file of NumPy whose header goes up to the first end of a line, whatever is in it. */
function withHeader(text: Uint8Array): Uint8Array {
  const length = text.indexOf(10) + 1;
  return Uint8Array.from([
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8],
    ...text,
  ]);
}

/** The readers of data. */
export const DATA_READERS: readonly FuzzedReader[] = [
  {
    name: "fuzzed.idx3-ubyte",
    read: asImages,
    files: [IMAGES],
  },
  {
    name: "fuzzed.idx1-ubyte",
    read: (bytes, name) =>
      idxSamples({ name: "images", bytes: IMAGES }, { name, bytes }, 10),
    files: [LABELS],
  },
  {
    name: "predict.idx3-ubyte",
    read: (bytes, name) => decodeIdx({ name, bytes }, "images"),
    files: [IMAGES],
  },
  {
    name: "fuzzed.idx3-ubyte.gz",
    read: async (bytes, name) =>
      asImages(await unpackedImages(bytes, name), name),
    files: [gzip(IMAGES)],
    // Every bit counts, and the checksum tells.
    minimumRead: 0,
  },
  {
    name: "packed.idx3-ubyte.gz",
    read: async (bytes, name) =>
      asImages(await unpackedImages(gzip(bytes), name), name),
    files: [IMAGES],
  },
  {
    name: "fuzzed.png",
    read: readPicture,
    files: PICTURES.map(pngFile),
  },
  {
    name: "mended.png",
    read: (bytes, name) => readPicture(withChecksums(bytes), name),
    files: PICTURES.map(pngFile),
  },
  {
    name: "packed.png",
    read: (bytes, name) =>
      readPicture(pngFile({ ...PICTURE, packed: deflateSync(bytes) }), name),
    files: [Uint8Array.from({ length: 48 }, (_, at) => at % 16 ? at : at / 16)],
  },
  {
    name: "fuzzed.npy",
    read: (bytes, name) => decodeNpy(bytes, { name }),
    files: [
      encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
      encodeNpy(new Float32Array(), [0, 4]),
    ],
    isRight: isArray,
  },
  {
    name: "packed.npy.gz",
    read: (bytes, name) =>
      decodeArray({ name, bytes: gzip(bytes) }, "npy", "inputs"),
    files: [encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])],
    isRight: isArray,
  },
  {
    name: "header.npy",
    read: (bytes, name) => decodeNpy(withHeader(bytes), { name }),
    files: [
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }\nabcdef",
      "{'shape':(2,1,2),'descr':\">f2\",'fortran_order':True}\nabcdefgh",
    ].map((text) => new TextEncoder().encode(text)),
    isRight: isArray,
  },
  {
    name: "fuzzed.csv",
    read: async (bytes, name) => {
      const table = await parseCsv(bytes, { name });
      const encoder = await TableEncoder.fit(table);
      return [table.rows, await encoder.samples(table)];
    },
    files: TABLES,
  },
  {
    name: "fuzzed.jsonl",
    read: (bytes, name) => parseJsonLines(bytes, { name }),
    files: text(RECORDS),
  },
  {
    name: "fuzzed.parquet",
    read: (bytes, name) => tableIn({ name, bytes }, "parquet", {}),
    files: [parquet("SNAPPY"), parquet("UNCOMPRESSED"), dictionary],
  },
  {
    name: "fuzzed.json",
    read: (bytes, name) => tableIn({ name, bytes }, "json", {}),
    files: text(
      RECORDS.map((part) => `[${part.trim().replaceAll(/\n+/g, ",\n")}]`),
    ),
  },
];
