/** `train --trace`: what workers did, in the format that Perfetto opens. */
import assert from "node:assert/strict";
import { CommandLine, type Json } from "./command_line.ts";

const line = new CommandLine();
const ARGS = "--dataset iris.csv --hidden 8 --epochs 2 --quiet";

Deno.test("train --trace: ops, claims and waits of each worker, one after another", async () => {
  await line.output("train", `${ARGS} --workers 2 --trace trace.json`);
  const { traceEvents } = line.readJson("trace.json");
  const lanes = traceEvents.filter(({ ph }: Json) => ph === "M");
  assert.deepEqual(
    lanes.map(({ tid, args }: Json) => [tid, args.name]),
    [[1, "worker 0"], [2, "worker 1"]],
  );
  const spans = traceEvents.filter(({ ph }: Json) => ph === "X");
  const names = new Set(spans.map(({ name }: Json) => name));
  for (const name of ["wait", "claim", "product 1", "product 2"]) {
    assert.ok(names.has(name), `${name} of ${[...names]}`);
  }
  assert.equal(Math.min(...spans.map(({ ts }: Json) => ts)), 0);
  // 120 samples in batches of 32: 4 in each epoch.
  assert.equal(Math.max(...spans.map(({ args }: Json) => args.step)), 8);
  for (const { tid } of lanes) {
    const own = spans.filter((span: Json) => span.tid === tid);
    assert.ok(own.length > 0);
    for (let n = 1; n < own.length; n++) {
      const { ts, dur } = own[n - 1];
      // Digits of a float64 of microseconds.
      assert.ok(dur >= 0 && ts + dur <= own[n].ts + 1e-3);
    }
  }
});

Deno.test("train --trace is refused where several networks are trained", async () => {
  await line.refused(
    "train",
    `${ARGS} --ensemble 2 --trace trace.json`,
    /^Cannot train with '--trace' as there are several networks/,
  );
});
