/**
 * jax-js peer, on its wasm backend.
 *
 *     deno run --no-config --no-lock --no-prompt --allow-read=FOLDER \
 *       bench/peers/jaxjs_mlp.ts --data FOLDER --threads 4
 *
 * A whole step is one jitted function with the backward pass written out.
 * Layers are nodes × batch, with X the other way round, as its fast kernels
 * need a result whose rows are a multiple of 4 long: with layers batch × nodes
 * a product of 70 columns takes twenty times as long.
 *
 * Its kernels run on as many workers as navigator.hardwareConcurrency says, so
 * `--threads` overrides that.
 */
import {
  accuracy,
  batches,
  emit,
  initialLayers,
  load,
  loadData,
  oneHot,
  type Options,
  type Outcome,
  parseOptions,
  run,
  type Samples,
} from "./common.ts";

const VERSION = "0.1.25";

/** Every use of an array but its last needs `.ref`: a call takes ownership. */
interface JaxArray {
  readonly ref: JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  neg(): JaxArray;
  sum(axis?: number): JaxArray;
  mean(): JaxArray;
  transpose(): JaxArray;
  reshape(shape: number[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface Jax {
  init(device: string): Promise<string[]>;
  defaultDevice(device: string): string;
  blockUntilReady<T>(arrays: T): Promise<T>;
  jit<F>(compute: F): F & { dispose(): void };
  nn: { sigmoid(z: JaxArray): JaxArray };
  numpy: {
    array(values: Float32Array): JaxArray;
    zerosLike(array: JaxArray): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    abs(array: JaxArray): JaxArray;
    log(array: JaxArray): JaxArray;
    maximum(a: JaxArray, b: number): JaxArray;
  };
}

/** The weights (out × in) and the biases of every layer, or their last step. */
type Layers = { weights: JaxArray; biases: JaxArray }[];

interface State {
  layers: Layers;
  previous: Layers;
  cost?: JaxArray;
  meanError?: JaxArray;
}

const options = parseOptions(["wasm"]);
Object.defineProperty(navigator, "hardwareConcurrency", {
  value: options.threads,
});
const jax = await load<Jax>(`npm:@jax-js/jax@${VERSION}`);
const np = jax.numpy;
await jax.init("wasm");
jax.defaultDevice("wasm");
await main(options);
Deno.exit(0); // its workers would keep the program alive

async function main({ l2, momentum, ...options }: Options): Promise<void> {
  const { train, test } = loadData({ l2, momentum, ...options });
  const size = train.x.length / train.count;
  const matrix = (values: Float32Array, columns: number) =>
    np.array(values).reshape([values.length / columns, columns]);
  const inputs = (samples: Samples, start: number, end: number) =>
    matrix(samples.x.slice(start * size, end * size), size);

  const layers = initialLayers([size, ...options.hidden, 10], options.seed)
    .map(({ weights, biases, inputs }) => ({
      weights: matrix(weights, inputs),
      biases: matrix(biases, 1),
    }));
  const previous = layers.map(({ weights, biases }) => ({
    weights: np.zerosLike(weights.ref),
    biases: np.zerosLike(biases.ref),
  }));
  let state: State = { layers, previous };

  /** Takes ownership of X, batch × in; returns Xᵀ and every layer's output. */
  const forward = (layers: Layers, x: JaxArray) => {
    const cached = [x.transpose()];
    for (const { weights, biases } of layers) {
      const z = np.matmul(weights.ref, cached.at(-1)!.ref).add(biases.ref);
      cached.push(jax.nn.sigmoid(z));
    }
    return cached;
  };

  const step = jax.jit(
    (
      layers: Layers,
      previous: Layers,
      x: JaxArray,
      y: JaxArray,
      rate: JaxArray,
    ): Required<State> => {
      const cached = forward(layers, x);
      let delta = cached.pop()!.sub(y);
      const error = np.abs(delta.ref);
      // The probability of the right answer, as targets are 0 or 1.
      const right = np.maximum(error.ref.mul(-1).add(1), 1e-7);
      let cost = np.log(right).sum().neg();
      const next: Layers = [];
      const steps: Layers = [];
      for (let n = layers.length - 1; n >= 0; n--) {
        const { weights, biases } = layers[n];
        const a = cached[n];
        cost = cost.add(weights.ref.mul(weights.ref).sum().mul(l2 / 2));
        const weightStep = np.matmul(delta.ref, a.ref.transpose())
          .add(weights.ref.mul(l2)).mul(rate.ref);
        const biasStep = delta.ref.sum(1).reshape([-1, 1]).mul(rate.ref);
        const below = n > 0
          ? np.matmul(weights.ref.transpose(), delta)
            .mul(a.ref.mul(a.ref.mul(-1).add(1)))
          : delta;
        a.dispose();
        delta = below;
        next.unshift({
          weights: weights
            .sub(weightStep.ref.add(previous[n].weights.mul(momentum))),
          biases: biases
            .sub(biasStep.ref.add(previous[n].biases.mul(momentum))),
        });
        steps.unshift({ weights: weightStep, biases: biasStep });
      }
      delta.dispose();
      rate.dispose();
      return { layers: next, previous: steps, cost, meanError: error.mean() };
    },
  );

  const parts = batches(train.count, options.batchSize).map(([start, end]) => ({
    x: inputs(train, start, end),
    y: matrix(oneHot(train.labels.subarray(start, end)), 10).transpose(),
  }));

  const epoch = async (rate: number): Promise<Outcome> => {
    const learningRate = np.array(Float32Array.of(rate)).reshape([]);
    for (const { x, y } of parts) {
      state.cost?.dispose();
      state.meanError?.dispose();
      const { layers, previous } = state;
      state = step(layers, previous, x.ref, y.ref, learningRate.ref);
      await jax.blockUntilReady(state.layers[0].weights);
    }
    learningRate.dispose();
    const [cost] = await state.cost!.ref.data();
    const [meanError] = await state.meanError!.ref.data();
    return { cost, meanError };
  };

  const evaluate = async (samples: Samples) => {
    const outputs = new Float32Array(samples.count * 10);
    for (const [start, end] of batches(samples.count, 5000)) {
      const cached = forward(state.layers, inputs(samples, start, end));
      outputs.set(await cached.pop()!.transpose().data(), start * 10);
      for (const a of cached) a.dispose();
    }
    return accuracy(outputs, samples.labels);
  };

  emit("start", {
    peer: "jaxjs",
    version: VERSION,
    backend: options.backend,
    threads: options.threads,
    samples: train.count,
  });
  await run(
    { l2, momentum, ...options },
    epoch,
    async () => [await evaluate(train), await evaluate(test)],
  );
}
