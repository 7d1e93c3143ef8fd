/** Images in the [PNG format](https://www.w3.org/TR/png-3/), as the inputs of a network. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireString } from "../checks/json_checks.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
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
import { requireFewValues } from "./floats.ts";
import type { Contents } from "./contents.ts";
import { readContents } from "./unpack.ts";

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

/**
 * How images are turned into inputs.
 *
 * @example
 * ```ts
 * import { Mlp, type PngFileOptions, readPng } from "@lockstep/lockstep";
 *
 * const options: PngFileOptions = { width: 28, height: 28, invert: true };
 * const digitOf = async (mlp: Mlp, path: string) =>
 *   await mlp.predictClasses((await readPng(path, options)).x);
 * ```
 */
export interface PngFileOptions {
  /** Required width of an image in pixels. Default: any */
  readonly width?: number;
  /** Required height of an image in pixels. Default: any */
  readonly height?: number;
  /**
   * Whether to invert the brightness, as MNIST has light digits on a dark background: always, never, or if the mean of the
   * pixels on the border is above 0.5 (`"auto"`). Default: `"auto"`
   */
  readonly invert?: boolean | "auto";
}

/**
 * How the contents of a file are decoded.
 *
 * @example
 * ```ts
 * import { decodePng, type PngOptions } from "@lockstep/lockstep";
 *
 * const options: PngOptions = { name: "upload.png", height: 28 };
 * const decode = (bytes: Uint8Array) => decodePng(bytes, options);
 * ```
 */
export interface PngOptions extends PngFileOptions {
  /** Name of the file, for errors. Default: `"image.png"` */
  readonly name?: string;
}

const FILE_NAMES = namesOf<PngFileOptions>({
  width: true,
  height: true,
  invert: true,
});

const NAMES = [...FILE_NAMES, "name"];

/**
 * Gray images of one size, as the inputs of a network.
 *
 * @example
 * ```ts
 * import { decodePng, type GrayImages } from "@lockstep/lockstep";
 *
 * const meanOf = ({ x }: GrayImages) => x.reduce((sum, y) => sum + y, 0) / x.length;
 * const isDark = async (bytes: Uint8Array) => meanOf(await decodePng(bytes)) < 0.5;
 * ```
 */
export interface GrayImages {
  /** `count × height × width` values from 0 (black) to 1 (white), image after image, row after row. */
  readonly x: Float32Array<ArrayBuffer>;
  /** How many images there are. */
  readonly count: number;
  /** Width of an image in pixels. */
  readonly width: number;
  /** Height of an image in pixels. */
  readonly height: number;
}

/** Most pixels of an image: 4096 × 4096. Few bytes of a file may stand for more than there is memory. */
const MOST_PIXELS = 2 ** 24;

/**
 * Decodes an image to the brightness of its pixels, row by row, from 0 (black) to 1 (white).
 *
 * Gray, color and palette images of 1 to 16 bits are read. A color's brightness is its luma by ITU-R BT.601. What is
 * transparent shows white ground. Values are taken as they are stored: gamma and color profiles are not applied.
 *
 * @param bytes The file.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If the file is no PNG image, is damaged, has another size, or more than 2²⁴ pixels.
 *
 * @example A dot, light on dark as MNIST's digits are
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodePng } from "@lockstep/lockstep";
 *
 * // In place of the bytes of a file: 3 × 3 pixels, black on white.
 * const text = atob(
 *   "iVBORw0KGgoAAAANSUhEUgAAAAMAAAADCAAAAABzQ+pjAAAAEUlEQVR42mP4//8/" +
 *   "Axj+/w8AL9wH+ago5SQAAAAASUVORK5CYII=",
 * );
 * const bytes = Uint8Array.from(text, (byte) => byte.charCodeAt(0));
 * const { x, width } = await decodePng(bytes);
 * assert.equal(width, 3);
 * assert.deepEqual([...x], [0, 0, 0, 0, 1, 0, 0, 0, 0]);
 * ```
 */
export async function decodePng(
  bytes: Uint8Array,
  options: PngOptions = {},
): Promise<GrayImages> {
  if (!(bytes instanceof Uint8Array)) {
    const wanted = "a Uint8Array (readPng() takes a path)";
    throw new WrongTypeError(wrong(ACTION, "bytes", wanted, bytes));
  }
  requireOptions(ACTION, options, NAMES);
  const { invert = "auto" } = options;
  const name = requireString(ACTION, "name", options.name ?? "image.png");
  for (const side of ["width", "height"] as const) {
    if (options[side] === undefined) continue;
    requireInteger(ACTION, side, options[side], 1, Infinity);
  }
  if (typeof invert !== "boolean" && invert !== "auto") {
    throw new WrongTypeError(
      wrong(ACTION, "invert", "true, false or 'auto'", invert),
    );
  }
  const header = pngHeader(bytes, name);
  const { width, height } = header;
  const wanted = [options.width ?? width, options.height ?? height];
  if (width !== wanted[0] || height !== wanted[1]) {
    refuse(
      name,
      "size",
      `${wanted.join(" × ")} pixels`,
      `${width} × ${height}`,
    );
  }
  if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS)) {
    const most = `of 1 to ${MOST_PIXELS} pixels`;
    refuse(name, "size", most, `${width} × ${height}`);
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
  return { x: pixels, count: 1, width, height };
}

/**
 * Reads images from files, one or several of one size: see {@linkcode decodePng}.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} As {@linkcode decodePng} does, or if sizes differ, or there is no path.
 *
 * @example
 * ```ts
 * import { Mlp, readPng } from "@lockstep/lockstep";
 *
 * const text = atob(
 *   "iVBORw0KGgoAAAANSUhEUgAAAAMAAAADCAAAAABzQ+pjAAAAEUlEQVR42mP4//8/" +
 *   "Axj+/w8AL9wH+ago5SQAAAAASUVORK5CYII=",
 * );
 * const bytes = Uint8Array.from(text, (byte) => byte.charCodeAt(0));
 * // Or the path of a file.
 * const file = new File([bytes], "dot.png");
 * const { x, count } = await readPng([file, file], { width: 3, height: 3 });
 * await using mlp = new Mlp({ layers: [9, 2] });
 * console.log(count, (await mlp.predict(x)).length); // 2, 4
 * ```
 */
export async function readPng(
  paths: Contents | readonly Contents[],
  options: PngFileOptions = {},
): Promise<GrayImages> {
  requireOptions(ACTION, options, FILE_NAMES);
  const all = Array.isArray(paths) ? paths : [paths];
  if (all.length === 0) {
    const wanted = "a path, or an array with one or more";
    throw new WrongValueError(wrong(ACTION, "paths", wanted, paths));
  }
  let size = options;
  const parts: Float32Array<ArrayBuffer>[] = [];
  for (const path of all) {
    const { name, bytes } = await readContents(ACTION, path);
    const { x, width, height } = await decodePng(bytes, { ...size, name });
    size = { ...options, width, height };
    parts.push(x);
  }
  const { width = 0, height = 0 } = size;
  requireFewValues(ACTION, "x", parts.length, height, width);
  const x = new Float32Array(parts.length * width * height);
  for (const [at, part] of parts.entries()) x.set(part, at * part.length);
  return { x, count: parts.length, width, height };
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
