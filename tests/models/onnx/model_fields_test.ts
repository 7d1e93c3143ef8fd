/** The fields of a file as a whole: what follows it, or is there twice, isn't skipped. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import { modelToOnnx } from "../../../src/models/onnx/model_to_onnx.ts";
import { B, file, GEMM, W } from "./graphs.ts";

const MODEL = await modelFromOnnx(await file([GEMM], [W, B]), "a.onnx");
const BYTES = await modelToOnnx(MODEL);

const withTail = (...tail: number[]) => Uint8Array.of(...BYTES, ...tail);

/** What is wrong, the bytes at the end, and how it is told. */
const DEFECTS: [string, number[], RegExp][] = [
  ["an unknown field", [0x48, 0x7a], /field 9 at byte \d+ is unknown$/],
  ["a field of number 0", [0x00], /field 0 at byte \d+ is unknown$/],
  ["a large number", [0xf8, 0xff, 0xff, 0xff, 0x0f, 0], /is unknown$/],
  ["a second version", [0x08, 0x08], /field 1 at byte \d+ is there twice$/],
  ["a second graph", [0x3a, 0x00], /field 7 at byte \d+ is there twice$/],
  ["a version as text", [0x0a, 0x00], /field 1 at byte \d+ is of another type/],
  ["a list as a number", [0x40, 0x00], /field 8 at byte \d+ is of another/],
  ["half a tag", [0xc2], /it ends within a field$/],
  ["a tag alone", [0x42], /it ends within a field$/],
  ["less than its length", [0x42, 0x03, 0x0a, 0x00], /it ends within a field$/],
  [
    "a number without an end",
    [0x28, ...new Array(11).fill(0x80)],
    /number at byte \d+ is too long$/,
  ],
];

for (const [what, tail, message] of DEFECTS) {
  Deno.test(`modelFromOnnx() refuses a file with ${what} at its end`, async () => {
    await assert.rejects(
      modelFromOnnx(withTail(...tail), "a.onnx"),
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
        assert.match(
          error.message,
          /^Cannot read 'a.onnx' as it must be whole ONNX data: /,
        );
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

/** Numbers of the fields that may come once more: lists, and what modelToOnnx() doesn't write. */
const LISTS = [8, 14, 20, 25, 26];
const UNWRITTEN = [3, 4, 5, 6];

Deno.test("modelFromOnnx() takes every field that the format allows", async () => {
  for (const number of [...LISTS, ...UNWRITTEN]) {
    const tag = number << 3 | (number === 5 ? 0 : 2);
    const bytes = tag < 128 ? [tag] : [tag & 127 | 128, tag >> 7];
    assert.deepEqual(
      await modelFromOnnx(withTail(...bytes, 0), "a.onnx"),
      MODEL,
      `${number}`,
    );
  }
});

Deno.test("modelFromOnnx() refuses bytes at the end, unless they are fields that the format allows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 9 }),
      async (tail) => {
        const read = await modelFromOnnx(withTail(...tail), "a.onnx").catch(
          (error) => {
            assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
            assert.match(error.message, /^Cannot read 'a.onnx' as /);
          },
        );
        if (read === undefined) return;
        const tag = tail[0] < 128 ? tail[0] : tail[0] & 127 | tail[1] << 7;
        assert.ok([...LISTS, ...UNWRITTEN].includes(tag >> 3), `${tail}`);
        assert.deepEqual(read, MODEL);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
