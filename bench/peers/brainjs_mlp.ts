/**
 * brain.js peer: its NeuralNetwork, on one thread.
 *
 *     deno run --no-config --no-lock --no-prompt --allow-read=FOLDER \
 *       bench/peers/brainjs_mlp.ts --data FOLDER --samples 6000
 *
 * What differs from the others:
 * - It steps after every sample: `--batch-size` is ignored.
 * - Its loss is the mean square, so the last delta has the factor a(1 - a) and
 *   learning is slower: with 0.001 it is still at chance after four epochs,
 *   with `--learning-rate 0.05` at 0.93 after two; an epoch takes as long.
 *   "cost" is the mean square.
 * - It has no regularization: `--l2` is ignored. It has no mean error either.
 * - Its momentum accumulates, and leaves the biases alone.
 * - It computes the deltas of the input layer as well.
 *
 * An epoch is what its train() does in one iteration; the initial weights are
 * those of the other peers.
 */
import {
  accuracy,
  emit,
  initialLayers,
  load,
  loadData,
  oneHot,
  type Options,
  parseOptions,
  run,
  type Samples,
} from "./common.ts";

const VERSION = "2.0.0-beta.24";

interface Pattern {
  readonly input: Float32Array;
  readonly output: Float32Array;
}

interface NeuralNetwork {
  weights: Float32Array[][];
  biases: Float32Array[];
  initialize(): void;
  updateTrainingOptions(options: { learningRate: number }): void;
  /** Trains on every pattern once, and returns the mean square error. */
  calculateTrainingError(patterns: Pattern[]): number;
  runInput(input: Float32Array): Float32Array;
}

interface Brain {
  NeuralNetwork: new (options: Record<string, unknown>) => NeuralNetwork;
}

const options = parseOptions(["cpu"]);
const brain = await load<Brain>(`npm:brain.js@${VERSION}`);
await main(options);

async function main(options: Options): Promise<void> {
  const { train, test } = loadData(options);
  const patterns = toPatterns(train);
  const sizes = [train.x.length / train.count, ...options.hidden, 10];
  const network = new brain.NeuralNetwork({
    inputSize: sizes[0],
    hiddenLayers: [...options.hidden],
    outputSize: 10,
    activation: "sigmoid",
    learningRate: options.learningRate,
    momentum: options.momentum,
  });
  network.initialize();
  initialLayers(sizes, options.seed).forEach((layer, at) => {
    const { inputs, weights, biases } = layer;
    network.biases[at + 1] = biases;
    network.weights[at + 1] = Array.from(
      biases,
      (_, node) => weights.slice(node * inputs, (node + 1) * inputs),
    );
  });

  const evaluate = (samples: Samples) => {
    const outputs = new Float32Array(samples.count * 10);
    toPatterns(samples).forEach(({ input }, at) =>
      outputs.set(network.runInput(input), at * 10)
    );
    return accuracy(outputs, samples.labels);
  };

  emit("start", {
    peer: "brainjs",
    version: VERSION,
    threads: 1,
    samples: train.count,
  });
  await run(
    options,
    (learningRate) => {
      network.updateTrainingOptions({ learningRate });
      return { cost: network.calculateTrainingError(patterns) };
    },
    () => Promise.resolve([evaluate(train), evaluate(test)]),
  );
}

function toPatterns(samples: Samples): Pattern[] {
  const size = samples.x.length / samples.count;
  const y = oneHot(samples.labels);
  return Array.from({ length: samples.count }, (_, at) => ({
    input: samples.x.subarray(at * size, (at + 1) * size),
    output: y.subarray(at * 10, at * 10 + 10),
  }));
}
