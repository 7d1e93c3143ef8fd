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
  /** 0 grey, 2 color, 3 palette, 4 grey and alpha, 6 color and alpha. */
  readonly colorType: keyof typeof CHANNELS;
  /** Channels of the pixels, row by row, from 0 to `2^depth - 1`. */
  readonly values: readonly number[];
  /** Red, green, blue of each entry. */
  readonly palette?: readonly number[];
  /** Bytes of the chunk tRNS. */
  readonly transparency?: readonly number[];
  /** Only noted in the header. */
  readonly interlaced?: boolean;
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

/** Writes every value with `depth` bits, the highest first, every row from a byte of its own after a filter of none. */
export function pngFile(file: PngFile): Uint8Array<ArrayBuffer> {
  const { width, height, depth, colorType, values } = file;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colorType, 0, 0, file.interlaced ? 1 : 0], 8);
  const ofRow = width * CHANNELS[colorType];
  const rows = Array.from({ length: height }, (_, row) => {
    const bits = values.slice(row * ofRow, (row + 1) * ofRow)
      .map((value) => value.toString(2).padStart(depth, "0")).join("");
    const bytes = bits.match(/.{1,8}/g) ?? [];
    return [0, ...bytes.map((byte) => parseInt(byte.padEnd(8, "0"), 2))];
  });
  const { palette, transparency } = file;
  return new Uint8Array(Buffer.concat([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    palette ? chunk("PLTE", Uint8Array.from(palette)) : Buffer.alloc(0),
    transparency
      ? chunk("tRNS", Uint8Array.from(transparency))
      : Buffer.alloc(0),
    chunk("IDAT", deflateSync(Uint8Array.from(rows.flat()))),
    chunk("IEND", Buffer.alloc(0)),
  ]));
}
