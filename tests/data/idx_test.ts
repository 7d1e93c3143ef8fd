import fc from "fast-check";
import assert from "node:assert/strict";
import { loadDataset } from "../../mod.ts";
import { WrongValueError } from "../../src/checks/errors.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { bomb } from "./bomb.ts";
import { requireFrugal } from "../fuzz/outcome.ts";

/** An IDX file: magic number, sizes, bytes. */
function idx(
  magic: number,
  sizes: number[],
  data: number[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  for (const [at, size] of sizes.entries()) view.setUint32(4 + 4 * at, size);
  bytes.set(data, 4 + 4 * sizes.length);
  return bytes;
}

/** Two images of 2 × 3 pixels, and one to test. */
const FILES = {
  "train-images-idx3-ubyte": idx(0x803, [2, 2, 3], [
    ...[0, 255, 51, 102, 1, 2],
    ...[3, 4, 5, 6, 7, 8],
  ]),
  "train-labels-idx1-ubyte": idx(0x801, [2], [9, 0]),
  "t10k-images-idx3-ubyte": idx(0x803, [1, 2, 3], [5, 5, 5, 5, 5, 5]),
  "t10k-labels-idx1-ubyte": idx(0x801, [1], [3]),
};

type Files = Record<string, Uint8Array<ArrayBuffer>>;

async function gzip(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return await new Response(stream).bytes();
}

/** Writes files to a temporary folder, loads it, and removes it again. */
async function loadFolder(files: Files) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    return await loadDataset(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a folder of IDX files reads pixels and one-hot labels", async () => {
  const { train, test } = await loadFolder(FILES);
  assert.deepEqual([train.count, train.inputs, train.outputs], [2, 6, 10]);
  assert.deepEqual(
    [...train.x],
    [0, 255, 51, 102, 1, 2, 3, 4, 5, 6, 7, 8].map((p) => Math.fround(p / 255)),
  );
  assert.deepEqual([...train.y], [
    ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ...[1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ]);
  assert.equal(test.count, 1);
  assert.equal(test.y[3], 1);
});

Deno.test("a folder of IDX files reads the same from compressed files", async () => {
  const compressed: Files = {};
  for (const [name, bytes] of Object.entries(FILES)) {
    compressed[`${name}.gz`] = await gzip(bytes);
  }
  const [plain, packed] = [
    await loadFolder(FILES),
    await loadFolder(compressed),
  ];
  assert.deepEqual(packed.train, plain.train);
  assert.deepEqual(packed.test, plain.test);
});

Deno.test("a folder of IDX files reads the same from files with a dot in their names", async () => {
  const dotted: Files = {};
  for (const [name, bytes] of Object.entries(FILES)) {
    dotted[name.replace("-idx", ".idx")] = bytes;
  }
  const { "t10k-labels.idx1-ubyte": labels, ...others } = dotted;
  const mixed = { ...others, "t10k-labels.idx1-ubyte.gz": await gzip(labels) };
  const plain = await loadFolder(FILES);
  for (const files of [dotted, mixed]) {
    const { train, test } = await loadFolder(files);
    assert.deepEqual(train, plain.train);
    assert.deepEqual(test, plain.test);
  }
});

Deno.test("a folder of IDX files reads any pixels and labels, plain and compressed", async () => {
  const shape = fc.record({
    samples: fc.integer({ min: 1, max: 9 }),
    rows: fc.integer({ min: 1, max: 5 }),
    columns: fc.integer({ min: 1, max: 5 }),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ samples, rows, columns, seed }) => {
      const random = new Xoshiro128(seed);
      const draw = (length: number, limit: number) =>
        Array.from({ length }, () => random.below(limit));
      const pixels = draw(samples * rows * columns, 256);
      const labels = draw(samples, 10);
      const { train } = await loadFolder({
        ...FILES,
        "train-images-idx3-ubyte": idx(0x803, [samples, rows, columns], pixels),
        "train-labels-idx1-ubyte": idx(0x801, [samples], labels),
        "t10k-images-idx3-ubyte": idx(
          0x803,
          [1, rows, columns],
          draw(rows * columns, 256),
        ),
      });
      assert.deepEqual(
        [...train.x],
        pixels.map((pixel) => Math.fround(pixel / 255)),
      );
      for (const [sample, label] of labels.entries()) {
        const target = train.y.subarray(sample * 10, sample * 10 + 10);
        assert.equal(target.indexOf(1), label);
        assert.equal(target.filter((value) => value === 0).length, 9);
      }
    }),
    { seed: 5, numRuns: 30 },
  );
});

/** What is wrong, the file in its place, and the error. */
const DEFECTS: [string, Files, RegExp][] = [
  [
    "truncated",
    {
      "train-images-idx3-ubyte": FILES["train-images-idx3-ubyte"].slice(0, -1),
    },
    /train-images-idx3-ubyte' as its length must be 28 bytes: current value is 27$/,
  ],
  [
    "shorter than its header",
    { "train-images-idx3-ubyte": new Uint8Array(7) },
    /magic number must be 0x00000803 of images: current value is 0x00000000$/,
  ],
  [
    "that ends in its header",
    { "train-images-idx3-ubyte": FILES["train-images-idx3-ubyte"].slice(0, 7) },
    /length must be 16 bytes or more: current value is 7$/,
  ],
  [
    "with trailing bytes",
    { "t10k-labels-idx1-ubyte": idx(0x801, [1], [3, 0]) },
    /t10k-labels-idx1-ubyte' as its length must be 9 bytes: current value is 10$/,
  ],
  [
    "with labels for images",
    {
      "train-images-idx3-ubyte": idx(0x801, [2], [0, 1]),
    },
    /magic number must be 0x00000803 of images: current value is 0x00000801 of labels$/,
  ],
  [
    "with images for labels",
    {
      "train-labels-idx1-ubyte": idx(0x803, [2, 1, 1], [1, 1]),
    },
    /magic number must be 0x00000801 of labels: current value is 0x00000803 of images$/,
  ],
  ["of other numbers than bytes", {
    "train-images-idx3-ubyte": idx(0xd03, [1, 1, 1], [0, 0, 0, 0]),
  }, /magic number must be 0x00000803 of images: current value is 0x00000d03$/],
  [
    "that announces 2³¹ images",
    {
      "train-images-idx3-ubyte": idx(0x803, [2 ** 31, 28, 28], [1, 2, 3]),
    },
    /train-images-idx3-ubyte' as its count must be 1073741824 or less: current value is 2147483648 × 28 × 28$/,
  ],
  [
    "that announces no columns of 2³² - 1 rows",
    {
      "train-images-idx3-ubyte": idx(0x803, [2, 2 ** 32 - 1, 0], []),
    },
    /count must be 1 or more in each dimension: current value is 2 × 4294967295 × 0$/,
  ],
  ["that announces 2³¹ labels", {
    "train-labels-idx1-ubyte": idx(0x801, [2 ** 31], [1, 2, 3]),
  }, /count must be 1073741824 or less: current value is 2147483648$/],
  ["with another count", {
    "train-labels-idx1-ubyte": idx(0x801, [3], [1, 1, 1]),
  }, /count must be 2 as in '.*train-images-idx3-ubyte': current value is 3$/],
  ["with a label out of range", {
    "train-labels-idx1-ubyte": idx(0x801, [2], [1, 10]),
  }, /label 1 must be from 0 to 9: current value is 10$/],
  [
    "without images",
    { "train-images-idx3-ubyte": idx(0x803, [0, 2, 3], []) },
    /count must be 1 or more in each dimension: current value is 0 × 2 × 3$/,
  ],
  ["with other sizes to test", {
    "t10k-images-idx3-ubyte": idx(0x803, [1, 1, 3], [5, 5, 5]),
  }, /must have 6 pixels like the others: current value is 3$/],
];

for (const [name, files, message] of DEFECTS) {
  Deno.test(`a folder of IDX files refuses a file ${name}`, async () => {
    await assert.rejects(loadFolder({ ...FILES, ...files }), (error: Error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("a folder of IDX files refuses broken gzip data", async () => {
  const { "train-labels-idx1-ubyte": labels, ...others } = FILES;
  const whole = await gzip(labels);
  const wrongSum = whole.slice();
  wrongSum[wrongSum.length - 8] ^= 1;
  for (
    const broken of [whole.slice(0, -9), wrongSum, labels, whole.slice(0, 0)]
  ) {
    await assert.rejects(
      loadFolder({ ...others, "train-labels-idx1-ubyte.gz": broken }),
      (error: Error) => {
        assert.ok(error instanceof RangeError);
        assert.match(
          error.message,
          /^Cannot read '.*labels-idx1-ubyte\.gz' as it must be whole gzip data/,
        );
        return true;
      },
    );
  }
});

/** A folder whose images to train with are these, packed. */
async function loadPacked(packed: Uint8Array<ArrayBuffer>) {
  const { "train-images-idx3-ubyte": _, ...others } = FILES;
  return await loadFolder({ ...others, "train-images-idx3-ubyte.gz": packed });
}

Deno.test("a folder of IDX files unpacks only what the header announces", async () => {
  const start = FILES["train-images-idx3-ubyte"];
  // Each would become 2 GiB.
  const more = bomb("gzip", start, 2 ** 31);
  const huge = bomb("gzip", idx(0x803, [2 ** 31, 1, 1], []), 2 ** 31);
  const labels = bomb("gzip", idx(0x801, [2], []), 2 ** 31);
  assert.ok(more.length < 3e6);
  const path = /^Cannot read '.*train-images-idx3-ubyte\.gz' as its /.source;
  const cases = [
    [more, /length must be 28 bytes unpacked: current value is more$/],
    [huge, /count must be 1073741824 or less: .* 2147483648 × 1 × 1$/],
    [labels, /magic number must be .* 0x00000801 of labels$/],
  ] as const;
  for (const [packed, message] of cases) {
    await assert.rejects(
      requireFrugal(() => loadPacked(packed)),
      (error: Error) => {
        assert.ok(error instanceof WrongValueError);
        assert.match(error.message, new RegExp(path + message.source));
        return true;
      },
    );
  }
});

Deno.test("a folder of IDX files allocates no memory for values that a small file can't hold", async () => {
  const packed = await gzip(idx(0x803, [2 ** 20, 32, 32], [1, 2, 3]));
  await assert.rejects(
    requireFrugal(() => loadPacked(packed)),
    /length must be 1073741840 bytes: current value is 19$/,
  );
});

Deno.test("a folder of IDX files lets timers run while it unpacks", async () => {
  const start = idx(0x803, [2 ** 16, 32, 32], []);
  // 64 MiB are needed; the rest is too much.
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  try {
    await assert.rejects(
      loadPacked(bomb("gzip", start, 2 ** 28)),
      /length must be 67108880 bytes/,
    );
    assert.ok(ticks >= 3, `${ticks} ticks`);
  } finally {
    clearInterval(timer);
  }
});

Deno.test("a folder of IDX files names what is missing", async () => {
  const { "t10k-images-idx3-ubyte": _, ...others } = FILES;
  await assert.rejects(loadFolder(others), (error: Error) => {
    assert.ok(error instanceof Deno.errors.NotFound);
    assert.match(
      error.message,
      /\/t10k-images-idx3-ubyte' as there is neither that file nor 't10k-images-idx3-ubyte\.gz' nor 't10k-images\.idx3-ubyte' nor 't10k-images\.idx3-ubyte\.gz'$/,
    );
    return true;
  });
  await assert.rejects(
    loadDataset("/no/such/folder/"),
    new Deno.errors.NotFound(
      "Cannot read '/no/such/folder/' as there is no such file or folder",
    ),
  );
});

Deno.test("a folder of IDX files names the file that the system refuses", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/train-images-idx3-ubyte`);
    await assert.rejects(
      loadDataset(folder),
      Deno.errors.IsADirectory,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "a folder of IDX files says that the permission to read is missing",
  permissions: { read: false },
  async fn() {
    await assert.rejects(
      loadDataset("/some/folder"),
      new Deno.errors.NotCapable(
        "Cannot read '/some/folder' as the permission is missing: run again with --allow-read",
      ),
    );
  },
});
