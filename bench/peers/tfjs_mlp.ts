/**
 * TensorFlow.js peer, on its wasm or its cpu backend.
 *
 *     deno run --no-config --no-lock --no-prompt --allow-read \
 *       bench/peers/tfjs_mlp.ts --data FOLDER --backend wasm
 *
 * The step is written out in tf.tidy: model.fit has neither this momentum nor
 * a summed cost. Only a product without transposed operands takes the wasm
 * backend's fast path (the other is ten times slower), so each batch is kept
 * transposed too, and what is small is transposed explicitly.
 *
 * One thread, whatever `--threads` says: the threaded build needs classic
 * workers, which Deno lacks, and the package never uses it under Node.
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

const VERSION = "4.22.0";

interface Tensor {
  add(other: Tensor): Tensor;
  sub(other: Tensor): Tensor;
  mul(other: Tensor | number): Tensor;
  abs(): Tensor;
  log(): Tensor;
  mean(): Tensor;
  sigmoid(): Tensor;
  sum(axis?: number): Tensor;
  square(): Tensor;
  matMul(other: Tensor): Tensor;
  transpose(): Tensor;
  clipByValue(min: number, max: number): Tensor;
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tidy<T>(compute: () => T): T;
  keep(tensor: Tensor): Tensor;
  scalar(value: number): Tensor;
  tensor1d(values: Float32Array): Tensor;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  zerosLike(tensor: Tensor): Tensor;
}

/** A weight matrix or bias row, and its last step. */
interface Parameter {
  value: Tensor;
  previous: Tensor;
}

interface Batch {
  readonly x: Tensor;
  readonly xT: Tensor;
  readonly y: Tensor;
}

const options = parseOptions(["wasm", "cpu"]);
const tf = await load<TensorFlow>(`npm:@tensorflow/tfjs@${VERSION}`);
if (options.backend === "wasm") {
  await load(`npm:@tensorflow/tfjs-backend-wasm@${VERSION}`);
}
await tf.setBackend(options.backend);
await main(options);

async function main(options: Options): Promise<void> {
  const { train, test } = loadData(options);
  const parts = batches(train.count, options.batchSize)
    .map((range) => toBatch(train, range));
  const sizes = [train.x.length / train.count, ...options.hidden, 10];
  const parameter = (value: Tensor): Parameter => ({
    value,
    previous: tf.zerosLike(value),
  });
  const layers = initialLayers(sizes, options.seed).map((layer) => ({
    weights: parameter(
      tf.tensor2d(layer.weights, [layer.inputs, layer.outputs]),
    ),
    biases: parameter(tf.tensor1d(layer.biases)),
  }));
  const one = tf.scalar(1);

  const forward = (x: Tensor) => {
    const cached = [x];
    for (const { weights, biases } of layers) {
      const z = cached.at(-1)!.matMul(weights.value).add(biases.value);
      cached.push(z.sigmoid());
    }
    return cached;
  };

  const update = (parameter: Parameter, grad: Tensor, rate: number) => {
    const { value, previous } = parameter;
    const step = grad.mul(rate);
    parameter.value = tf.keep(
      value.sub(step.add(previous.mul(options.momentum))),
    );
    parameter.previous = tf.keep(step);
    value.dispose();
    previous.dispose();
  };

  /** Makes one step; returns the cost and the mean error before it. */
  const trainBatch = ({ x, xT, y }: Batch, rate: number) =>
    tf.tidy(() => {
      const cached = forward(x);
      let delta = cached.at(-1)!.sub(y);
      const error = delta.abs();
      // The probability of the right answer, as targets are 0 or 1.
      const right = one.sub(error).clipByValue(1e-7, 1);
      const penalty = layers
        .map(({ weights }) => weights.value.square().sum())
        .reduce((sum, next) => sum.add(next)).mul(options.l2 / 2);
      const cost = penalty.sub(right.log().sum());
      for (let n = layers.length - 1; n >= 0; n--) {
        const { weights, biases } = layers[n];
        const a = cached[n];
        const aT = n === 0 ? xT : a.transpose();
        const grad = aT.matMul(delta).add(weights.value.mul(options.l2));
        const biasGrad = delta.sum(0);
        if (n > 0) {
          delta = delta.matMul(weights.value.transpose())
            .mul(a.mul(one.sub(a)));
        }
        update(weights, grad, rate);
        update(biases, biasGrad, rate);
      }
      return [cost, error.mean()];
    });

  const epoch = async (rate: number): Promise<Outcome> => {
    let last: Tensor[] = [];
    for (const batch of parts) {
      for (const tensor of last) tensor.dispose();
      last = trainBatch(batch, rate);
    }
    const [[cost], [meanError]] = await Promise.all(
      last.map((tensor) => tensor.data()),
    );
    for (const tensor of last) tensor.dispose();
    return { cost, meanError };
  };

  const evaluate = async (samples: Samples) => {
    const outputs = new Float32Array(samples.count * 10);
    for (const range of batches(samples.count, 5000)) {
      const { x, xT, y } = toBatch(samples, range);
      const result = tf.tidy(() => forward(x).at(-1)!);
      outputs.set(await result.data(), range[0] * 10);
      for (const tensor of [x, xT, y, result]) tensor.dispose();
    }
    return accuracy(outputs, samples.labels);
  };

  emit("start", {
    peer: `tfjs-${options.backend}`,
    version: VERSION,
    backend: options.backend,
    threads: 1,
    samples: train.count,
  });
  await run(
    options,
    epoch,
    async () => [await evaluate(train), await evaluate(test)],
  );
}

function toBatch(samples: Samples, [start, end]: [number, number]): Batch {
  const size = samples.x.length / samples.count;
  const pixels = samples.x.slice(start * size, end * size);
  const x = tf.tensor2d(pixels, [end - start, size]);
  const y = oneHot(samples.labels.subarray(start, end));
  return { x, xT: x.transpose(), y: tf.tensor2d(y, [end - start, 10]) };
}
