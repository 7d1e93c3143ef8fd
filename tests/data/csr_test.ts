/** Invalid compressed sparse rows are refused in the same way wherever they are passed. */
import assert from "node:assert/strict";
import {
  type CsrMatrix,
  Mlp,
  samplesFrom,
  type SparseSamples,
} from "../../mod.ts";

const [T, R] = [TypeError, RangeError];

/** [1, 0, 2], [0, 0, 0], [3, 4, 5] */
const X: CsrMatrix = {
  data: Float32Array.of(1, 2, 3, 4, 5),
  indices: Int32Array.of(0, 2, 0, 1, 2),
  indptr: Int32Array.of(0, 2, 2, 5),
};

const SORTED = "(SciPy: sort_indices(), sum_duplicates())";

/** What is changed, and the message. */
const DEFECTS: [object, new () => Error, string][] = [
  [
    { indptr: Int32Array.of(0, 2, 1, 5) },
    R,
    "'x.indptr[2]' must be from 2 to 5, ascending: current value is 1",
  ],
  [
    { indptr: Int32Array.of(0, -1, 2, 5) },
    R,
    "'x.indptr[1]' must be from 0 to 5, ascending: current value is -1",
  ],
  [
    { indptr: Int32Array.of(0, 2 ** 31 - 1, 2, 5) },
    R,
    "'x.indptr[1]' must be from 0 to 5, ascending: current value is 2147483647",
  ],
  [
    { indptr: Uint32Array.of(0, 2, 2, 2 ** 32 - 1) },
    R,
    "'x.indptr[3]' must be 5 as x.data.length: current value is 4294967295",
  ],
  [
    { indptr: Int32Array.of(1, 2, 2, 5) },
    R,
    "'x.indptr[0]' must be 0: current value is 1",
  ],
  [
    { indptr: Int32Array.of(0) },
    R,
    "'x.indptr.length' must be 2 or more: current value is 1",
  ],
  [
    { indptr: new Int32Array() },
    R,
    "'x.indptr.length' must be 2 or more: current value is 0",
  ],
  [
    { indices: Int32Array.of(0, 3, 0, 1, 2) },
    R,
    "'x.indices[1]' must be from 0 to 2 in row 0: current value is 3",
  ],
  [
    { indices: Int32Array.of(0, 2, -1, 1, 2) },
    R,
    "'x.indices[2]' must be from 0 to 2 in row 2: current value is -1",
  ],
  [
    { indices: Int32Array.of(2, 0, 0, 1, 2) },
    R,
    `'x.indices[1]' must be above 2, the one before it in row 0 ${SORTED}: current value is 0`,
  ],
  [
    { indices: Int32Array.of(0, 2, 0, 2, 2) },
    R,
    `'x.indices[4]' must be above 2, the one before it in row 2 ${SORTED}: current value is 2`,
  ],
  [
    { data: Float32Array.of(1, 2, 3, 4) },
    R,
    "'x.indices.length' must be 4 as of x.data: current value is 5",
  ],
  [
    { data: Float32Array.of(1), indices: Int32Array.of(0) },
    R,
    "'x.indptr[3]' must be 1 as x.data.length: current value is 5",
  ],
  [
    { data: Float64Array.of(1, 2, 3, 4, 5) },
    T,
    "'x.data' must be Float32Array: current value is Float64Array",
  ],
  [
    { indices: BigInt64Array.of(0n, 2n, 0n, 1n, 2n) },
    T,
    "'x.indices' must be Int32Array or Uint32Array or Uint16Array: current value is BigInt64Array",
  ],
  [
    { indptr: [0, 2, 2, 5] },
    T,
    "'x.indptr' must be Int32Array or Uint32Array: current value is [0, 2, 2, 5]",
  ],
];

const LABELS = [0, 1, 0];

for (const [change, type, message] of DEFECTS) {
  Deno.test(`compressed sparse rows: ${message}`, async () => {
    const x = { ...X, ...change } as CsrMatrix;
    const told = (action: string) => (error: Error) => {
      assert.ok(error instanceof type);
      assert.equal(error.message, `Cannot ${action} as ${message}`);
      return true;
    };
    assert.throws(
      () => samplesFrom({ x, inputs: 3, labels: LABELS }),
      told("make samples"),
    );
    const mlp = new Mlp({ preset: "article", layers: [3, 2] });
    await assert.rejects(mlp.predict(x), told("predict"));
    const samples: SparseSamples = {
      ...samplesFrom({ x: X, inputs: 3, labels: LABELS }),
      x,
    };
    // With other rows than labels, it is the rows that are wrong.
    if (/indptr.length/.test(message)) return;
    await assert.rejects(mlp.evaluate(samples), told("evaluate"));
    await assert.rejects(mlp.fit(samples), told("train"));
  });
}

/** The same values in shared memory, in the middle of a buffer. */
function shared(
  { data, indices, indptr }: CsrMatrix,
): CsrMatrix {
  const move = <T extends Float32Array | CsrMatrix["indices"]>(values: T) => {
    const Kind = values.constructor as new (
      buffer: SharedArrayBuffer,
      offset: number,
      length: number,
    ) => T;
    const offset = 2 * values.BYTES_PER_ELEMENT;
    const buffer = new SharedArrayBuffer(2 * offset + values.byteLength);
    const moved = new Kind(buffer, offset, values.length);
    moved.set(values);
    return moved;
  };
  return {
    data: move(data),
    indices: move(indices),
    indptr: move(indptr),
  };
}

Deno.test("compressed sparse rows may lie in shared memory, and have indices of any whole numbers", async () => {
  await using mlp = new Mlp({ preset: "article", layers: [3, 2], workers: 2 });
  const full = Float32Array.of(1, 0, 2, 0, 0, 0, 3, 4, 5);
  const wanted = await mlp.predict(full);
  const evaluated = await mlp.evaluate(
    samplesFrom({ x: full, inputs: 3, labels: LABELS }),
  );
  const others = [
    { ...X, indices: Uint16Array.from(X.indices) },
    {
      ...X,
      indices: Uint32Array.from(X.indices),
      indptr: Uint32Array.from(X.indptr),
    },
  ];
  for (const x of [X, ...others].flatMap((x) => [x, shared(x)])) {
    assert.deepEqual(await mlp.predict(x), wanted);
    const samples = samplesFrom({ x, inputs: 3, labels: LABELS });
    assert.deepEqual(await mlp.evaluate(samples), evaluated);
  }
});

Deno.test("outputs and targets that don't fit into memory are refused before they are allocated", async () => {
  const mlp = new Mlp({ preset: "article", layers: [1, 2 ** 16] });
  // No entry in 16,385 rows.
  const x: CsrMatrix = {
    data: new Float32Array(),
    indices: new Int32Array(),
    indptr: new Int32Array(16_386),
  };
  const told = (message: string) => ({ name: "RangeError", message });
  await assert.rejects(
    mlp.predict(x),
    told(
      "Cannot predict as 'outputs' must be of 1073741824 values or less: current value is 16385 × 65536",
    ),
  );
  assert.throws(
    () => samplesFrom({ x: [[1], [2]], labels: [1e9, 3] }),
    told(
      "Cannot make samples as 'y' must be of 1073741824 values or less: current value is 2 × 1000000001",
    ),
  );
  assert.throws(
    () => samplesFrom({ x: [[1], [2]], labels: [1, 0], classes: 2 ** 40 }),
    told(
      "Cannot make samples as 'y' must be of 1073741824 values or less: current value is 2 × 1099511627776",
    ),
  );
  assert.throws(
    () => samplesFrom({ x: [[1], [2]], inputs: 2 ** 40, labels: [1, 0] }),
    told(
      "Cannot make samples as 'x' must be of 1073741824 values or less: current value is 2 × 1099511627776",
    ),
  );
});
