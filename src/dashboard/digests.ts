/** What pages show of a snapshot: little enough to be sent every second. */
import type { LayerValues } from "../history/snapshot.ts";
import type { Span } from "../plan/spans.ts";
import { weightImages } from "../logs/weight_images.ts";
import type { ImageSize } from "../data/formats.ts";
import type { ActivationName } from "../units/activations.ts";

/** Bars of a histogram. */
const BARS = 40;

/** Pixels of all images of weights. */
const MOST_PIXELS = 300_000;

/** Between which values an activation lies, of those that saturate. */
const RANGES: Partial<Record<ActivationName, readonly [number, number]>> = {
  sigmoid: [0, 1],
  tanh: [-1, 1],
};

/** How near to an end of its range, as a fraction of it, and in which fraction of the samples, a node counts as saturated. */
const [NEAR, MOSTLY] = [0.05, 0.95];

/** How values are spread. */
export interface Histogram {
  readonly least: number;
  readonly greatest: number;
  readonly counts: readonly number[];
}

/** How values are spread; those that aren't finite are left out. */
export function histogramOf(values: Float32Array): Histogram {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least > greatest) return { least: 0, greatest: 0, counts: [0] };
  const width = (greatest - least) / BARS;
  const counts = new Array<number>(width === 0 ? 1 : BARS).fill(0);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const at = width === 0 ? 0 : Math.floor((value - least) / width);
    counts[Math.min(at, counts.length - 1)]++;
  }
  return { least, greatest, counts };
}

/** Fractions of the nodes that give 0 for all samples, and if they have a range, that are at an end of it for nearly all. */
export function idleNodes(
  activations: Float32Array,
  nodes: number,
  activation: ActivationName,
): { readonly dead: number; readonly saturated?: number } {
  const samples = activations.length / nodes;
  const range = RANGES[activation];
  const [low, high] = range ?? [-Infinity, Infinity];
  const margin = NEAR * (high - low);
  let [dead, saturated] = [0, 0];
  for (let node = 0; node < nodes; node++) {
    let [zeros, ends] = [0, 0];
    for (let at = node; at < activations.length; at += nodes) {
      const value = activations[at];
      if (value === 0) zeros++;
      if (value < low + margin || value > high - margin) ends++;
    }
    if (zeros === samples) dead++;
    else if (range !== undefined && ends >= MOSTLY * samples) saturated++;
  }
  return {
    dead: dead / nodes,
    ...(range === undefined ? {} : { saturated: saturated / nodes }),
  };
}

/** What is shown of each layer. */
export function valuesDigest(
  values: readonly LayerValues[],
  { layers, activations, image }: {
    readonly layers: readonly number[];
    readonly activations: readonly ActivationName[];
    readonly image: ImageSize | undefined;
  },
): object {
  const all = values.map(({ weights, gradients, activations: found }, n) => ({
    weights: histogramOf(weights),
    ...(gradients && { gradients: histogramOf(gradients) }),
    ...(found && { activations: histogramOf(found) }),
    ...(found && n < activations.length
      ? idleNodes(found, layers[n + 1], activations[n])
      : {}),
  }));
  if (image === undefined) return { layers: all };
  const { width, height } = image;
  const { pixels, ...size } = weightImages(values[0].weights, width, height);
  return pixels.length > MOST_PIXELS ? { layers: all } : {
    layers: all,
    images: { ...size, tile: [width, height], pixels: pixels.toBase64() },
  };
}

/** Ops on weights have the number of the layer that those start from; pages show that of the one to which they lead. */
function shownLayer({ part, name, layer }: Span): number {
  const ofWeights = part === "update" || name === "penalty" ||
    part === "backward" &&
      ["gradient", "regularize", "sum of shards", "column modes"]
        .includes(name);
  return ofWeights ? layer + 1 : layer;
}

/** What the workers did last: which ops there are, and of each worker the op, begin and end of each span, in microseconds. */
export function spansDigest(spans: readonly Span[]): object | undefined {
  if (spans.length === 0) return undefined;
  const first = spans.reduce(
    (least, { begin }) => Math.min(least, begin),
    Infinity,
  );
  const ops = new Map<string, number>();
  const kinds: { part: string; name: string; layer: number }[] = [];
  const workers: number[][] = [];
  for (const span of spans) {
    const { worker, part, name, step, begin, end } = span;
    const layer = shownLayer(span);
    const key = `${part} ${name} ${layer}`;
    let op = ops.get(key);
    if (op === undefined) {
      op = kinds.push({ part, name, layer }) - 1;
      ops.set(key, op);
    }
    (workers[worker] ??= []).push(
      op,
      Math.round(1000 * (begin - first)),
      Math.round(1000 * (end - first)),
      step,
    );
  }
  return { ops: kinds, workers };
}
