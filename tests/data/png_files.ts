/** Writes PNG files of every kind for tests, without the package that reads them. */
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

/** Channels of a pixel by the color type of the PNG specification, table 11.1. */
export const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** What {@linkcode pngFile} writes. */
export interface PngFile {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 gray, 2 color, 3 palette, 4 gray and alpha, 6 color and alpha. */
  readonly colorType: keyof typeof CHANNELS;
  /** Channels of the pixels, row by row, from 0 to `2^depth - 1`. */
  readonly values: readonly number[];
  /** Red, green, blue of each entry. */
  readonly palette?: readonly number[];
  /** Bytes of the chunk tRNS. */
  readonly transparency?: readonly number[];
  readonly interlaced?: boolean;
  /** How the rows are filtered, one after another and again from the first. Default: not at all */
  readonly filters?: readonly number[];
  /** Chunks before the pixels: type and data. */
  readonly extras?: readonly (readonly [string, Uint8Array])[];
  /** Packed pixels in place of those of the values. */
  readonly packed?: Uint8Array;
}

/** Where the pixels of each pass of an interlaced image are in every block of 8 × 8, as the specification draws it. */
const PASSES = [
  ...["16462646", "77777777", "56565656", "77777777"],
  ...["36463646", "77777777", "56565656", "77777777"],
];

/** Columns of the pixels that each row of each pass has. */
function lines(file: PngFile): [row: number, columns: number[]][][] {
  const passes = file.interlaced ? [..."1234567"] : ["all"];
  return passes.map((pass) =>
    Array.from({ length: file.height }, (_, row): [number, number[]] => [
      row,
      Array.from({ length: file.width }, (_, column) => column)
        .filter((column) =>
          pass === "all" || PASSES[row % 8][column % 8] === pass
        ),
    ]).filter(([_, columns]) => columns.length > 0)
  );
}

/** What is subtracted from a byte by each filter, by the bytes to the left, above, and above to the left. */
const PREDICTIONS: ((a: number, b: number, c: number) => number)[] = [
  () => 0,
  (a) => a,
  (_, b) => b,
  (a, b) => Math.floor((a + b) / 2),
  (a, b, c) => {
    const distance = (value: number) => Math.abs(a + b - c - value);
    // The order counts where several are equally near.
    return [b, c].reduce(
      (best, value) => distance(value) < distance(best) ? value : best,
      a,
    );
  },
];

/** The rows of the image as bytes, filtered. */
function rowBytes(file: PngFile): number[] {
  const { width, depth, values, filters = [0] } = file;
  const channels = CHANNELS[file.colorType];
  const step = Math.ceil(channels * depth / 8);
  let count = 0;
  return lines(file).flatMap((pass) => {
    let above: number[] = [];
    return pass.flatMap(([row, columns]) => {
      const bits = columns.flatMap((column) => {
        const at = (row * width + column) * channels;
        return values.slice(at, at + channels);
      }).map((value) => value.toString(2).padStart(depth, "0")).join("");
      const bytes = (bits.match(/.{1,8}/g) ?? [])
        .map((byte) => parseInt(byte.padEnd(8, "0"), 2));
      const filter = filters[count++ % filters.length];
      const predict = PREDICTIONS[filter] ?? PREDICTIONS[0];
      const filtered = bytes.map((byte, at) =>
        byte -
        predict(bytes[at - step] ?? 0, above[at] ?? 0, above[at - step] ?? 0)
      );
      above = bytes;
      return [filter, ...filtered.map((byte) => byte & 255)];
    });
  });
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.concat([
    Buffer.alloc(4),
    Buffer.from(type),
    data,
    Buffer.alloc(4),
  ]);
  bytes.writeUInt32BE(data.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

/** Writes every value with `depth` bits, the highest first, every row from a byte of its own. */
export function pngFile(file: PngFile): Uint8Array<ArrayBuffer> {
  const { width, height, depth, colorType, extras = [] } = file;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colorType, 0, 0, file.interlaced ? 1 : 0], 8);
  const { palette, transparency } = file;
  return new Uint8Array(Buffer.concat([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    palette ? chunk("PLTE", Uint8Array.from(palette)) : Buffer.alloc(0),
    transparency
      ? chunk("tRNS", Uint8Array.from(transparency))
      : Buffer.alloc(0),
    ...extras.map(([type, data]) => chunk(type, data)),
    chunk("IDAT", file.packed ?? deflateSync(Uint8Array.from(rowBytes(file)))),
    chunk("IEND", Buffer.alloc(0)),
  ]));
}
