/** From packed bytes of a PNG file to the values of its channels. */
import { inSlices } from "../slices/in_slices.ts";
import { type PngHeader, refuse } from "./png_chunks.ts";
import { unpack } from "./unpack.ts";

/** Bytes that are looked at between two looks at the clock. */
const SLICE_BYTES = 50_000;

/** Pixels that come together: the first column and row, and the steps to the next ones. */
type Pass = readonly [column: number, row: number, right: number, down: number];

const ALL_PIXELS: readonly Pass[] = [[0, 0, 1, 1]];

/** Interlaced images come in seven passes, ever finer. */
const ADAM7: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/**
 * Unpacks the values of all channels, pixel by pixel and row by row, from 0 to `2^depth - 1`: no more than the header
 * announces.
 *
 * @throws {RangeError} If the data is damaged, or another number of bytes.
 */
export async function pngPixels(
  name: string,
  packed: Uint8Array<ArrayBuffer>,
  header: PngHeader,
): Promise<Uint16Array<ArrayBuffer>> {
  const { width, height, depth, channels, isInterlaced } = header;
  const passes = (isInterlaced ? ADAM7 : ALL_PIXELS).map((pass) => {
    const [column, row, right, down] = pass;
    const columns = Math.max(Math.ceil((width - column) / right), 0);
    const stride = Math.ceil(columns * channels * depth / 8);
    const rows = stride === 0 ? 0 : Math.ceil((height - row) / down);
    return { pass, columns, stride, rows: Math.max(rows, 0) };
  });
  // Every row has a byte in front that says how it was filtered.
  const length = passes.reduce(
    (sum, { rows, stride }) => sum + rows * (stride + 1),
    0,
  );
  const bytes = await unpack(name, packed, "deflate", length + 1);
  if (bytes.length !== length) {
    const found = bytes.length > length ? "more" : `${bytes.length}`;
    refuse(name, "pixels", `${length} bytes unpacked`, found);
  }

  const values = new Uint16Array(width * height * channels);
  let start = 0;
  for (const { pass, columns, stride, rows } of passes) {
    const [column, row, right, down] = pass;
    const slice = Math.ceil(SLICE_BYTES / (stride + 1));
    let above = new Uint8Array(stride);
    await inSlices(rows, slice, (from, to) => {
      for (let n = from; n < to; n++) {
        const [filter] = bytes.subarray(start, start + 1);
        if (filter > 4) refuse(name, "filter of a row", "from 0 to 4", filter);
        const line = bytes.subarray(start + 1, start += stride + 1);
        unfilter(line, above, filter, Math.ceil(channels * depth / 8));
        above = line;
        for (let at = 0; at < columns * channels; at++) {
          const pixel = Math.floor(at / channels);
          const place = (row + n * down) * width + column + pixel * right;
          values[place * channels + at % channels] = valueAt(line, at, depth);
        }
      }
    });
  }
  return values;
}

/** The value of a number of bits: the highest are first, and the leftmost value is in them. */
function valueAt(line: Uint8Array, at: number, depth: number): number {
  if (depth === 16) return line[2 * at] << 8 | line[2 * at + 1];
  const bit = at * depth;
  return line[bit >> 3] >> (8 - depth - (bit & 7)) & (1 << depth) - 1;
}

/** Turns differences into values, in place. The byte of the pixel to the left is `width` bytes before. */
function unfilter(
  line: Uint8Array,
  above: Uint8Array,
  filter: number,
  width: number,
): void {
  if (filter === 0) return;
  for (let at = 0; at < line.length; at++) {
    const left = at < width ? 0 : line[at - width];
    const up = above[at];
    line[at] += filter === 1
      ? left
      : filter === 2
      ? up
      : filter === 3
      ? left + up >> 1
      : paeth(left, up, at < width ? 0 : above[at - width]);
  }
}

/** Which of the three is nearest to `left + up - corner`, the first of them if several are. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
