/** What unpacks and checks compressed data. */
import { builtin } from "./builtins.ts";

const zlib = builtin("node:zlib");

/** What compressed data are packed by. */
export type Packing = "gzip" | "deflate";

/**
 * Unpacks pieces one after another. Data of gzip may have several members, one after another, as of `cat a.gz b.gz`; in a
 * page they may not, and are refused.
 */
export function unpackedPieces(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  format: Packing,
): AsyncIterable<Uint8Array> {
  const stream = builtin("node:stream");
  return format === "gzip" && zlib !== undefined && stream !== undefined
    ? stream.pipeline(
      stream.Readable.from(pieces),
      zlib.createGunzip(),
      () => {},
    )
    : piecesOf(
      streamOf(pieces).pipeThrough(new DecompressionStream(format)),
    );
}

/** A stream of pieces. Chromium has no `ReadableStream.from`. */
function streamOf(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = Symbol.asyncIterator in pieces
    ? pieces[Symbol.asyncIterator]()
    : pieces[Symbol.iterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** Pieces of a stream. Not every browser goes through streams by `for await`. */
async function* piecesOf<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** What unpacks all at once into `length` bytes or fewer, by the names that Parquet has for it; nothing in a page. */
export const UNPACKERS: Readonly<
  Record<string, (bytes: Uint8Array, length: number) => Uint8Array>
> = zlib === undefined ? {} : {
  GZIP: (bytes, maxOutputLength) => zlib.gunzipSync(bytes, { maxOutputLength }),
  BROTLI: (bytes, maxOutputLength) =>
    zlib.brotliDecompressSync(bytes, { maxOutputLength }),
  ...(zlib.zstdDecompressSync === undefined ? {} : {
    ZSTD: (bytes: Uint8Array, maxOutputLength: number) =>
      zlib.zstdDecompressSync(bytes, { maxOutputLength }),
  }),
};

/** The polynomial of CRC-32, bits reversed. */
const POLYNOMIAL = 0xedb8_8320;

/** The checksum of PNG and gzip. */
export function crc32(bytes: Uint8Array): number {
  if (zlib?.crc32 !== undefined) return zlib.crc32(bytes);
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = (sum >>> 1) ^ (sum & 1 ? POLYNOMIAL : 0);
    }
  }
  return ~sum >>> 0;
}
