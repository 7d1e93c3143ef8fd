/** The forward product that skips zeros as it goes, behind the products' interface. */
import { PANEL, roundUp } from "../kernels.ts";
import type { Products } from "../products.ts";
import type { Level } from "./cpu.ts";
import type { Library } from "./library.ts";
import { addressOf, setAddress } from "./memory.ts";
import { SKIP_ARGUMENTS, SKIP_BLOCK, skipForward } from "./skipping.ts";
import { VECTOR_BYTES } from "./vectors.ts";

/** Vectors of sums at most. */
const MOST_SUMS = 12;

/**
 * Bytes of W in a strip, most of which stay in the first-level cache: 10,000 digits take one core 4.5 ms with 46 KB, 4.7 with
 * 28, 4.7 with 60, and 6 without strips.
 */
const STRIP_BYTES = 46_080;

/** Inputs of the samples that are computed together, at most, for each of which there is room to be found. */
const MOST_INPUTS = 65_536;

/** Fraction of the inputs that aren't zero up to which it pays: at 0.5 it takes as long as the dense product. */
const MOST_DENSITY = 0.4;

/** Inputs that are looked at to know the fraction. */
const LOOKS = 128;

/** The fraction of some floats that isn't zero, estimated. */
function densityOf(floats: Float32Array, first: number, end: number): number {
  const step = Math.max(1, Math.floor((end - first) / LOOKS));
  let [looks, found] = [0, 0];
  // In odd steps, so that they don't look at the same few inputs of all samples.
  for (let at = first; at < end; at += step | 1) {
    looks++;
    if (floats[at] !== 0) found++;
  }
  return found / looks;
}

/** `Products.forwardSkipping` in machine code. */
export function skippingProduct(
  library: Library,
  level: Level,
): Pick<Products, "forwardSkipping"> {
  // To find the inputs takes an instruction that AVX2 doesn't have.
  if (level !== "avx512") return {};
  const { words } = library;
  const at = SKIP_ARGUMENTS;
  const parts = library.byRows(
    "skipping forward",
    ...[VECTOR_BYTES[level], MOST_SUMS, skipForward] as const,
  );
  let scratch: Uint32Array;
  let known: { readonly x: Float32Array; readonly address: number } | undefined;

  const compute: NonNullable<Products["forwardSkipping"]> = (
    { w, ldw, outputs, inputs, z, ldz },
    ...[x, ldx, from, to]
  ) => {
    const kernels = parts(roundUp(outputs, PANEL));
    if (from >= to || inputs > MOST_INPUTS) return false;
    if (densityOf(x, ldx * from, ldx * to) > MOST_DENSITY) return false;
    scratch ??= new Uint32Array(3 * MOST_INPUTS);
    if (known?.x !== x) known = { x, address: addressOf(x) };
    const blocks = Math.ceil(inputs / SKIP_BLOCK) - 1;
    words[at.stride] = 4 * ldw;
    words[at.outStride] = 4 * ldz;
    words[at.xStride] = 4 * ldx;
    words[at.boundsAt] = 4 * (MOST_INPUTS + SKIP_BLOCK);
    words[at.blocks] = blocks;
    words[at.lastLanes] = 2 ** (inputs - SKIP_BLOCK * blocks) - 1;
    setAddress(words, at.scratch, addressOf(scratch));
    const most = Math.floor(MOST_INPUTS / inputs);
    for (let first = from; first < to; first += most) {
      setAddress(words, at.x, known.address + 4 * ldx * first);
      words[at.count] = Math.min(most, to - first);
      for (const { offset, kernel, bytes } of kernels) {
        const stripBlocks = Math.max(
          1,
          Math.floor(STRIP_BYTES / (bytes * SKIP_BLOCK)),
        );
        words[at.stripBlocks] = stripBlocks;
        words[at.strips] = Math.max(1, Math.ceil(blocks / stripBlocks));
        words[at.columns] = w + 4 * ldw + offset;
        words[at.start] = w + offset;
        words[at.out] = z + 4 * ldz * first + offset;
        library.call(kernel);
        if (words[at.minusZero] !== 0) return false;
      }
    }
    return true;
  };
  return { forwardSkipping: compute };
}
