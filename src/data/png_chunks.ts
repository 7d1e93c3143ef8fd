/** The parts of a PNG file: those that a picture is made of are checked, all others are skipped and never unpacked. */
import { WrongValueError } from "../checks/errors.ts";
import { crc32 } from "../runtime/inflate.ts";

/** How every PNG image begins: signature, length and type of the header. */
// deno-fmt-ignore
const START = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52);

/** Bytes of the signature, after which the chunks come. */
const SIGNATURE_BYTES = 8;

/** Bytes up to the end of the header's data. */
const HEADER_BYTES = 29;

/** Bytes of a chunk beside its data: length, type and checksum. */
const FRAME_BYTES = 12;

/** Channels of a pixel, and bits that they may have, by the color type of the specification. */
const COLOR_TYPES: Readonly<Record<number, readonly [number, number[]]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]],
};

/** The color type of an image whose pixels are numbers of colors. */
const PALETTE = 3;

/** Chunks of which there is one at most. */
const SINGLE = ["IHDR", "PLTE", "tRNS", "IEND"];

/** What a header says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a channel. */
  readonly depth: number;
  readonly channels: number;
  readonly hasPalette: boolean;
  readonly isInterlaced: boolean;
}

/** What a picture is made of beside the header. */
export interface PngParts {
  /** Packed pixels. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Red, green and blue of each entry. */
  readonly palette: Uint8Array;
  /** Alpha of the first entries, or the one color that stands for transparent pixels. */
  readonly transparency: Uint8Array | undefined;
}

/** `Cannot read 'NAME' as its WHAT must be WANTED: current value is FOUND` */
export function refuse(
  name: string,
  what: string,
  wanted: string,
  found: string | number,
): never {
  throw new WrongValueError(
    `Cannot read '${name}' as its ${what} must be ${wanted}: current value is ${found}`,
  );
}

/**
 * Reads the header.
 *
 * @throws {RangeError} If the file is no PNG image, or of a kind that there is not.
 */
export function pngHeader(bytes: Uint8Array, name: string): PngHeader {
  const start = bytes.subarray(0, START.length);
  if (START.some((byte, at) => byte !== start[at])) {
    const hex = (from: Uint8Array) =>
      Array.from(from, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const wanted = `${hex(START)} as of a PNG image`;
    refuse(name, "start", wanted, hex(start) || "empty");
  }
  if (bytes.length < HEADER_BYTES) {
    refuse(name, "length", `${HEADER_BYTES} bytes or more`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [depth, colorType, compression, filters, interlacing] = bytes
    .subarray(24, HEADER_BYTES);
  const kind = COLOR_TYPES[colorType];
  if (kind === undefined) {
    refuse(name, "color type", "0, 2, 3, 4 or 6", colorType);
  }
  const [channels, depths] = kind;
  if (!depths.includes(depth)) {
    const wanted = `${depths.slice(0, -1).join(", ")} or ${depths.at(-1)} bits`;
    refuse(name, "depth", `${wanted} as of color type ${colorType}`, depth);
  }
  if (compression !== 0) refuse(name, "compression", "0", compression);
  if (filters !== 0) refuse(name, "method of filters", "0", filters);
  if (interlacing > 1) refuse(name, "interlacing", "0 or 1", interlacing);
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth,
    channels,
    hasPalette: colorType === PALETTE,
    isInterlaced: interlacing === 1,
  };
}

/** The chunks that matter for a picture, with their data. */
function* chunks(
  bytes: Uint8Array,
  name: string,
): Generator<readonly [type: string, data: Uint8Array]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE_BYTES;;) {
    const left = bytes.length - at - FRAME_BYTES;
    if (left < 0) refuse(name, "last chunk", "IEND", "the end of the file");
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    // The file may say anything: only letters are shown.
    if (!/^[A-Za-z]{4}$/.test(type)) {
      refuse(name, `chunk at byte ${at}`, "named by 4 letters", "others");
    }
    if (length > left) {
      refuse(name, `chunk ${type}`, `${length} bytes long`, `${left} bytes`);
    }
    const end = at + 8 + length;
    // A small first letter means that the picture can be shown without it, as with color profiles, texts and dates.
    if (/^[A-Z]|^tRNS$/.test(type)) {
      const [wanted, found] = [
        view.getUint32(end),
        crc32(bytes.subarray(at + 4, end)),
      ].map((sum) => `0x${sum.toString(16).padStart(8, "0")}`);
      if (found !== wanted) {
        refuse(name, `checksum of chunk ${type}`, wanted, found);
      }
      yield [type, bytes.subarray(at + 8, end)];
    }
    if (type === "IEND") return;
    at = end + 4;
  }
}

/**
 * Gathers what the picture is made of.
 *
 * @throws {RangeError} If a chunk is damaged, missing or of an unknown kind.
 */
export function pngParts(bytes: Uint8Array, name: string): PngParts {
  const pixels: Uint8Array[] = [];
  const single: Record<string, Uint8Array> = {};
  for (const [type, data] of chunks(bytes, name)) {
    if (type === "IDAT") pixels.push(data);
    else if (!SINGLE.includes(type)) {
      refuse(name, "chunks", `IDAT, ${SINGLE.join(", ")} or extras`, type);
    } else if (single[type] !== undefined) {
      refuse(name, `count of chunks ${type}`, "1", "more");
    } else single[type] = data;
  }
  const { PLTE: palette = new Uint8Array(), tRNS: transparency } = single;
  if (palette.length % 3 !== 0) {
    refuse(name, "palette", "a multiple of 3 bytes long", palette.length);
  }
  return { pixels: joined(pixels), palette, transparency };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
