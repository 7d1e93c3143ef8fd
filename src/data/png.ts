/** Images in the [PNG format](https://www.w3.org/TR/png-3/), as the inputs of a network. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import { inSlices } from "../slices/in_slices.ts";
import {
  type PngHeader,
  pngHeader,
  type PngParts,
  pngParts,
  refuse,
} from "./png_chunks.ts";
import { pngPixels } from "./png_pixels.ts";

const ACTION = "read a PNG image";

/** Weights of red, green and blue in the luma of ITU-R BT.601. */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];

/** Pixels that are turned into brightness between two looks at the clock. */
const SLICE_PIXELS = 5_000;

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
 * Gray, color and palette images of 1 to 16 bits are read. A color's brightness is its luma by ITU-R BT.601. What is
 * transparent shows white ground. Values are taken as they are stored: gamma and color profiles are not applied.
 *
 * @param bytes The file.
 * @param name Its name, for errors.
 * @param width Pixels of a row that the image must have.
 * @param height Rows that the image must have.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If the file is no PNG image, is damaged, or has another size.
 *
 * @example A dot, light on dark as MNIST's digits are
 * ```ts
 * import assert from "node:assert/strict";
 * import { readPng } from "./png.ts";
 *
 * // In place of Deno.readFile("dot.png"): 3 × 3 pixels, black on white.
 * const bytes = Uint8Array.fromBase64(
 *   "iVBORw0KGgoAAAANSUhEUgAAAAMAAAADCAAAAABzQ+pjAAAAEUlEQVR42mP4//8/" +
 *   "Axj+/w8AL9wH+ago5SQAAAAASUVORK5CYII=",
 * );
 * const x = await readPng(bytes, "dot.png", 3, 3);
 * assert.deepEqual([...x], [0, 0, 0, 0, 1, 0, 0, 0, 0]);
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
  const header = pngHeader(bytes, name);
  if (header.width !== width || header.height !== height) {
    const found = `${header.width} × ${header.height}`;
    refuse(name, "size", `${width} × ${height} pixels`, found);
  }
  const parts = pngParts(bytes, name);
  const values = await pngPixels(name, parts.pixels, header);
  const colorAt = header.hasPalette
    ? paletteColors(name, values, parts)
    : plainColors(name, values, header, parts);
  const pixels = new Float32Array(width * height);
  await inSlices(pixels.length, SLICE_PIXELS, (from, to) => {
    for (let at = from; at < to; at++) {
      const [red, green, blue, alpha] = colorAt(at);
      const luma = RED * red + GREEN * green + BLUE * blue;
      pixels[at] = alpha * luma + (1 - alpha);
    }
  });
  if (invert === true || invert === "auto" && hasLightBorder(pixels, width)) {
    for (let at = 0; at < pixels.length; at++) pixels[at] = 1 - pixels[at];
  }
  return pixels;
}

/** Looks up the color of a pixel in the palette. */
function paletteColors(
  name: string,
  values: Uint16Array,
  { palette, transparency = new Uint8Array() }: PngParts,
): (pixel: number) => Color {
  const count = palette.length / 3;
  return (pixel) => {
    const at = values[pixel];
    if (at >= count) {
      throw new WrongValueError(
        `Cannot read '${name}' as its palette must have a color ${at}: current value is ${count} colors`,
      );
    }
    const [red, green, blue] = palette.subarray(3 * at, 3 * at + 3);
    const alpha = transparency[at] ?? 255;
    return [red / 255, green / 255, blue / 255, alpha / 255];
  };
}

/** Makes a color of a pixel's channels: gray or red, green and blue, and perhaps alpha. */
function plainColors(
  name: string,
  values: Uint16Array,
  { depth, channels }: PngHeader,
  { transparency }: PngParts,
): (pixel: number) => Color {
  const most = 2 ** depth - 1;
  const isGray = channels <= 2;
  const hasAlpha = channels === 2 || channels === 4;
  const length = hasAlpha ? 0 : 2 * channels;
  if (transparency !== undefined && transparency.length !== length) {
    refuse(name, "chunk tRNS", `${length} bytes long`, transparency.length);
  }
  const clear = transparency === undefined || hasAlpha
    ? undefined
    : Array.from({ length: channels }, (_, at) =>
      transparency[2 * at] << 8 | transparency[2 * at + 1]);
  return (pixel) => {
    const at = pixel * channels;
    const red = values[at];
    const [green, blue] = isGray
      ? [red, red]
      : [values[at + 1], values[at + 2]];
    const alpha = hasAlpha ? values[at + channels - 1] / most : 1;
    const isClear = clear?.every((value, channel) =>
      value === values[at + channel]
    );
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
