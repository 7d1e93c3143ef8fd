/** What nodes of the first layer look at, as one image: a tile for each. */

/** Most nodes that are shown. */
const MOST_TILES = 64;

/** Pixels in shades of gray. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/**
 * Draws the weights of the first nodes: gray is 0, white the greatest magnitude of the layer, black the same below 0.
 *
 * @param weights Of the first layer, `nodes × (width · height + 1)`, column-major: the biases come first.
 */
export function weightImages(
  weights: Float32Array,
  width: number,
  height: number,
): Pixels {
  const size = width * height;
  const all = weights.length / (size + 1);
  const nodes = Math.min(MOST_TILES, all);
  const across = Math.ceil(Math.sqrt(nodes));
  const [wide, high] = [
    across * (width + 1) - 1,
    Math.ceil(nodes / across) * (height + 1) - 1,
  ];
  const pixels = new Uint8Array(wide * high);
  let greatest = 0;
  for (const weight of weights.subarray(all)) {
    greatest = Math.max(greatest, Math.abs(weight));
  }
  const scale = greatest === 0 ? 0 : 127 / greatest;
  for (let node = 0; node < nodes; node++) {
    const left = node % across * (width + 1);
    const top = Math.floor(node / across) * (height + 1);
    for (let at = 0; at < size; at++) {
      const place = (top + Math.floor(at / width)) * wide + left + at % width;
      pixels[place] = Math.round(128 + scale * weights[(at + 1) * all + node]);
    }
  }
  return { width: wide, height: high, pixels };
}
