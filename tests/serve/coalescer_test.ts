/** Requests that are computed together, and what is counted of them. */
import assert from "node:assert/strict";
import { Coalescer } from "../../src/serve/coalescer.ts";
import { Metrics } from "../../src/serve/metrics.ts";
import { Refusal } from "../../src/web/responses.ts";

Deno.test("a call has rows of several requests up to a limit, and requests are refused from another one on", async () => {
  const calls: number[] = [];
  // Rows of two inputs, of which the output is the sum.
  const predict = (x: Float32Array) => {
    calls.push(x.length / 2);
    const sums = Array.from(
      { length: x.length / 2 },
      (_, at) => x[2 * at] + x[2 * at + 1],
    );
    return Promise.resolve(Float32Array.from(sums));
  };
  const coalescer = new Coalescer(predict, 2, 4, 12);
  const rows = (count: number, first: number) =>
    Float32Array.from({ length: 2 * count }, (_, at) => first + at);
  const added = [[3, 1], [1, 10], [1, 20], [5, 30], [2, 50]]
    .map(([count, first]) => coalescer.add(rows(count, first)));
  await assert.rejects(coalescer.add(rows(1, 0)), (error) => {
    assert.ok(error instanceof Refusal);
    assert.equal(error.status, 503);
    return true;
  });
  const found = await Promise.all(added);
  assert.deepEqual(found.map((sums) => [...sums]), [
    ...[[3, 7, 11], [21], [41]],
    ...[[61, 65, 69, 73, 77], [101, 105]],
  ]);
  assert.deepEqual(calls, [4, 1, 5, 2]);
  assert.deepEqual([coalescer.calls, coalescer.rows], [4, 0]);
  // One alone may have more rows than may wait.
  assert.equal((await coalescer.add(rows(13, 0))).length, 13);
});

Deno.test("a time that equals a bound is within it, as Prometheus has it", () => {
  const metrics = new Metrics();
  for (const seconds of [0.005, 0.0051, 11]) {
    metrics.begun();
    metrics.answered(200, seconds, 2);
  }
  const text = metrics.text(3, 0);
  const counts = [...text.matchAll(/\{le="([^"]+)"\} (\d+)/g)]
    .map(([, bound, count]) => `${bound}: ${count}`);
  const all = ["0.0025: 0", "0.005: 1", "0.01: 2", "10: 2", "+Inf: 3"];
  assert.deepEqual(counts.filter((count) => all.includes(count)), all);
  assert.match(text, /^lockstep_rows_total 6$/m);
});
