import assert from "node:assert/strict";
import { Arena } from "../../src/memory/arena.ts";

Deno.test("an arena allocates zeros on cache lines, also in memory that was used before", () => {
  const arena = new Arena();
  const mark = arena.mark();
  const first = arena.allocate(100);
  const second = arena.allocate(100);
  assert.equal(first % 64, 0);
  assert.equal(second % 64, 0);
  assert.ok(second >= first + 100);
  arena.floats(first, 25).fill(7);
  arena.floats(second, 25).fill(7);
  arena.release(mark);
  assert.equal(arena.allocate(200), first);
  assert.ok(arena.floats(first, 50).every((value) => value === 0));
});

Deno.test("an arena grows, and views from before stay valid", () => {
  const arena = new Arena();
  const layout = arena.allocateMatrix(3, 2);
  const matrix = arena.matrix(layout);
  matrix.fromPacked(Float32Array.of(1, 2, 3, 4, 5, 6));
  arena.allocate(10_000_000);
  assert.ok(arena.memory.buffer.byteLength > 10_000_000);
  assert.deepEqual([...matrix.toPacked()], [1, 2, 3, 4, 5, 6]);
  matrix.values[0] = 9;
  assert.equal(arena.matrix(layout).values[0], 9);
});

Deno.test("a matrix is column-major, with padding that stays zero", () => {
  const arena = new Arena();
  const matrix = arena.matrix(arena.allocateMatrix(3, 2));
  matrix.fromPacked(Float32Array.of(1, 2, 3, 4, 5, 6));
  assert.equal(matrix.ld, 8);
  assert.deepEqual([...matrix.values], [
    ...[1, 2, 3, 0, 0, 0, 0, 0],
    ...[4, 5, 6, 0, 0, 0, 0, 0],
  ]);
  // Columns that were 1 KB apart would share a few sets of a cache.
  const lds = [248, 250, 256, 264, 1024].map((rows) =>
    arena.allocateMatrix(rows, 1).ld
  );
  assert.deepEqual(lds, [248, 272, 272, 264, 1040]);
});

Deno.test("an arena refuses more than 4 GiB, and stays usable", () => {
  const arena = new Arena();
  assert.throws(
    () => arena.layOut("the test's buffers", (a) => a.allocate(5e9)),
    /^RangeError: Cannot allocate memory as the test's buffers need 5000000000 bytes: 4294966272 bytes can be addressed$/,
  );
  assert.equal(arena.bytes, 1024);
  arena.floats(arena.allocate(4), 1)[0] = 1;
});
