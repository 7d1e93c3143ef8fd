/** The article's network, trained in whatever runtime: an epoch each time that one is asked for. */
const [INPUTS, CLASSES] = [784, 10];

/**
 * @param {typeof import("../../mod.ts")} lockstep The library, by whatever name this runtime knows it.
 * @param {Uint8Array} digits Pixels of all of them, then the class of each.
 */
export function start({ Mlp }, digits) {
  const count = digits.length / (INPUTS + 1);
  const x = Float32Array.from(
    digits.subarray(0, count * INPUTS),
    (pixel) => pixel / 255,
  );
  const y = new Float32Array(count * CLASSES);
  digits.subarray(count * INPUTS).forEach((digit, sample) => {
    y[sample * CLASSES + digit] = 1;
  });
  const mlp = new Mlp({
    ...{ preset: "article", layers: [INPUTS, 70, 30, CLASSES], seed: 1 },
  });
  const events = mlp.fit(
    { x, y, count, inputs: INPUTS, outputs: CLASSES },
    { epochs: 1000, batchSize: 500, learningRate: 0.001 },
  )[Symbol.asyncIterator]();
  return {
    /** Trains one more; returns its seconds. */
    epoch: async () => (await events.next()).value.seconds,
    /** What must be the same everywhere. */
    result: async () => ({
      sha256: await mlp.weightsSha256(),
      workers: mlp.workers,
    }),
  };
}
