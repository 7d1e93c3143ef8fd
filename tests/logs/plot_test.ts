/** `deno task plot` on a log whose numbers are known. */
import assert from "node:assert/strict";
import { decode } from "fast-png";
import { Mlp } from "../../mod.ts";
import { CommandLine } from "../cli/command_line.ts";

const line = new CommandLine();

line.write(
  "a.csv",
  "epoch,seconds,loss,lastBatch.cost,validation.loss,validation.r2\n" +
    "1,1,4,9,2,0.5\n2,1,3,9,1,0.75\n3,1,2,9,NaN,0.6\n",
);

Deno.test("plot draws loss and metrics, with the epoch whose validation's loss is the least", async () => {
  const [found] = await line.json("plot", "a.csv --output a.svg");
  assert.deepEqual(found, {
    output: "a.svg",
    titles: ["Loss by epoch", "R² by epoch"],
  });
  const svg = Deno.readTextFileSync(line.path("a.svg"));
  const curves = [...svg.matchAll(/points="(.*?)"/g)].map(([, points]) =>
    points.split(" ").map((place) => place.split(",").map(Number))
  );
  assert.deepEqual(curves.map((points) => points.map(([x]) => x)), [
    ...[[50, 218, 386], [50, 218], [50, 218, 386]],
  ]);
  const [[[, four], [, three]], [, [, one]]] = curves;
  assert.ok(Math.abs((one - four) / (three - four) - 3) < 0.01);
  assert.deepEqual(
    [...svg.matchAll(/best epoch [^<]*/g)].map(([text]) => text),
    ["best epoch 2: 1", "best epoch 2: 0.75"],
  );
  const dots = [...svg.matchAll(/cx="(.*?)" cy="(.*?)" r="4.5"/g)];
  assert.deepEqual(dots[0].slice(1).map(Number), [218, one]);
});

Deno.test("a PNG is what the SVG shows", async () => {
  await line.output("plot", "a.csv --output a.PNG");
  const { width, height, data } = decode(Deno.readFileSync(line.path("a.PNG")));
  // Twice two pictures of 400 by 281, and what is between them.
  assert.deepEqual([width, height], [2 * 848, 2 * 345]);
  const counts = new Map<number, number>();
  const view = new DataView(data.buffer, data.byteOffset);
  for (let at = 0; at < data.length; at += 4) {
    const color = view.getUint32(at);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  assert.ok(counts.get(0xffffffff)! > 0.9 * width * height);
  // Curves of both colors, and text.
  for (const color of [0x0067a3ff, 0xc14a00ff, 0x59626bff]) {
    assert.ok(counts.get(color)! > 200, `${color}: ${counts.get(color)}`);
  }
});

Deno.test("what can't be drawn, and where to, is refused", async (test) => {
  line.write("empty.csv", "epoch,loss\n");
  await using mlp = new Mlp({
    ...{ layers: [1, 1], training: { curves: { epoch: [1], loss: [] } } },
  });
  await mlp.save(line.path("iris.json"));
  await line.refusedAll(test, [
    {
      ...{ name: "plot", args: "--output a.svg" },
      message: /as one log must be given, .*: current number is 0$/m,
    },
    {
      ...{ name: "plot", args: "a.csv a.csv --output b.svg" },
      message: /current number is 2$/m,
    },
    {
      ...{ name: "plot", args: "a.csv" },
      message: /as '--output FILE' must be given$/m,
    },
    {
      ...{ name: "plot", args: "a.csv --output a.gif" },
      message: /^Cannot write 'a.gif' as its name must end in '.svg' or '.png'/,
    },
    {
      ...{ name: "compare", args: "a.csv --svg a.png" },
      message: /^Cannot write 'a.png' as its name must end in '.svg'$/m,
    },
    {
      ...{ name: "plot", args: "iris.json --output a.svg" },
      message:
        /^Cannot read 'iris.json' as it keeps no curves: give what train --log has written$/m,
    },
    {
      ...{ name: "plot", args: "empty.csv --output a.svg" },
      message: /^Cannot read 'empty.csv' as it must have an epoch$/m,
    },
    {
      ...{ name: "plot", args: "a.csv --output no/a.svg" },
      message: /^Cannot write 'no\/a.svg' as there is no such folder 'no'/,
    },
  ]);
});
