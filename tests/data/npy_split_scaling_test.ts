import assert from "node:assert/strict";
import fc from "fast-check";
import { readNpy, writeNpy } from "../../src/data/npy.ts";
import {
  applyScaling,
  applyTargetScaling,
  fitScaling,
  fitTargetScaling,
  undoTargetScaling,
} from "../../src/data/scaling.ts";
import { trainTestSplit } from "../../src/data/split.ts";
import { randomSamples } from "../samples.ts";

/** A file as NumPy writes it: version, type, order and shape as given, then the bytes of the values. */
function npyFile(
  { version = 1, descr, fortran = "False", shape, data }: {
    version?: number;
    descr: string;
    fortran?: string;
    shape: string;
    data: number[];
  },
): Uint8Array {
  const header =
    `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
  const length = version === 1
    ? [header.length & 255, header.length >> 8]
    : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([
    ...[0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...length],
    ...new TextEncoder().encode(header),
    ...data,
  ]);
}

Deno.test("readNpy() reads every type of number in both orders of bytes", () => {
  const read = (descr: string, data: number[], shape = "(1,)") => [
    ...readNpy(npyFile({ descr, shape, data }), "x.npy").values,
  ];
  assert.deepEqual(read("<f4", [0, 0, 0xc0, 0x3f]), [1.5]);
  assert.deepEqual(read(">f4", [0x3f, 0xc0, 0, 0]), [1.5]);
  assert.deepEqual(read("<f8", [0, 0, 0, 0, 0, 0, 0xf8, 0x3f]), [1.5]);
  assert.deepEqual(read("|i1", [0xff]), [-1]);
  assert.deepEqual(read("|u1", [0xff]), [255]);
  assert.deepEqual(read("|b1", [1]), [1]);
  assert.deepEqual(read("<i2", [0xfe, 0xff]), [-2]);
  assert.deepEqual(read(">u2", [1, 2]), [258]);
  assert.deepEqual(read("<i4", [1, 0, 0, 0x80]), [-(2 ** 31) + 1]);
  assert.deepEqual(read(">u4", [0x80, 0, 0, 1]), [2 ** 31 + 1]);
  assert.deepEqual(read("<i8", [0xfd, ...new Array(7).fill(0xff)]), [-3]);
  assert.deepEqual(read("<u8", [7, 0, 0, 0, 0, 0, 0, 0]), [7]);
  assert.deepEqual(read("|u1", [9], "()"), [9]);
});

Deno.test("readNpy() reads versions 2 and 3, and transposes Fortran order", () => {
  for (const version of [1, 2, 3]) {
    const { shape, values } = readNpy(
      npyFile({
        ...{ version, descr: "|u1", fortran: "True", shape: "(2, 3)" },
        data: [1, 4, 2, 5, 3, 6],
      }),
      "x.npy",
    );
    assert.deepEqual(shape, [2, 3]);
    assert.deepEqual([...values], [1, 2, 3, 4, 5, 6]);
  }
});

Deno.test("writeNpy() writes what readNpy() reads, aligned as NumPy wants it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 40 }),
      (list) => {
        const values = Float32Array.from(list);
        const bytes = writeNpy(values, [values.length, 1]);
        assert.equal((bytes.length - 4 * values.length) % 64, 0);
        const found = readNpy(bytes, "x.npy");
        assert.deepEqual(found, { shape: [values.length, 1], values });
      },
    ),
    { seed: 1, numRuns: 100 },
  );
  assert.throws(() => writeNpy(Float32Array.of(1, 2), [3]), {
    name: "RangeError",
    message:
      "Cannot write .npy as 'values.length' must be 3 as of shape: current value is 2",
  });
});

Deno.test("readNpy() refuses what isn't right, and names the file", () => {
  const refused = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(() => readNpy(bytes, "x.npy"), {
      name: "RangeError",
      message,
    });
  const good = { descr: "|u1", shape: "(2,)", data: [1, 2] };
  refused(new Uint8Array(20), /^Cannot read 'x.npy' as 'magic number' must be/);
  refused(npyFile({ ...good, version: 4 }), /'version' must be from 1 to 3/);
  refused(npyFile({ ...good, data: [1] }), /'length' must be 7\d bytes/);
  refused(npyFile({ ...good, data: [1, 2, 3] }), /'length' must be/);
  refused(npyFile({ ...good, descr: "|O8" }), /'header' must be one type/);
  refused(npyFile({ ...good, descr: "<c8" }), /'type' must be of numbers/);
  refused(
    npyFile({ descr: "<u8", shape: "(1,)", data: new Array(8).fill(255) }),
    /'value 0' must be within/,
  );
});

Deno.test("trainTestSplit() gives every sample to one part, by the seed", () => {
  const samples = randomSamples(50, 3, 2, 4);
  const { train, test } = trainTestSplit(samples, 0.3, 7);
  assert.deepEqual([train.samples, test.samples], [35, 15]);
  const rows = (x: Float32Array) =>
    Array.from(
      { length: x.length / 3 },
      (_, at) => x.subarray(3 * at, 3 * at + 3).join(),
    );
  assert.deepEqual(
    [...rows(train.x), ...rows(test.x)].sort(),
    rows(samples.x).sort(),
  );
  assert.deepEqual(trainTestSplit(samples, 0.3, 7), { train, test });
  assert.notDeepEqual(trainTestSplit(samples, 0.3, 8).test.x, test.x);
  assert.throws(() => trainTestSplit(samples, 0.001, 7), {
    name: "RangeError",
    message:
      "Cannot split samples as 'part' must be such that of 50 both get some: current value is 0.001",
  });
});

Deno.test("scaling: mean 0 and deviation 1, or 0 to 1, and targets there and back", async () => {
  const { x } = randomSamples(200, 5, 1, 3);
  for (let at = 4; at < x.length; at += 5) x[at] = 7;
  const column = (values: Float32Array, at: number) =>
    [...values].filter((_, n) => n % 5 === at);
  const standard = await applyScaling(x, await fitScaling(x, 5, "standardize"));
  const range = await applyScaling(x, await fitScaling(x, 5, "minmax"));
  for (let at = 0; at < 4; at++) {
    const values = column(standard, at);
    const mean = values.reduce((sum, value) => sum + value, 0) / 200;
    const square = values.reduce((sum, value) => sum + value ** 2, 0) / 200;
    assert.ok(Math.abs(mean) < 1e-6);
    assert.ok(Math.abs(square - 1) < 1e-5);
    assert.equal(Math.min(...column(range, at)), 0);
    assert.ok(Math.abs(Math.max(...column(range, at)) - 1) < 1e-6);
  }
  assert.ok(column(standard, 4).every((value) => value === 0));
  assert.ok(column(range, 4).every((value) => value === 0));
  const targets = await fitTargetScaling(x, 5);
  assert.equal(targets.scale[4], 1);
  const back = await applyTargetScaling(x, targets);
  undoTargetScaling(back, targets);
  for (const [at, value] of back.entries()) {
    assert.ok(Math.abs(value - x[at]) < 1e-6);
  }
});

Deno.test("scaling leaves the calling thread free: a timer of 1 ms keeps ticking", async () => {
  const x = new Float32Array(20_000_000);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  try {
    const scaling = await fitScaling(x, 10, "minmax");
    const fitted = ticks;
    await applyScaling(x, scaling);
    const applied = ticks;
    await applyTargetScaling(x, { ...scaling, scale: scaling.offset });
    // Each takes dozens of ms: were the thread blocked, not one tick would come in between.
    const all = [fitted, applied - fitted, ticks - applied];
    assert.ok(all.every((count) => count >= 3), `${all} ticks`);
  } finally {
    clearInterval(timer);
  }
});

Deno.test("fitScaling() names what is wrong", async () => {
  const x = Float32Array.of(1, 2, 3, 4, 5, 6);
  const cases: [unknown, unknown, unknown, string][] = [
    [
      x,
      2,
      "robust",
      "'method' must be 'standardize' or 'minmax': current value is 'robust'",
    ],
    [
      [1, 2],
      1,
      "minmax",
      "'x' must be a Float32Array: current value is [1, 2]",
    ],
    [x, 0, "minmax", "'width' must be 1 or more: current value is 0"],
    [
      x,
      4,
      "minmax",
      "'x.length' must be 4 or a multiple of it: current value is 6",
    ],
    [
      x.subarray(6),
      2,
      "standardize",
      "'x.length' must be 2 or a multiple of it: current value is 0",
    ],
  ];
  for (const [values, width, method, message] of cases) {
    await assert.rejects(
      fitScaling(values as Float32Array, width as number, method as "minmax"),
      { message: `Cannot fit a scaling as ${message}` },
    );
  }
  for (const method of ["standardize", "minmax"] as const) {
    for (const bad of [NaN, Infinity, -Infinity]) {
      await assert.rejects(fitScaling(x.with(3, bad), 2, method), {
        name: "RangeError",
        message:
          `Cannot fit a scaling as 'x[3]' must be a finite number: current value is ${bad}`,
      });
    }
  }
});
