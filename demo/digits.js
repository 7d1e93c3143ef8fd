// @ts-check
/// <reference lib="dom" />
/** The digits that come with the page, as samples. */

export const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;
const TEST_SAMPLES = 1_000;

/**
 * Those of some digits in bytes, each with its class behind its pixels.
 * @param {Uint8Array} bytes
 */
function samplesOf(bytes) {
  const count = bytes.length / (PIXELS + 1);
  const x = new Float32Array(count * PIXELS);
  const y = new Float32Array(count * CLASSES);
  for (let s = 0; s < count; s++) {
    const start = s * (PIXELS + 1);
    for (let n = 0; n < PIXELS; n++) x[s * PIXELS + n] = bytes[start + n] / 255;
    y[s * CLASSES + bytes[start + PIXELS]] = 1;
  }
  return { x, y, count, inputs: PIXELS, outputs: CLASSES };
}

/** Digits to learn, and others to test. */
export async function fetchDigits() {
  const response = await fetch("digits.bin");
  if (!response.ok) throw new Error(`No digits: ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const from = bytes.length - TEST_SAMPLES * (PIXELS + 1);
  return {
    train: samplesOf(bytes.subarray(0, from)),
    test: samplesOf(bytes.subarray(from)),
  };
}
