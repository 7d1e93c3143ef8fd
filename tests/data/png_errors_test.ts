import assert from "node:assert/strict";
import { decodePng } from "../../src/data/png.ts";
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

/** Files that can't be read, and why. Messages of the decoder are only checked to be passed on. */
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
    pngFile({ ...FILE, depth: 4, colorType: 2, values: [1, 2, 3, 4, 5, 6] }),
    /its depth must be 8 or 16 bits as of color type 2: current value is 4$/,
  ],
  [
    pngFile({ ...FILE, depth: 9, values: [7, 8] }),
    /its depth must be 1, 2, 4, 8 or 16 bits as of color type 0: current value is 9$/,
  ],
  [GOOD.with(25, 5), /its color type must be 0, 2, 3, 4 or 6: current .* 5$/],
  [GOOD.with(26, 1), /its compression must be 0: current value is 1$/],
  [GOOD.with(27, 1), /its method of filters must be 0: current value is 1$/],
  [GOOD.with(28, 2), /its interlacing must be 0 or 1: current value is 2$/],
  [
    GOOD.with(28, 1),
    /its checksum of chunk IHDR must be 0x[\da-f]{8}: current value is 0x[\da-f]{8}$/,
  ],
  [changed(GOOD, 50), /its checksum of chunk IDAT must be 0x/],
  [
    GOOD.subarray(0, -1),
    /its last chunk must be IEND: current value is the end of the file$/,
  ],
  [
    GOOD.subarray(0, 50),
    /its chunk IDAT must be 11 bytes long: current value is 5 bytes$/,
  ],
  [
    GOOD.with(33, 0xff),
    /its chunk IDAT must be 4278190091 bytes long: current value is 23 bytes$/,
  ],
  [
    GOOD.with(37, 0x1b),
    /its chunk at byte 33 must be named by 4 letters: current value is others$/,
  ],
  [
    pngFile({ ...FILE, extras: [["IHDR", new Uint8Array(13)]] }),
    /its count of chunks IHDR must be 1: current value is more$/,
  ],
  [
    pngFile({ ...FILE, extras: [["ABCD", new Uint8Array(2)]] }),
    /its chunks must be IDAT, IHDR, PLTE, tRNS, IEND or extras: current value is ABCD$/,
  ],
  [
    pngFile({ ...FILE, values: [7] }),
    /its pixels must be 3 bytes unpacked: current value is 2$/,
  ],
  [
    pngFile({ ...FILE, values: [7, 8], filters: [5] }),
    /its filter of a row must be from 0 to 4: current value is 5$/,
  ],
  [
    pngFile({ ...FILE, packed: new Uint8Array(9) }),
    /it must be whole zlib data: /,
  ],
  [pngFile({ ...FILE, transparency: [1] }), /chunk tRNS must be 2 bytes long/],
  [
    pngFile({
      ...{ ...FILE, colorType: 4, values: [1, 2, 3, 4] },
      transparency: [0, 1],
    }),
    /its chunk tRNS must be 0 bytes long: current value is 2$/,
  ],
  [
    pngFile({ ...FILE, colorType: 3, values: [0, 0], palette: [1, 2] }),
    /its palette must be a multiple of 3 bytes long: current value is 2$/,
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
  Deno.test(`decodePng() refuses: ${message.source}`, async () => {
    await assert.rejects(
      decodePng(bytes, { name: "a/b.png", width: 2, height: 1 }),
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
        assert.ok(error.message.startsWith("Cannot read 'a/b.png' as "));
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

Deno.test("decodePng() refuses arguments of the wrong type or range", async () => {
  const refused = (
    bytes: unknown,
    options: object,
    type: new (message: string) => Error,
    why: string,
  ) =>
    assert.rejects(
      decodePng(bytes as Uint8Array, options),
      new type(`Cannot read a PNG image as ${why}`),
    );
  await refused(
    "a.png",
    {},
    TypeError,
    "'bytes' must be a Uint8Array (readPng() takes a path): current value is 'a.png'",
  );
  await refused(
    GOOD,
    { name: 5 },
    TypeError,
    "'name' must be a string: current value is 5",
  );
  await refused(
    GOOD,
    { width: 0 },
    RangeError,
    "'width' must be a whole number of 1 or more: current value is 0",
  );
  await refused(
    GOOD,
    { width: 2, height: "1" },
    TypeError,
    "'height' must be a whole number of 1 or more: current value is '1'",
  );
  await refused(
    GOOD,
    { invert: "yes" },
    TypeError,
    "'invert' must be true, false or 'auto': current value is 'yes'",
  );
  await refused(
    GOOD,
    { inverted: true },
    TypeError,
    "'inverted' is no option: did you mean 'invert'?",
  );
});

Deno.test("decodePng() refuses sizes that no network has, before anything is unpacked", async () => {
  for (const [width, height] of [[0, 1], [1, 0], [4097, 4096]]) {
    const bytes = pngFile({ ...FILE, width, height, values: [] });
    await assert.rejects(decodePng(bytes), {
      name: "RangeError",
      message:
        `Cannot read 'image.png' as its size must be of 1 to 16777216 pixels: current value is ${width} × ${height}`,
    });
  }
});
