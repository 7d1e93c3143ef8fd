/** [TFRecord](https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details): how TensorBoard's files frame what is in them. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) {
    sum = sum & 1 ? sum >>> 1 ^ 0x82f63b78 : sum >>> 1;
  }
  return sum;
});

/** The checksum CRC-32C of RFC 3720. */
function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ sum >>> 8;
  return ~sum >>> 0;
}

/** A checksum of bytes that have checksums in them: turned, and a constant added. */
function masked(sum: number): number {
  return ((sum >>> 15 | sum << 17) + 0xa282ead8) >>> 0;
}

/** Length, its checksum, the bytes, their checksum; all little-endian. */
export function record(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes.length + 16);
  const view = new DataView(all.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(8, masked(crc32c(all.subarray(0, 8))), true);
  all.set(bytes, 12);
  view.setUint32(12 + bytes.length, masked(crc32c(bytes)), true);
  return all;
}
