/** The IDX format of [MNIST](https://yann.lecun.org/exdb/mnist/): big-endian magic number and sizes, then bytes. */
import { WrongValueError } from "../errors.ts";
import type { Samples } from "./dataset.ts";
import { inSlices } from "./in_slices.ts";
import { sharedFloats } from "./shared_floats.ts";

/** Unsigned bytes in three dimensions: images, rows, columns. */
const IMAGES_MAGIC = 0x0000_0803;

/** Unsigned bytes in one dimension. */
const LABELS_MAGIC = 0x0000_0801;

/** Labels that are converted between two looks at the clock. */
const SLICE_LABELS = 5_000;

/** Pixels that are converted between two looks at the clock. */
const SLICE_PIXELS = 50_000;

/** The bytes of a file, and its name for errors. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const hex = (value: number) => `0x${value.toString(16).padStart(8, "0")}`;

/** Checks magic number and length, and returns the sizes of the dimensions and the data. */
function parse({ name, bytes }: NamedBytes, magic: number) {
  const dimensions = magic & 0xff;
  const header = 4 + 4 * dimensions;
  const refuse = (what: string, wanted: string, found: string): never => {
    throw new WrongValueError(
      `Cannot read '${name}' as its ${what} must be ${wanted}: current value is ${found}`,
    );
  };
  if (bytes.length < header) {
    refuse("length", `${header} bytes or more`, String(bytes.length));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = view.getUint32(0);
  if (found !== magic) refuse("magic number", hex(magic), hex(found));
  const sizes = Array.from(
    { length: dimensions },
    (_, at) => view.getUint32(4 + 4 * at),
  );
  const wanted = header + sizes.reduce((product, size) => product * size, 1);
  if (bytes.length !== wanted) {
    refuse("length", `${wanted} bytes`, String(bytes.length));
  }
  if (sizes.includes(0)) {
    refuse("count", "1 or more in each dimension", sizes.join(" × "));
  }
  return { sizes, data: bytes.subarray(header) };
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
    IMAGES_MAGIC,
  );
  const { sizes: [count], data: classOf } = parse(labels, LABELS_MAGIC);
  if (count !== samples) {
    throw new WrongValueError(
      `Cannot read '${labels.name}' as its count must be ${samples} as in '${images.name}': current value is ${count}`,
    );
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
  const x = sharedFloats(pixels.length);
  await inSlices(x.length, SLICE_PIXELS, (from, to) => {
    for (let at = from; at < to; at++) x[at] = pixels[at] / 255;
  });
  return { x, y, samples, inputs: rows * columns, outputs: classes };
}

/**
 * Turns images into inputs: pixels from 0 to 1, image after image.
 *
 * @param inputs Pixels that an image must have.
 *
 * @throws {RangeError} If the file isn't what it should be.
 */
export function parseIdxImages(
  images: NamedBytes,
  inputs: number,
): Float32Array<ArrayBuffer> {
  const { sizes: [_, rows, columns], data } = parse(images, IMAGES_MAGIC);
  if (rows * columns !== inputs) {
    throw new WrongValueError(
      `Cannot read '${images.name}' as its images must have ${inputs} pixels: current value is ${rows} × ${columns}`,
    );
  }
  return Float32Array.from(data, (value) => value / 255);
}
