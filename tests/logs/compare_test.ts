/** `deno task compare` on logs whose numbers are known. */
import assert from "node:assert/strict";
import { CommandLine } from "../cli/command_line.ts";
import { standaloneSvg } from "../../src/charts/chart.ts";
import { xyChart } from "../../src/charts/xy_chart.ts";

const line = new CommandLine();

line.write(
  "a.csv",
  'epoch,loss,kernels,validation.loss\n1,3,"x, y",4\n2,2,"x, y",1.5\n3,1,"x, y",2\n4,0',
);
line.write(
  "b.jsonl",
  '{"event":"start","layers":[4,3]}\n{"event":"epoch","epoch":1,"loss":"Infinity"}\n' +
    '{"event":"epoch","epoch":2,"loss":0.5,"accuracy":0.75}\n',
);

Deno.test("compare tells the last and the best epoch of each log, and draws them", async () => {
  assert.deepEqual(await line.json("compare", "a.csv b.jsonl"), [
    {
      ...{ name: "a.csv", metric: "validation.loss", epochs: 3 },
      last: { epoch: 3, loss: 1, "validation.loss": 2 },
      best: { epoch: 2, loss: 2, "validation.loss": 1.5 },
    },
    {
      ...{ name: "b.jsonl", metric: "loss", epochs: 2 },
      last: { epoch: 2, loss: 0.5, accuracy: 0.75 },
      best: { epoch: 2, loss: 0.5, accuracy: 0.75 },
    },
  ]);
  const text = await line.output("compare", "a.csv b.jsonl --svg c.svg");
  const [head, last, best, , , , bars, others] = text.split("\n");
  assert.deepEqual(head.trim().split(/ +/), [
    ...["log", "epoch", "loss", "accuracy", "validation.loss"],
  ]);
  assert.deepEqual(last.split(/ +/), ["a.csv", "last", "3", "1", "2"]);
  assert.deepEqual(best.trim().split(/ +/), ["best", "2", "2", "1.5"]);
  // From 0.5 to 4: 4 is the greatest, 1.5 is 2 of 7 steps up, 2 is 3.
  assert.equal(bars, "█▃▄  a.csv validation.loss");
  assert.equal(others, "?▁  b.jsonl loss");
  const svg = Deno.readTextFileSync(line.path("c.svg"));
  // The greatest value is at the top left, the least of the other curve at the bottom.
  const [a, b] = [...svg.matchAll(/points="(.*?)"/g)].map(([, points]) =>
    points.split(" ")
  );
  const places = [...a, ...b].map((place) => place.split(",").map(Number));
  const [[left, top], , [right]] = places;
  assert.deepEqual([left, right], [50, 386]);
  // Its only finite value is at epoch 2, halfway, and as far below 4 as there is.
  const [x, y] = places[3];
  assert.deepEqual([x, places.length], [218, 4]);
  // 1.5 is 2.5 of 3.5 down.
  assert.ok(Math.abs((places[1][1] - top) / (y - top) - 2.5 / 3.5) < 1e-3);
});

Deno.test("names of logs are text in pictures", () => {
  const curve = { name: "<script>&\0", points: [[1, 1]] as const };
  const [x, y] = [{ label: "epoch" }, { label: '"\u202e' }];
  const curves = [curve, curve];
  const chart = xyChart({ title: "t", x, y, curves });
  const svg = standaloneSvg("'t'", [chart]);
  assert.ok(svg.includes(">&lt;script&gt;&amp;\\x00</text>"));
  assert.ok(svg.includes(">&quot;\\u202e</text>"));
  assert.ok(svg.includes("<title>&#39;t&#39;</title>"));
  assert.ok(!svg.includes("<script"));
});

Deno.test("what is no log is refused", async (test) => {
  line.write("empty.csv", "epoch,loss\n");
  line.write("broken.jsonl", '{"event":"epoch"}\n');
  await line.refusedAll(test, [
    { name: "compare", args: "--json", message: /a log must be given/ },
    { name: "compare", args: "no.csv", message: /as there is no such file$/m },
    {
      name: "compare",
      args: "empty.csv",
      message: /^Cannot read 'empty.csv' as it must have an epoch$/m,
    },
    {
      name: "compare",
      args: "broken.jsonl",
      message: /'broken.jsonl' as epoch 1 of it must have numbers/,
    },
    {
      name: "compare",
      args: "iris.csv",
      message: /'iris.csv' as epoch 1 of it must have numbers/,
    },
    {
      name: "compare",
      args: "a.csv --svg a.csv",
      message: /^Cannot write 'a.csv' as '--svg' must be another file/m,
    },
  ]);
});
