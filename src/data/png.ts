/** Images in the [PNG format](https://www.w3.org/TR/png-3/), as the inputs of a network. */
import { WrongTypeError, WrongValueError } from "../errors.ts";
import { requireInteger, wrong } from "../validate.ts";

const ACTION = "read a PNG image";

/** How every PNG image begins: signature, length and type of the header. */
// deno-fmt-ignore
const START = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52);

/** Bytes up to the end of the header's data. */
const HEADER_BYTES = 29;

/** What the header calls an image with a palette, and one of grey alone: those that may have less than 8 bits. */
const [PALETTE, GREY] = [3, 0];

/** Weights of red, green and blue in the luma of ITU-R BT.601. */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];

/** An image as the decoder gives it. */
interface Decoded {
  /** Channels of the pixels, row by row; with less than 8 bits packed into bytes, every row from a byte of its own. */
  readonly data: ArrayLike<number>;
  readonly depth: number;
  readonly channels: number;
  /** Red, green, blue and perhaps alpha of each entry. */
  readonly palette?: readonly (readonly number[])[];
  /** The one grey or color that stands for transparent pixels. */
  readonly transparency?: ArrayLike<number>;
}

/** A color from 0 to 1 and its opacity. */
type Color = readonly [
  red: number,
  green: number,
  blue: number,
  alpha: number,
];

/** How {@linkcode readPng} reads. */
export interface PngOptions {
  /**
   * Whether dark becomes light, as MNIST has light digits on dark ground: always, never, or `"auto"`, if the mean of
   * the pixels on the border is above 0.5. Default: `"auto"`
   */
  readonly invert?: boolean | "auto";
}

/**
 * Reads the brightness of an image's pixels, row by row, from 0 (black) to 1 (white): `height × width` values.
 *
 * Grey, color and palette images of 1 to 16 bits are read. A color's brightness is its luma by ITU-R BT.601. What is
 * transparent shows white ground. Values are taken as they are stored: gamma and color profiles are not applied.
 *
 * @param bytes The file.
 * @param name Its name, for errors.
 * @param width Pixels of a row that the image must have.
 * @param height Rows that the image must have.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If the file is no PNG image, is damaged, or has another size; or interlaced pixels of less than
 * 8 bits, which the decoder can't read.
 *
 * @example A digit for a network that was trained on MNIST
 * ```ts
 * import { encode } from "npm:fast-png@8.0.0";
 * import assert from "node:assert/strict";
 * import { readPng } from "./png.ts";
 *
 * // In place of Deno.readFile("seven.png"): black on white, with a dot in the middle.
 * const data = new Uint8Array(784).fill(255);
 * data[406] = 0;
 * const bytes = encode({ width: 28, height: 28, channels: 1, data });
 * const x = await readPng(bytes, "seven.png", 28, 28);
 * assert.equal(x[406], 1);
 * assert.equal(x[0], 0);
 * ```
 */
export async function readPng(
  bytes: Uint8Array,
  name: string,
  width: number,
  height: number,
  { invert = "auto" }: PngOptions = {},
): Promise<Float32Array<ArrayBuffer>> {
  if (!(bytes instanceof Uint8Array)) {
    throw new WrongTypeError(wrong(ACTION, "bytes", "a Uint8Array", bytes));
  }
  requireInteger(ACTION, "width", width, 1, Infinity);
  requireInteger(ACTION, "height", height, 1, Infinity);
  if (typeof invert !== "boolean" && invert !== "auto") {
    throw new WrongTypeError(
      wrong(ACTION, "invert", "true, false or 'auto'", invert),
    );
  }
  const hasPalette = checkHeader(bytes, name, width, height);
  const colorAt = colors(await decoded(bytes, name), name, hasPalette, width);
  const pixels = new Float32Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    const [red, green, blue, alpha] = colorAt(
      at % width,
      Math.floor(at / width),
    );
    const luma = RED * red + GREEN * green + BLUE * blue;
    pixels[at] = alpha * luma + (1 - alpha);
  }
  if (invert === true || invert === "auto" && hasLightBorder(pixels, width)) {
    for (let at = 0; at < pixels.length; at++) pixels[at] = 1 - pixels[at];
  }
  return pixels;
}

/** Checks that the file is an image of the right size before it is decoded, and tells whether it has a palette. */
function checkHeader(
  bytes: Uint8Array,
  name: string,
  width: number,
  height: number,
): boolean {
  const refuse = (what: string, wanted: string, found: string): never => {
    throw new WrongValueError(
      `Cannot read '${name}' as its ${what} must be ${wanted}: current value is ${found}`,
    );
  };
  const start = bytes.subarray(0, START.length);
  if (START.some((byte, at) => byte !== start[at])) {
    const hex = (from: Uint8Array) =>
      Array.from(from, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    refuse("start", `${hex(START)} as of a PNG image`, hex(start) || "empty");
  }
  if (bytes.length < HEADER_BYTES) {
    refuse("length", `${HEADER_BYTES} bytes or more`, `${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [columns, rows] = [view.getUint32(16), view.getUint32(20)];
  if (columns !== width || rows !== height) {
    const size = (columns: number, rows: number) => `${columns} × ${rows}`;
    refuse("size", `${size(width, height)} pixels`, size(columns, rows));
  }
  const [depth, colorType, interlaced] = [bytes[24], bytes[25], bytes[28]];
  if (interlaced !== 0 && depth < 8) {
    refuse("depth", "8 or 16 bits as it is interlaced", `${depth}`);
  }
  if (depth < 8 && colorType !== PALETTE && colorType !== GREY) {
    refuse("depth", `8 or 16 bits as of color type ${colorType}`, `${depth}`);
  }
  return colorType === PALETTE;
}

async function decoded(bytes: Uint8Array, name: string): Promise<Decoded> {
  // deno-lint-ignore no-import-prefix -- a script elsewhere that imports this has another import map
  const { decode } = await import("npm:fast-png@8.0.0");
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WrongValueError(
      `Cannot read '${name}' as it is no PNG image that can be decoded: ${reason}`,
      { cause },
    );
  }
}

/** Returns a function that looks up the color of a pixel. */
function colors(
  { data, depth, channels, palette, transparency }: Decoded,
  name: string,
  hasPalette: boolean,
  width: number,
): (column: number, row: number) => Color {
  const most = 2 ** depth - 1;
  /** Values of `data` for each row. */
  const stride = Math.ceil(width * channels * Math.min(depth, 8) / 8);
  const value = (column: number, row: number, channel: number) => {
    if (depth >= 8) return data[row * stride + column * channels + channel];
    // Only images of one channel have less than 8 bits; the leftmost pixel is in the highest.
    const bit = column * depth;
    const byte = data[row * stride + (bit >> 3)];
    return byte >> (8 - depth - (bit & 7)) & most;
  };
  if (hasPalette) {
    return (column, row) => {
      const at = value(column, row, 0);
      const entry = palette?.[at];
      if (entry === undefined) {
        throw new WrongValueError(
          `Cannot read '${name}' as its palette must have a color ${at}: current value is ${
            palette?.length ?? 0
          } colors`,
        );
      }
      const [red, green, blue, alpha = 255] = entry;
      return [red / 255, green / 255, blue / 255, alpha / 255];
    };
  }
  const isGrey = channels <= 2;
  const hasAlpha = channels === 2 || channels === 4;
  return (column, row) => {
    const red = value(column, row, 0);
    const green = isGrey ? red : value(column, row, 1);
    const blue = isGrey ? red : value(column, row, 2);
    const isClear = transparency !== undefined && red === transparency[0] &&
      (isGrey || green === transparency[1] && blue === transparency[2]);
    const alpha = hasAlpha ? value(column, row, channels - 1) / most : 1;
    return [red / most, green / most, blue / most, isClear ? 0 : alpha];
  };
}

/** Whether the pixels of the first and last row and column have a mean above 0.5. */
function hasLightBorder(pixels: Float32Array, width: number): boolean {
  const height = pixels.length / width;
  const border = pixels.filter((_, at) => {
    const [column, row] = [at % width, Math.floor(at / width)];
    return column === 0 || column === width - 1 || row === 0 ||
      row === height - 1;
  });
  return border.reduce((sum, pixel) => sum + pixel, 0) / border.length > 0.5;
}
