import { deflated } from "../runtime/deflate.ts";
import { crc32 } from "../runtime/inflate.ts";
import { joined } from "./protobuf.ts";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Length, type, data and checksum. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const all = joined([new Uint8Array(4), new TextEncoder().encode(type), data]);
  new DataView(all.buffer).setUint32(0, data.length);
  const sum = new DataView(new ArrayBuffer(4));
  sum.setUint32(0, crc32(all.subarray(4)));
  return joined([all, new Uint8Array(sum.buffer)]);
}

/**
 * Writes a PNG image in shades of gray, from 0 for black to 255.
 *
 * @param pixels Row after row, `width × height`.
 */
export async function grayPng(
  pixels: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  // 8 bits a pixel; all others are 0: gray, deflate, no filter, not interlaced.
  header.setUint8(8, 8);
  const rows = new Uint8Array(height * (width + 1));
  for (let row = 0; row < height; row++) {
    const from = pixels.subarray(row * width, (row + 1) * width);
    rows.set(from, row * (width + 1) + 1);
  }
  return joined([
    SIGNATURE,
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("IDAT", await deflated(rows)),
    chunk("IEND", new Uint8Array()),
  ]);
}
