import assert from "node:assert/strict";
import { inSlices } from "../../src/slices/in_slices.ts";

Deno.test("inSlices() covers everything once, in ascending ranges", async () => {
  for (const [count, size] of [[0, 3], [1, 3], [3, 3], [10, 3], [5, 100]]) {
    const seen: number[] = [];
    await inSlices(count, size, (from, to) => {
      assert.ok(to > from && to - from <= size);
      for (let at = from; at < to; at++) seen.push(at);
    });
    assert.deepEqual(seen, Array.from({ length: count }, (_, at) => at));
  }
});

Deno.test("inSlices() lets a timer tick while it works", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  await inSlices(200, 1, () => {
    const end = performance.now() + 1;
    while (performance.now() < end);
  });
  clearInterval(timer);
  // 20 are due in 200 ms of work; a machine that is busy may drop some.
  assert.ok(ticks >= 5, `${ticks} ticks`);
});

Deno.test("inSlices() passes an error on", async () => {
  const fail = () => {
    throw new RangeError("no");
  };
  await assert.rejects(inSlices(1, 1, fail), new RangeError("no"));
});
