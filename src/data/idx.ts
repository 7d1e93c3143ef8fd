/** The IDX format of [MNIST](https://yann.lecun.org/exdb/mnist/): big-endian magic number and sizes, then bytes. */
import { WrongValueError } from "../checks/errors.ts";
import type { Samples } from "./dataset.ts";
import { inSlices } from "../slices/in_slices.ts";
import { MOST_VALUES, sharedFloats } from "./floats.ts";
import type { NpyArray } from "./npy.ts";
import type { Announced, NamedBytes } from "./unpack.ts";

/** What a file may hold, and the magic number of that: unsigned bytes in one dimension, or in three. */
const MAGIC = { images: 0x0000_0803, labels: 0x0000_0801 } as const;

/** What a file holds: images, rows, columns, or labels alone. */
export type IdxKind = keyof typeof MAGIC;

/** Bytes of the longest header. */
const HEADER_BYTES = 16;

/** Labels that are converted between two looks at the clock. */
const SLICE_LABELS = 5_000;

/** Pixels that are converted between two looks at the clock. */
const SLICE_PIXELS = 50_000;

const hex = (value: number) => `0x${value.toString(16).padStart(8, "0")}`;

/** A magic number, and what it stands for. */
function describeMagic(magic: number): string {
  const kind = Object.entries(MAGIC).find(([_, other]) => other === magic)?.[0];
  return kind === undefined ? hex(magic) : `${hex(magic)} of ${kind}`;
}

function refuse(
  name: string,
  what: string,
  wanted: string,
  found: string,
): never {
  throw new WrongValueError(
    `Cannot read '${name}' as its ${what} must be ${wanted}: current value is ${found}`,
  );
}

/**
 * Checks the header of a file, of which only the start has to be there.
 *
 * @returns Sizes of the dimensions, and how many bytes the whole file must have.
 *
 * @throws {RangeError} If it isn't what it should be, or announces more than there is room for.
 */
function idxHeader(
  { name, bytes }: NamedBytes,
  kind: IdxKind,
): { readonly sizes: readonly number[]; readonly length: number } {
  const magic = MAGIC[kind];
  const dimensions = magic & 0xff;
  const header = 4 + 4 * dimensions;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Another kind of file tells more than a length.
  const found = bytes.length < 4 ? magic : view.getUint32(0);
  if (found !== magic) {
    refuse(name, "magic number", describeMagic(magic), describeMagic(found));
  }
  if (bytes.length < header) {
    refuse(name, "length", `${header} bytes or more`, `${bytes.length}`);
  }
  const sizes = Array.from(
    { length: dimensions },
    (_, at) => view.getUint32(4 + 4 * at),
  );
  if (sizes.includes(0)) {
    refuse(name, "count", "1 or more in each dimension", sizes.join(" × "));
  }
  const values = sizes.reduce((product, size) => product * size, 1);
  if (values > MOST_VALUES) {
    refuse(name, "count", `${MOST_VALUES} or less`, sizes.join(" × "));
  }
  return { sizes, length: header + values };
}

/** How much of a file tells its length. */
export function idxAnnounced(kind: IdxKind): Announced {
  return {
    start: HEADER_BYTES,
    length: (start) => idxHeader(start, kind).length,
  };
}

/** Checks header and length, and returns the sizes of the dimensions and the data. */
function parse(file: NamedBytes, kind: IdxKind) {
  const { name, bytes } = file;
  const { sizes, length } = idxHeader(file, kind);
  if (bytes.length !== length) {
    refuse(name, "length", `${length} bytes`, `${bytes.length}`);
  }
  return { sizes, data: bytes.subarray(4 + 4 * sizes.length) };
}

/**
 * Turns images and their labels into samples: pixels from 0 to 1, one-hot targets, in shared memory.
 *
 * @throws {RangeError} If a file isn't what it should be, the counts differ, or a label is not below `classes`.
 */
export async function idxSamples(
  images: NamedBytes,
  labels: NamedBytes,
  classes: number,
): Promise<Samples> {
  const { sizes: [samples, rows, columns], data: pixels } = parse(
    images,
    "images",
  );
  const { sizes: [count], data: classOf } = parse(labels, "labels");
  if (count !== samples) {
    const wanted = `${samples} as in '${images.name}'`;
    refuse(labels.name, "count", wanted, `${count}`);
  }
  if (samples * classes > MOST_VALUES) {
    const most = Math.floor(MOST_VALUES / classes);
    refuse(labels.name, "count", `${most} or less`, `${samples}`);
  }
  const y = sharedFloats(samples * classes);
  await inSlices(samples, SLICE_LABELS, (from, to) => {
    for (let sample = from; sample < to; sample++) {
      const label = classOf[sample];
      if (label >= classes) {
        throw new WrongValueError(
          `Cannot read '${labels.name}' as label ${sample} must be from 0 to ${
            classes - 1
          }: current value is ${label}`,
        );
      }
      y[sample * classes + label] = 1;
    }
  });
  const x = await brightness(pixels);
  return { x, y, count: samples, inputs: rows * columns, outputs: classes };
}

/**
 * Makes an array of a file: pixels from 0 to 1, of images, rows and columns; or the numbers of classes.
 *
 * @throws {RangeError} If the file isn't what it should be.
 */
export async function decodeIdx(
  file: NamedBytes,
  kind: IdxKind,
): Promise<NpyArray> {
  const { sizes, data } = parse(file, kind);
  const values = kind === "images"
    ? await brightness(data)
    : Float32Array.from(data);
  return { shape: sizes, values };
}

/** Pixels from 0 to 1. */
async function brightness(
  pixels: Uint8Array,
): Promise<Float32Array<SharedArrayBuffer>> {
  const x = sharedFloats(pixels.length);
  await inSlices(x.length, SLICE_PIXELS, (from, to) => {
    for (let at = from; at < to; at++) x[at] = pixels[at] / 255;
  });
  return x;
}
