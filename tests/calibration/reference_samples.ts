/** Logits and classes by formulas, so that other libraries can be given the same ones. */

/** From 0 to 1, as good as drawn. */
function fraction(at: number, factor: number): number {
  const value = Math.sin(factor * at) * 43758.5453;
  return value - Math.floor(value);
}

const COUNT = 200;
const numbers = Array.from({ length: COUNT }, (_, at) => at);

/** Logits of one class of two, and whether a sample is of it: `p = sigmoid(0.4·z - 0.5)`. */
export const BINARY = {
  z: Float64Array.from(
    numbers,
    (i) => 6 * Math.sin(1.7 * i) + 2 * Math.cos(0.3 * i),
  ),
  y: Float32Array.from(numbers, (i) => {
    const z = 6 * Math.sin(1.7 * i) + 2 * Math.cos(0.3 * i);
    return Number(fraction(i, 12.9898) < 1 / (1 + Math.exp(0.5 - 0.4 * z)));
  }),
  width: 1,
};

/** Logits of three classes, and the class of each sample, one-hot: `p = softmax(z / 2)`. */
export const THREE = {
  z: Float64Array.from(
    numbers.flatMap((i) => [
      4 * Math.sin(1.3 * i),
      5 * Math.cos(0.7 * i),
      3 * Math.sin(2.1 * i + 1),
    ]),
  ),
  y: new Float32Array(3 * COUNT),
  width: 3,
};
for (const i of numbers) {
  const p = Array.from(
    THREE.z.subarray(3 * i, 3 * i + 3),
    (z) => Math.exp(z / 2),
  );
  const drawn = fraction(i, 78.233) * (p[0] + p[1] + p[2]);
  THREE.y[3 * i + (drawn <= p[0] ? 0 : drawn <= p[0] + p[1] ? 1 : 2)] = 1;
}
