import { yieldToEventLoop } from "../slices/yield_to_event_loop.ts";
import { WrongValueError } from "../checks/errors.ts";

/** Bytes that are unpacked at a time. They become 4 MB at most, within some ms: the stream keeps what came of a piece. */
const PIECE_BYTES = 4096;

/** What a byte can become by deflate: a repetition of 258 bytes takes two bits. */
const MOST_RATIO = 1032;

/** Milliseconds of work after which timers and I/O get their turn. */
const SLICE_MILLISECONDS = 3;

/** What a file is packed by, for errors. */
const NAMES = { gzip: "gzip", deflate: "zlib" } as const;

/** Hands out bytes in pieces, as they are asked for. */
function inPieces(
  bytes: Uint8Array<ArrayBuffer>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, at += PIECE_BYTES));
    },
  }, { highWaterMark: 0 });
}

/**
 * Unpacks up to `most` bytes, and leaves the rest: a small file may unpack to more than there is memory. Whether the data
 * is whole shows only if it ends before.
 *
 * @param name Of the file, for errors.
 *
 * @throws {RangeError} If the data is damaged.
 */
export async function unpack(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  format: keyof typeof NAMES,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const unpacked = new Uint8Array(Math.min(most, bytes.length * MOST_RATIO));
  let length = 0;
  let before = performance.now();
  try {
    const stream = inPieces(bytes).pipeThrough(new DecompressionStream(format));
    for await (const piece of stream) {
      const part = piece.subarray(0, unpacked.length - length);
      unpacked.set(part, length);
      length += part.length;
      if (length === unpacked.length) break;
      if (performance.now() - before < SLICE_MILLISECONDS) continue;
      await yieldToEventLoop();
      before = performance.now();
    }
  } catch (cause) {
    throw new WrongValueError(
      `Cannot read '${name}' as it must be whole ${NAMES[format]} data: ${
        (cause as Error).message
      }`,
      { cause },
    );
  }
  return unpacked.subarray(0, length);
}
