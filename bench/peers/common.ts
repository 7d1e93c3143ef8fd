/**
 * What the peers that run on Deno share: arguments, data, batches and output
 * lines.
 *
 * Packages are imported through a variable: so `deno check` and the lock file
 * of the project know nothing of them.
 */
import { parseArgs } from "node:util";

/** The settings that every peer has. */
export interface Options {
  readonly data: string;
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly lrDecay: number;
  readonly l2: number;
  readonly threads: number;
  readonly seed: number;
  /** Train on the first so many samples. */
  readonly samples?: number;
  readonly backend: string;
}

/** Images, N × 784 floats in [0, 1], and their labels. */
export interface Samples {
  readonly count: number;
  readonly x: Float32Array<ArrayBuffer>;
  readonly labels: Uint8Array;
}

/** One layer's initial weights, in × out, and biases. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly biases: Float32Array<ArrayBuffer>;
}

/** The cost and the mean error of the last batch of an epoch. */
export interface Outcome {
  readonly cost: number;
  readonly meanError?: number;
}

/** Ends the program with a line on stderr. */
export function fail(message: string, status = 1): never {
  console.error(message);
  Deno.exit(status);
}

/** Reads the command line; `backends` are the values of `--backend`. */
export function parseOptions(
  backends: readonly string[],
  args: string[] = Deno.args,
): Options {
  const text = readArguments(args);
  const number = (name: keyof typeof text, least = 0) => {
    const value = Number(text[name]);
    if (value >= least) return value;
    fail(`--${name}: a number of at least ${least}, not "${text[name]}"`);
  };
  const count = (name: keyof typeof text) => {
    const value = number(name, 1);
    if (Number.isInteger(value)) return value;
    fail(`--${name}: a whole number, not "${text[name]}"`);
  };
  const hidden = text.hidden.split(",").map(Number);
  if (!hidden.every((size) => Number.isInteger(size) && size > 0)) {
    fail(`--hidden: whole numbers and commas, not "${text.hidden}"`);
  }
  const backend = text.backend ?? backends[0];
  if (!backends.includes(backend)) {
    fail(`--backend: one of ${backends.join(", ")}, not "${backend}"`);
  }
  return {
    data: text.data ?? fail("--data FOLDER is missing"),
    hidden,
    epochs: count("epochs"),
    batchSize: count("batch-size"),
    learningRate: number("learning-rate"),
    momentum: number("momentum"),
    lrDecay: number("lr-decay"),
    l2: number("l2"),
    threads: count("threads"),
    seed: number("seed"),
    samples: text.samples === undefined ? undefined : count("samples"),
    backend,
  };
}

function readArguments(args: string[]) {
  const string = (value: string) =>
    ({ type: "string", default: value }) as const;
  try {
    return parseArgs({
      args,
      options: {
        data: { type: "string" },
        hidden: string("70,30"),
        epochs: string("35"),
        "batch-size": string("500"),
        "learning-rate": string("0.001"),
        momentum: string("0.00005"),
        "lr-decay": string("1e-6"),
        l2: string("0.001"),
        threads: string(String(navigator.hardwareConcurrency)),
        seed: string("1"),
        samples: { type: "string" },
        backend: { type: "string" },
      },
    }).values;
  } catch (error) {
    fail((error as Error).message);
  }
}

/** Imports a package; ends the program when it is not there. */
export async function load<T>(specifier: string): Promise<T> {
  try {
    return await import(specifier) as T;
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    fail(`${reason}; install it: deno cache --no-lock ${specifier}`, 3);
  }
}

/** Writes one line of JSON. */
export function emit(event: string, values: Record<string, unknown>): void {
  console.log(JSON.stringify({ event, ...values }));
}

/** A generator of numbers in [0, 1) (Mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Reads training samples, shuffled once, and test samples. */
export function loadData(options: Options): { train: Samples; test: Samples } {
  const train = readSamples(options.data, "train", options.samples);
  const order = Uint32Array.from({ length: train.count }, (_, at) => at);
  const next = random(options.seed);
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  const size = train.x.length / train.count;
  const x = new Float32Array(train.x.length);
  const labels = new Uint8Array(train.count);
  order.forEach((from, to) => {
    x.set(train.x.subarray(from * size, (from + 1) * size), to * size);
    labels[to] = train.labels[from];
  });
  return {
    train: { count: train.count, x, labels },
    test: readSamples(options.data, "t10k"),
  };
}

function readSamples(folder: string, set: string, limit = Infinity): Samples {
  const images = readIdx(`${folder}/${set}-images-idx3-ubyte`, 3);
  const labels = readIdx(`${folder}/${set}-labels-idx1-ubyte`, 1);
  const count = Math.min(labels.length, limit);
  const size = images.length / labels.length;
  const x = Float32Array.from(
    images.subarray(0, count * size),
    (pixel) => pixel / 255,
  );
  return { count, x, labels: labels.subarray(0, count) };
}

function readIdx(path: string, dimensions: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    fail((error as Error).message);
  }
  const header = 4 + 4 * dimensions;
  const view = new DataView(bytes.buffer);
  if (bytes.length < header || view.getUint32(0) !== 0x800 + dimensions) {
    fail(`${path}: not an uncompressed IDX file of bytes`);
  }
  let length = 1;
  for (let at = 4; at < header; at += 4) length *= view.getUint32(at);
  if (bytes.length !== header + length) {
    fail(`${path}: its length differs from its header`);
  }
  return bytes.subarray(header);
}

/** One-hot rows of labels. */
export function oneHot(labels: Uint8Array): Float32Array<ArrayBuffer> {
  const y = new Float32Array(labels.length * 10);
  labels.forEach((label, at) => y[at * 10 + label] = 1);
  return y;
}

/** Uniform initial weights in ±1/√in. */
export function initialLayers(sizes: readonly number[], seed: number): Layer[] {
  const next = random(seed + 1);
  return sizes.slice(1).map((outputs, at) => {
    const inputs = sizes[at];
    const limit = inputs ** -0.5;
    const uniform = () => limit * (2 * next() - 1);
    return {
      inputs,
      outputs,
      weights: new Float32Array(inputs * outputs).map(uniform),
      biases: new Float32Array(outputs).map(uniform),
    };
  });
}

/** Ranges of samples, split as np.array_split does. */
export function batches(count: number, size: number): [number, number][] {
  const parts = Math.max(1, Math.ceil(count / size));
  const base = Math.floor(count / parts);
  const longer = count % parts;
  const start = (part: number) => base * part + Math.min(part, longer);
  return Array.from({ length: parts }, (_, at) => [start(at), start(at + 1)]);
}

/** The share of rows of outputs whose largest value is at the label. */
export function accuracy(outputs: Float32Array, labels: Uint8Array): number {
  let right = 0;
  labels.forEach((label, at) => {
    const row = outputs.subarray(at * 10, at * 10 + 10);
    if (row.indexOf(Math.max(...row)) === label) right++;
  });
  return right / labels.length;
}

/** Times `epoch` once per epoch, then writes the accuracies. */
export async function run(
  options: Options,
  epoch: (learningRate: number) => Outcome | Promise<Outcome>,
  evaluate: () => Promise<[train: number, test: number]>,
): Promise<void> {
  let rate = options.learningRate;
  let total = 0;
  for (let number = 0; number < options.epochs; number++) {
    rate /= 1 + options.lrDecay * number;
    const start = performance.now();
    const outcome = await epoch(rate);
    const seconds = (performance.now() - start) / 1000;
    total += seconds;
    emit("epoch", { epoch: number + 1, seconds, ...outcome });
  }
  const [trainAccuracy, testAccuracy] = await evaluate();
  emit("end", { trainAccuracy, testAccuracy, seconds: total });
}
