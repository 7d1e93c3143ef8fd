import { isMistake, WrongValueError } from "../checks/errors.ts";
import { type Contents, namedBytes } from "./contents.ts";
import { yieldToEventLoop } from "../runtime/event_loop.ts";
import { type Packing, unpackedPieces } from "../runtime/inflate.ts";

/** Bytes that are unpacked at a time. They become 4 MB at most, within some ms: the stream keeps what came of a piece. */
const PIECE_BYTES = 4096;

/** Bytes that there is room for at first: a small file may unpack to much, but few do. */
const FIRST_BYTES = 1 << 20;

/** What a byte can become by deflate: a repetition of 258 bytes takes two bits. */
const MOST_RATIO = 1032;

/** Milliseconds of work after which timers and I/O get their turn. */
const SLICE_MILLISECONDS = 3;

/** What a file is packed by, for errors. */
const NAMES: Readonly<Record<Packing, string>> = {
  gzip: "gzip",
  deflate: "zlib",
};

/** Hands out bytes in pieces, as they are asked for. */
function* inPieces(
  bytes: Uint8Array<ArrayBuffer>,
): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield bytes.subarray(at, at + PIECE_BYTES);
  }
}

/**
 * Unpacks pieces that gzip packed, one after another, however many there are; others it hands on as they are.
 *
 * @param name Of the file, for errors.
 *
 * @throws {RangeError} If the name ends in `.gz` and the data isn't packed, or the data is damaged.
 */
export async function* unpackedStream(
  name: string,
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array> {
  const all = pieces[Symbol.asyncIterator]();
  const first = await all.next();
  async function* again() {
    if (first.done) return;
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => all };
  }
  if (!first.done && !isPacked(first.value) && !/\.gz$/i.test(name)) {
    return yield* again();
  }
  try {
    yield* unpackedPieces(again(), "gzip");
  } catch (cause) {
    if (isMistake(cause)) throw cause;
    throw damaged(name, "gzip", cause);
  }
}

function damaged(name: string, format: Packing, cause: unknown) {
  return new WrongValueError(
    `Cannot read '${name}' as it must be whole ${NAMES[format]} data: ${
      (cause as Error).message
    }`,
    { cause },
  );
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
  format: Packing,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const room = Math.min(most, bytes.length * MOST_RATIO);
  let unpacked = new Uint8Array(Math.min(room, FIRST_BYTES));
  let length = 0;
  let before = performance.now();
  try {
    for await (const piece of unpackedPieces(inPieces(bytes), format)) {
      const part = piece.subarray(0, room - length);
      if (length + part.length > unpacked.length) {
        const more = Math.max(2 * unpacked.length, length + part.length);
        const larger = new Uint8Array(Math.min(more, room));
        larger.set(unpacked.subarray(0, length));
        unpacked = larger;
      }
      unpacked.set(part, length);
      length += part.length;
      if (length === room) break;
      if (performance.now() - before < SLICE_MILLISECONDS) continue;
      await yieldToEventLoop();
      before = performance.now();
    }
  } catch (cause) {
    throw damaged(name, format, cause);
  }
  return unpacked.subarray(0, length);
}

/** The contents of a file, and its name for errors. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the start of a file says of its length. */
export interface Announced {
  /** Bytes from the start on that say it. */
  readonly start: number;
  /** How many bytes the whole file must have, by those at its start. */
  readonly length: (start: NamedBytes) => number;
}

/** Where nothing announces a length, what a file may unpack to: tables become a tenth, seldom a fiftieth. */
const LIKELY_RATIO = 200;
const LIKELY_BYTES = 1 << 26;

/** Whether these are data that gzip packed: neither text in UTF-8 nor a format that is read here begins so. */
const isPacked = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Unpacks what gzip packed, and leaves all else as it is. No more is unpacked than the start of the file announces, and one
 * byte to see whether that is all.
 *
 * @throws {RangeError} If the name ends in `.gz` and the data isn't packed, the data is damaged, or there is more than was
 * announced.
 */
export async function unpacked(
  file: NamedBytes & { readonly bytes: Uint8Array<ArrayBuffer> },
  announced?: Announced,
): Promise<NamedBytes> {
  const { name, bytes: packed } = file;
  if (!isPacked(packed) && !/\.gz$/i.test(name)) return file;
  let most = Math.max(LIKELY_BYTES, LIKELY_RATIO * packed.length);
  if (announced !== undefined) {
    const start = await unpack(name, packed, "gzip", announced.start);
    most = announced.length({ name, bytes: start });
  }
  const bytes = await unpack(name, packed, "gzip", most + 1);
  if (bytes.length <= most) return { name, bytes };
  throw new WrongValueError(
    `Cannot read '${name}' as its length must be ${most} bytes${
      announced === undefined ? " or less" : ""
    } unpacked: current value is more`,
  );
}

/**
 * Reads a file or what else has contents, and unpacks it if gzip packed it.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {TypeError} If it is nothing that can be read.
 * @throws {RangeError} If it is no file, the server's answer is an error, or compressed data are damaged.
 * @throws {StateError} If a stream was read before.
 */
export async function readContents(
  action: string,
  source: Contents,
  announced?: Announced,
): Promise<NamedBytes> {
  return await unpacked(await namedBytes(action, source), announced);
}
