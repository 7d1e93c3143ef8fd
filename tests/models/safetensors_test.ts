import fc from "fast-check";
import assert from "node:assert/strict";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from "../../src/models/safetensors.ts";

/** A file of a header in JSON and so many bytes of data, put together by hand. */
function file(header: unknown, data: number[] = []): Uint8Array {
  const json = typeof header === "string" ? header : JSON.stringify(header);
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

Deno.test("encodeSafetensors() lays out the bytes as the format says", () => {
  const bytes = encodeSafetensors([
    { name: "a", dtype: "F32", shape: [2, 1], data: Float32Array.of(1, -2) },
    { name: "long", dtype: "I64", shape: [], data: BigInt64Array.of(-2n) },
  ], { who: "é" });
  const header =
    '{"__metadata__":{"who":"é"},"long":{"dtype":"I64","shape":[],"data_offsets":[0,8]},' +
    '"a":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]}}';
  const text = new TextEncoder().encode(header);
  const padding = (8 - text.length % 8) % 8;
  assert.deepEqual([...bytes], [
    ...[text.length + padding, 0, 0, 0, 0, 0, 0, 0],
    ...text,
    ...Array(padding).fill(0x20),
    ...[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ...[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0],
  ]);
  assert.ok(text.length % 8 > 0 && bytes.length % 8 === 0);
});

const BITS = fc.uint8Array({ minLength: 0, maxLength: 6 }).map((bytes) =>
  // Each byte eight times: every type has whole values, among them NaNs of all sorts.
  Uint8Array.from({ length: bytes.length * 8 }, (_, at) => bytes[at >> 3] + at)
);

const TENSOR = fc.record({
  dtype: fc.constantFrom("F32", "F64", "I32", "U32", "I64"),
  bits: BITS,
  ones: fc.nat({ max: 2 }),
}).map(({ dtype, bits: { buffer }, ones }) => {
  const data = {
    F32: () => new Float32Array(buffer),
    F64: () => new Float64Array(buffer),
    I32: () => new Int32Array(buffer),
    U32: () => new Uint32Array(buffer),
    I64: () => new BigInt64Array(buffer),
  }[dtype]!();
  return { dtype, data, shape: [data.length, ...Array(ones).fill(1)] };
});

Deno.test("decodeSafetensors() gives back every bit", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), TENSOR),
      fc.dictionary(fc.string(), fc.string()),
      fc.nat({ max: 9 }),
      (named, metadata, shift) => {
        const tensors = Object.entries(named).map(([name, tensor]) =>
          ({ name, ...tensor }) as Tensor
        );
        const encoded = encodeSafetensors(tensors, metadata);
        // Read from any place in memory.
        const bytes = new Uint8Array(encoded.length + shift).subarray(shift);
        bytes.set(encoded);
        const read = decodeSafetensors(bytes, "a");
        assert.deepEqual({ ...read.metadata }, { ...metadata });
        const bits = (all: readonly Tensor[]) =>
          new Map(
            all.map(({ name, dtype, shape, data }) => [name, {
              dtype,
              shape,
              bytes: [
                ...new Uint8Array(
                  data.buffer,
                  data.byteOffset,
                  data.byteLength,
                ),
              ],
            }]),
          );
        assert.deepEqual(bits(read.tensors), bits(tensors));
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("decodeSafetensors() reads what others write", () => {
  // Order of the header other than that of the data, an empty tensor, no padding, no metadata.
  const bytes = file({
    second: { dtype: "F32", shape: [1], data_offsets: [8, 12] },
    none: { dtype: "U32", shape: [0, 3], data_offsets: [8, 8] },
    first: { dtype: "I32", shape: [2], data_offsets: [0, 8] },
  }, [1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0x40]);
  assert.deepEqual(decodeSafetensors(bytes, "a"), {
    tensors: [
      { name: "first", dtype: "I32", shape: [2], data: Int32Array.of(1, -1) },
      { name: "none", dtype: "U32", shape: [0, 3], data: new Uint32Array(0) },
      { name: "second", dtype: "F32", shape: [1], data: Float32Array.of(2) },
    ],
    metadata: {},
  });
});

const F32 = (shape: unknown, begin: unknown, end: unknown) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

const long = new Uint8Array(20);
new DataView(long.buffer).setBigUint64(0, 2n ** 63n, true);
long[8] = 0x7b;

/** The file, and the error. */
const DEFECTS: [string, Uint8Array, RegExp][] = [
  [
    "of 7 bytes",
    new Uint8Array(7),
    /^RangeError.*its length must be 8 bytes or more: current value is 7$/,
  ],
  [
    "whose header is longer than itself",
    long,
    /header's length must be at most 12 bytes: current value is 9223372036854775808$/,
  ],
  [
    "without a header",
    new Uint8Array(8),
    /^RangeError.*its header must be JSON/,
  ],
  ["with half a header", file('{"a":'), /^RangeError.*header must be JSON: /],
  [
    "whose header isn't UTF-8",
    Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28),
    /^RangeError.*its header must be UTF-8$/,
  ],
  [
    "whose header is a list",
    file([]),
    /^TypeError.*'header' must be an object/,
  ],
  [
    "with a key twice",
    file('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{}}'),
    /header must have each key once: 'a' is there twice$/,
  ],
  [
    "with metadata other than text",
    file({ __metadata__: { a: 1 } }),
    /^TypeError.*'__metadata__.a' must be a string: current value is 1$/,
  ],
  [
    "with values of an unknown type",
    file({ a: { dtype: "BF16", shape: [], data_offsets: [0, 2] } }, [0, 0]),
    /'a.dtype' must be 'F32' or 'F64' or 'I32' or 'U32' or 'I64': current value is 'BF16'$/,
  ],
  [
    "without a shape",
    file({ a: F32(undefined, 0, 0) }),
    /'a.shape' must be an/,
  ],
  [
    "with a negative size",
    file({ a: F32([-1], 0, -4) }),
    /'a.shape' must be who/,
  ],
  [
    "with text as a size",
    file({ a: F32(["1"], 0, 4) }),
    /^TypeError.*'a.shape'/,
  ],
  [
    "with three offsets",
    file({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4, 4] } }),
    /'a.data_offsets' must be two numbers, 4 apart/,
  ],
  [
    "whose sizes don't fit the offsets",
    file({ a: F32([2], 0, 4) }, [0, 0, 0, 0]),
    /'a.data_offsets' must be two numbers, 8 apart for its shape and type: current value is \[0, 4\]$/,
  ],
  [
    "whose sizes are beyond all bounds",
    file({ a: F32([2 ** 40, 2 ** 40], 0, 0) }),
    /'a.data_offsets'/,
  ],
  ["with an unknown field", file({ a: { x: 1 } }), /field of a' must be dtype/],
  [
    "with a hole at the start",
    file({ a: F32([1], 4, 8) }, Array(8).fill(0)),
    /'a.data_offsets\[0\]' must be 0: current value is 4$/,
  ],
  [
    "with a hole",
    file({ a: F32([1], 0, 4), b: F32([1], 8, 12) }, Array(12).fill(0)),
    /'b.data_offsets\[0\]' must be 4: current value is 8$/,
  ],
  [
    "with an overlap",
    file({ a: F32([2], 0, 8), b: F32([1], 4, 8) }, Array(8).fill(0)),
    /'b.data_offsets\[0\]' must be 8: current value is 4$/,
  ],
  [
    "that ends too soon",
    file({ a: F32([2], 0, 8) }, Array(7).fill(0)),
    /its length must be (\d+) bytes: current value is \d+$/,
  ],
  [
    "with trailing bytes",
    file({ a: F32([2], 0, 8) }, Array(9).fill(0)),
    /its length must be (\d+) bytes: current value is \d+$/,
  ],
];

for (const [what, bytes, message] of DEFECTS) {
  Deno.test(`decodeSafetensors() refuses a file ${what}`, () => {
    assert.throws(() => decodeSafetensors(bytes, "a.safetensors"), (error) => {
      assert.match(String(error), message);
      assert.match(String(error), /^\w+Error: Cannot read 'a.safetensors' as /);
      return true;
    });
  });
}

Deno.test("encodeSafetensors() refuses what can't be read again", () => {
  const tensor: Tensor = {
    name: "a",
    dtype: "F32",
    shape: [2],
    data: new Float32Array(2),
  };
  const refused: [Tensor[], RegExp][] = [
    [[tensor, tensor], /'name' must be none of the others.*'a'$/],
    [
      [{ ...tensor, name: "__metadata__" }],
      /'name' must be none of the others/,
    ],
    [
      [{ ...tensor, shape: [3] }],
      /'a.data.length' must be 3 for shape \[3\]: current value is 2$/,
    ],
  ];
  for (const [tensors, message] of refused) {
    assert.throws(() => encodeSafetensors(tensors, {}), (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
  }
});
