import fc from "fast-check";
import assert from "node:assert/strict";
import { decode, encode } from "fast-png";
import { decodePng, type PngOptions } from "../../src/data/png.ts";
import { requireFrugal } from "../fuzz/outcome.ts";
import { bomb } from "./bomb.ts";
import { CHANNELS, type PngFile, pngFile } from "./png_files.ts";

const PLAIN = { invert: false } as const;

/** Reads a file that is written first, without inverting it unless told otherwise. */
async function read(file: PngFile, options: PngOptions = PLAIN) {
  const { width, height } = file;
  const name = "test.png";
  const images = await decodePng(pngFile(file), {
    ...{ name, width, height },
    ...options,
  });
  assert.deepEqual(
    [images.count, images.width, images.height],
    [1, width, height],
  );
  return images.x;
}

function assertNear(found: Float32Array, wanted: number[]): void {
  assert.equal(found.length, wanted.length);
  for (const [at, value] of wanted.entries()) {
    assert.ok(Math.abs(found[at] - value) < 1e-6, `${found}, not ${wanted}`);
  }
}

Deno.test("decodePng() reads a file of 28 × 28 pixels, white on black, as it is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = Uint8Array.from({ length: 784 }, (_, at) => {
      const [row, column] = [Math.floor(at / 28), at % 28];
      return Math.min(row, column) > 5 && Math.max(row, column) < 22
        ? at % 256
        : 0;
    });
    const file = `${folder}/digit.png`;
    await Deno.writeFile(
      file,
      encode({ width: 28, height: 28, channels: 1, data }),
    );
    const { x } = await decodePng(await Deno.readFile(file), {
      name: file,
      width: 28,
      height: 28,
    });
    assert.deepEqual(x, Float32Array.from(data, (value) => value / 255));
    assert.ok(x.some((value) => value > 0.9));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("decodePng() reads gray of 1, 2, 4, 8 and 16 bits", async () => {
  const size = { width: 3, height: 2, colorType: 0 } as const;
  const gray = (depth: number, values: number[]) =>
    read({ ...size, depth, values });
  assertNear(await gray(1, [1, 0, 1, 0, 0, 1]), [1, 0, 1, 0, 0, 1]);
  assertNear(await gray(2, [0, 1, 2, 3, 0, 1]), [0, 1 / 3, 2 / 3, 1, 0, 1 / 3]);
  assertNear(
    await gray(4, [0, 3, 15, 6, 9, 12]),
    [0, 0.2, 1, 0.4, 0.6, 0.8],
  );
  assertNear(
    await gray(8, [0, 51, 255, 102, 153, 204]),
    [0, 0.2, 1, 0.4, 0.6, 0.8],
  );
  assertNear(
    await gray(16, [0, 13107, 65535, 26214, 39321, 52428]),
    [0, 0.2, 1, 0.4, 0.6, 0.8],
  );
});

Deno.test("decodePng() takes the luma of colors", async () => {
  const size = { width: 4, height: 1 };
  const colors = [
    ...[255, 0, 0],
    ...[0, 255, 0],
    ...[0, 0, 255],
    ...[255, 255, 255],
  ];
  const wanted = [0.299, 0.587, 0.114, 1];
  assertNear(
    await read({ ...size, depth: 8, colorType: 2, values: colors }),
    wanted,
  );
  assertNear(
    await read({
      ...size,
      depth: 16,
      colorType: 2,
      values: colors.map((value) => value * 257),
    }),
    wanted,
  );
  assertNear(
    await read({
      ...size,
      depth: 2,
      colorType: 3,
      values: [0, 1, 2, 3],
      palette: colors,
    }),
    wanted,
  );
});

Deno.test("decodePng() shows white ground through what is transparent", async () => {
  const row = { width: 3, height: 1 };
  // Black of alpha 0, 0.2 and 1.
  const wanted = [1, 0.8, 0];
  assertNear(
    await read({
      ...row,
      depth: 8,
      colorType: 4,
      values: [0, 0, 0, 51, 0, 255],
    }),
    wanted,
  );
  const values = [...[0, 0, 0, 0], ...[0, 0, 0, 51], ...[0, 0, 0, 255]];
  assertNear(await read({ ...row, depth: 8, colorType: 6, values }), wanted);
  assertNear(
    await read({
      ...row,
      depth: 16,
      colorType: 6,
      values: values.map((value) => value * 257),
    }),
    wanted,
  );
  // The third entry has no alpha, which stands for 255.
  assertNear(
    await read({
      ...row,
      depth: 8,
      colorType: 3,
      values: [0, 1, 2],
      palette: [0, 0, 0, 0, 0, 0, 0, 0, 0],
      transparency: [0, 51],
    }),
    wanted,
  );
});

Deno.test("decodePng() knows the one color that stands for transparent pixels", async () => {
  const row = { width: 3, height: 1 };
  assertNear(
    await read({
      ...row,
      depth: 4,
      colorType: 0,
      values: [3, 6, 3],
      transparency: [0, 3],
    }),
    [1, 0.4, 1],
  );
  assertNear(
    await read({
      ...row,
      depth: 8,
      colorType: 2,
      values: [...[255, 0, 0], ...[255, 0, 1], ...[0, 0, 0]],
      transparency: [0, 255, 0, 0, 0, 0],
    }),
    [1, 0.299 + 0.114 / 255, 0],
  );
});

Deno.test("decodePng() reads any image that a naive writer writes", async () => {
  const kinds = fc.constantFrom(
    ...([[0, [1, 2, 4, 8, 16]], [2, [8, 16]], [4, [8, 16]], [6, [
      8,
      16,
    ]]] as const)
      .flatMap(([colorType, depths]) =>
        depths.map((depth) => ({ colorType, depth }))
      ),
  );
  const files = fc.record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 10 }),
    kind: kinds,
    seed: fc.nat(),
    interlaced: fc.boolean(),
    filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1 }),
  }).map(({ width, height, kind, seed, interlaced, filters }): PngFile => ({
    ...{ width, height, ...kind, interlaced, filters },
    values: Array.from(
      { length: width * height * CHANNELS[kind.colorType] },
      (_, at) => (seed + at * 40503) % 65537 % 2 ** kind.depth,
    ),
  }));
  await fc.assert(
    fc.asyncProperty(files, async (file) => {
      const channels = CHANNELS[file.colorType];
      const wanted = Array.from(
        { length: file.width * file.height },
        (_, at) => {
          const pixel = file.values.slice(at * channels, (at + 1) * channels)
            .map((value) => value / (2 ** file.depth - 1));
          const alpha = channels % 2 === 0 ? pixel.pop()! : 1;
          const [red, green = red, blue = red] = pixel;
          const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
          return luma * alpha + 1 - alpha;
        },
      );
      // Another reader sees the same in it, so what is written is right.
      if (file.depth >= 8) {
        assert.deepEqual([...decode(pngFile(file)).data], file.values);
      }
      assertNear(await read(file), wanted);
      assertNear(await read(file, { invert: true }), wanted.map((v) => 1 - v));
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("decodePng() skips what a picture doesn't need, and never unpacks it", async () => {
  const file = { ...{ width: 2, height: 1 }, depth: 8, colorType: 0 } as const;
  const name = new TextEncoder().encode("name\0\0");
  const packed = bomb("deflate", new Uint8Array(), 2 ** 31);
  const data = new Uint8Array([...name, ...packed]);
  const bytes = pngFile({
    ...{ ...file, values: [0, 51] },
    extras: [["iCCP", data], ["zTXt", data], ["iTXt", data]],
  });
  const { x } = await requireFrugal(() =>
    decodePng(bytes, { name: "test.png", width: 2, height: 1, ...PLAIN })
  );
  assertNear(x, [0, 0.2]);
});

Deno.test("decodePng() unpacks only as many pixels as the header announces", async () => {
  const size = { width: 2, height: 1, depth: 8, colorType: 0 } as const;
  for (const interlaced of [false, true]) {
    const packed = bomb("deflate", new Uint8Array(), 2 ** 31);
    const bytes = pngFile({ ...size, values: [], interlaced, packed });
    await assert.rejects(
      requireFrugal(() =>
        decodePng(bytes, { name: "a.png", width: 2, height: 1 })
      ),
      {
        name: "RangeError",
        message: `Cannot read 'a.png' as its pixels must be ${
          interlaced ? 4 : 3
        } bytes unpacked: current value is more`,
      },
    );
  }
});

Deno.test("decodePng() reads interlaced images, and those in the middle of a buffer", async () => {
  const data = Uint8Array.from({ length: 77 }, (_, at) => at * 3);
  const bytes = encode(
    { width: 11, height: 7, channels: 1, data },
    { interlace: "Adam7" },
  );
  const around = new Uint8Array(bytes.length + 20).fill(9);
  around.set(bytes, 10);
  const { x } = await decodePng(around.subarray(10, -10), {
    name: "test.png",
    width: 11,
    height: 7,
    ...PLAIN,
  });
  assert.deepEqual(x, Float32Array.from(data, (value) => value / 255));
});

Deno.test("decodePng() inverts an image by itself if its border is light", async () => {
  const image = (values: number[]) =>
    ({ width: 4, height: 3, depth: 8, colorType: 0, values }) as const;
  // 10 pixels of the border around 2: five or six of them white.
  const half = [255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0];
  const more = [255, 255, 255, 255, 255, 0, 0, 255, 0, 0, 0, 0];
  const auto = { invert: "auto" } as const;
  const inverted = (values: number[]) => values.map((value) => 1 - value / 255);
  assertNear(await read(image(half), auto), half.map((value) => value / 255));
  assertNear(await read(image(more), auto), inverted(more));
  assertNear(await read(image(more), {}), inverted(more));
  assertNear(await read(image(more), PLAIN), more.map((value) => value / 255));
  assertNear(await read(image(half), { invert: true }), inverted(half));
  // Only the border is looked at.
  const middle = [0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0];
  assertNear(await read(image(middle), auto), middle.map((v) => v / 255));
});
