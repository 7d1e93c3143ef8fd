import assert from "node:assert/strict";
import { readPng } from "../../src/data/png.ts";
import { pngFile } from "./png_files.ts";

const FILE = {
  width: 2,
  height: 1,
  depth: 8,
  colorType: 0,
  values: [7, 8],
} as const;

const GOOD = pngFile(FILE);

/** The bytes with one of them changed. */
function changed(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, bytes[at] ^ 1);
}

/** Files that can't be read, and why; of what the decoder says only that it is told. */
const DEFECTS: [Uint8Array, RegExp][] = [
  [
    new Uint8Array(),
    /its start must be 89 50 4e 47 .* as of a PNG image: current value is empty$/,
  ],
  [
    Uint8Array.of(0xff, 0xd8, 0xff),
    /its start must be 89 .* current value is ff d8 ff$/,
  ],
  [
    GOOD.subarray(0, 20),
    /its length must be 29 bytes or more: current value is 20$/,
  ],
  [
    pngFile({ ...FILE, width: 1, height: 2 }),
    /its size must be 2 × 1 pixels: current value is 1 × 2$/,
  ],
  [
    pngFile({ ...FILE, depth: 4, interlaced: true }),
    /its depth must be 8 or 16 bits as it is interlaced: current value is 4$/,
  ],
  [
    pngFile({ ...FILE, depth: 4, colorType: 2, values: [1, 2, 3, 4, 5, 6] }),
    /its depth must be 8 or 16 bits as of color type 2: current value is 4$/,
  ],
  [
    pngFile({
      ...FILE,
      colorType: 3,
      values: [0, 2],
      palette: [1, 2, 3, 4, 5, 6],
    }),
    /its palette must have a color 2: current value is 2 colors$/,
  ],
  [
    pngFile({ ...FILE, colorType: 3, values: [0, 0] }),
    /its palette must have a color 0: current value is 0 colors$/,
  ],
];

for (const [bytes, message] of DEFECTS) {
  Deno.test(`readPng() refuses: ${message.source}`, async () => {
    await assert.rejects(readPng(bytes, "a/b.png", 2, 1), (error: Error) => {
      assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
      assert.ok(error.message.startsWith("Cannot read 'a/b.png' as "));
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("readPng() names the file and the cause if the decoder fails", async () => {
  const damaged = [
    GOOD.subarray(0, -1),
    GOOD.subarray(0, 40),
    // Checksums of the header and of the data.
    changed(GOOD, 30),
    changed(GOOD, 50),
    pngFile({ ...FILE, depth: 9, values: [7, 8] }),
    pngFile({ ...FILE, height: 3 }),
  ];
  for (const [at, bytes] of damaged.entries()) {
    const height = at === 5 ? 3 : 1;
    await assert.rejects(
      readPng(bytes, "a/b.png", 2, height),
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
        const { cause } = error;
        assert.ok(cause instanceof Error);
        assert.equal(
          error.message,
          `Cannot read 'a/b.png' as it is no PNG image that can be decoded: ${cause.message}`,
        );
        return true;
      },
    );
  }
});

Deno.test("readPng() refuses arguments of the wrong type or range", async () => {
  const refused = (
    args: unknown[],
    type: new (message: string) => Error,
    why: string,
  ) =>
    assert.rejects(
      readPng(...args as Parameters<typeof readPng>),
      new type(`Cannot read a PNG image as ${why}`),
    );
  await refused(
    ["a.png", "a.png", 2, 1],
    TypeError,
    "'bytes' must be a Uint8Array: current value is 'a.png'",
  );
  await refused(
    [GOOD, "a.png", 0, 1],
    RangeError,
    "'width' must be 1 or more: current value is 0",
  );
  await refused(
    [GOOD, "a.png", 2, "1"],
    TypeError,
    "'height' must be a whole number 1 or more: current value is '1'",
  );
  await refused(
    [GOOD, "a.png", 2, 1, { invert: "yes" }],
    TypeError,
    "'invert' must be true, false or 'auto': current value is 'yes'",
  );
});
