import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";

/** The magic numbers of the two formats. */
const STARTS = {
  gzip: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3],
  deflate: [0x78, 0x9c],
} as const;

/** Bytes of a part, which is packed once and repeated. */
const PART_BYTES = 1 << 20;

/** A small file that unpacks to `start` and about `zeros` bytes of zeros behind it. Its end, with the checksum, is missing. */
export function bomb(
  format: keyof typeof STARTS,
  start: Uint8Array,
  zeros: number,
): Uint8Array<ArrayBuffer> {
  // A full flush makes a part that stands for the same wherever it is.
  const pack = (bytes: Uint8Array) =>
    deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
  const part = pack(new Uint8Array(PART_BYTES));
  const parts = Array<Uint8Array>(Math.ceil(zeros / PART_BYTES)).fill(part);
  return new Uint8Array(
    Buffer.concat([Uint8Array.from(STARTS[format]), pack(start), ...parts]),
  );
}
