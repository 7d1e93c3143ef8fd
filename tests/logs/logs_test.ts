/** What `train` writes of its epochs while it trains. */
import assert from "node:assert/strict";
import { decode } from "fast-png";
import papaparse from "papaparse";
import { CommandLine, jsonLines } from "../cli/command_line.ts";
import { CSV_LOG } from "../../src/logs/log_lines.ts";
import { LogWriter } from "../../src/logs/log_writer.ts";
import { weightImages } from "../../src/logs/weight_images.ts";
import { Mlp } from "../../mod.ts";
import { inFolder } from "../in_folder.ts";
import { Message, recordsOf } from "./protobuf_reader.ts";

const line = new CommandLine();

const IRIS =
  "--dataset iris.csv --hidden 3 --epochs 3 --validation-split 0.2 --timings";

/** The values of all events of a folder by tag, and their epochs. */
function valuesOf(folder: string): Map<string, [number, Message][]> {
  const found = new Map<string, [number, Message][]>();
  for (const { name } of Deno.readDirSync(line.path(folder))) {
    assert.match(name, /^events\.out\.tfevents\.\d+\./);
    const file = Deno.readFileSync(`${line.path(folder)}/${name}`);
    const [first, ...others] = recordsOf(file).map((data) => new Message(data));
    assert.equal(first.text(3), "brain.Event:2");
    for (const event of others.filter((event) => event.all(5).length > 0)) {
      assert.ok(event.number(1) > 1.7e9);
      for (const value of event.message(5).messages(1)) {
        const before = found.get(value.text(1)) ?? [];
        found.set(value.text(1), [...before, [event.number(2), value]]);
      }
    }
  }
  return found;
}

Deno.test("logs have all that train --json tells of the epochs", async () => {
  const events = await line.json(
    "train",
    `${IRIS} --log a.csv --tensorboard board --save m.json`,
  );
  const epochs = events.filter(({ event }) => event === "epoch");
  assert.equal(epochs.length, 3);

  const text = Deno.readTextFileSync(line.path("a.csv"));
  const [head, ...rows] = papaparse.parse<string[]>(text.trimEnd()).data;
  assert.equal(rows.length, 3);
  const board = valuesOf("board");
  for (const [at, epoch] of epochs.entries()) {
    const cell = (name: string) => Number(rows[at][head.indexOf(name)]);
    const shown = (tag: string) => {
      const [step, value] = board.get(tag)![at];
      assert.equal(step, at + 1);
      return value.number(2);
    };
    const { part, name: op, layer, milliseconds } = epoch.timings[0];
    assert.equal(cell("epoch"), at + 1);
    for (
      const [name, value] of [
        ["seconds", epoch.seconds],
        ["learningRate", epoch.learningRate],
        ["loss", epoch.loss],
        ["accuracy", epoch.accuracy],
        ["lastBatch.cost", epoch.lastBatch.cost],
        ["validation.loss", epoch.validation.loss],
        ["validation.accuracy", epoch.validation.accuracy],
        [`timings.${part}.${op}.${layer}`, milliseconds],
      ]
    ) {
      assert.equal(cell(name), value, name);
      const tag = name.replaceAll(".", "/");
      assert.equal(shown(tag), Math.fround(value), tag);
    }
  }
  // The weights of the last epoch are those that were saved.
  const { weights } = await Mlp.load(line.path("m.json"));
  for (const [layer, own] of weights.entries()) {
    const [step, value] = board.get(`weights/layer ${layer + 1}`)!.at(-1)!;
    assert.equal(step, 3);
    const found = value.message(5);
    const sorted = own.toSorted();
    const edges = [found.number(1), found.number(2), found.number(3)];
    assert.deepEqual(edges, [sorted[0], sorted.at(-1), own.length]);
    let below = 0;
    const counts = found.doubles(7);
    for (const [at, limit] of found.doubles(6).entries()) {
      below += counts[at];
      const wanted = sorted.filter((weight) => weight <= limit).length;
      assert.ok(Math.abs(below - wanted) <= 1, `${below} for ${wanted}`);
    }
    assert.equal(below, own.length);
  }
  const [[, shown]] = board.get("network")!;
  assert.match(shown.message(8).text(8), /layer +nodes +activation/);
  assert.equal(shown.message(9).message(1).text(1), "text");
});

Deno.test("a log that is there is refused, unless the training goes on with it", async (test) => {
  const train = "--dataset iris.csv --hidden 3 --checkpoint c.ck --log b.jsonl";
  const more = `${train} --tensorboard more`;
  const first = await line.json("train", `${more} --epochs 4`);
  // The last lines are of a training that was killed before its next checkpoint, the very last one not whole.
  const path = line.path("b.jsonl");
  const whole = Deno.readTextFileSync(path);
  const later = '{"event":"epoch","epoch":5,"loss":9}\n{"event":"ep';
  Deno.writeTextFileSync(path, later, { append: true });
  await line.refusedAll(test, [
    { name: "train", args: train, message: /'b.jsonl' as it has a training/ },
    {
      name: "train",
      args: "--dataset iris.csv --tensorboard more",
      message: /'more' as it has a training/,
    },
    {
      name: "train",
      args: "--dataset iris.csv --log b.txt",
      message: /'b.txt' as its name must end in '.csv' or '.jsonl'$/m,
    },
    {
      name: "train",
      args: "--ensemble 2 --log b.csv",
      message: /'--ensemble' and '--log' exclude each other$/m,
    },
  ]);
  const second = await line.json(
    "train",
    `${more} --resume c.ck --epochs 6`,
  );
  const text = Deno.readTextFileSync(path);
  assert.ok(text.startsWith(whole) && text.endsWith("\n"));
  const [facts, ...epochs] = jsonLines(text);
  assert.equal(facts.dataset, "iris.csv");
  assert.deepEqual(facts.layers, first[0].layers);
  const wanted = [...first, ...second].filter(({ event }) => event === "epoch");
  assert.equal(wanted.length, 6);
  assert.deepEqual(epochs, wanted);
  const steps = valuesOf("more").get("loss")!.map(([step]) => step);
  assert.deepEqual(steps.toSorted(), [1, 2, 3, 4, 5, 6]);
});

Deno.test("a log of other columns isn't gone on with", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.csv`;
    const lastBatch = { cost: 1, regularizationFraction: 0 };
    const epoch = { epoch: 1, seconds: 2, learningRate: 3, loss: 4, lastBatch };
    await new LogWriter(path).epoch(epoch, {});
    const again = new LogWriter(path, 1);
    const more = { ...epoch, epoch: 2, accuracy: 0.5 };
    await assert.rejects(again.epoch(more, {}), (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, /a\.csv' as its columns must be those/);
      return true;
    });
    assert.equal(
      Deno.readTextFileSync(path),
      `${CSV_LOG.head({}, epoch)}\n1,2,3,4,1,0\n`,
    );
  });
});

Deno.test("the first layer of images is shown, a tile for each node", async () => {
  await line.output(
    "train",
    "--dataset mnist --epochs 1 --hidden 5 --batch-size 5000 --tensorboard digits --save digits.json --quiet",
  );
  const [[, value]] = valuesOf("digits").get("weights/first layer")!;
  const picture = value.message(4);
  const { width, height, data, channels } = decode(picture.bytes(4));
  assert.deepEqual([picture.number(2), picture.number(1)], [width, height]);
  // 3 tiles across and 2 down, with a line between them.
  assert.deepEqual([width, height, channels], [3 * 29 - 1, 2 * 29 - 1, 1]);
  const [weights] = (await Mlp.load(line.path("digits.json"))).weights;
  const greatest = weights.subarray(5).reduce(
    (most, weight) => Math.max(most, Math.abs(weight)),
    0,
  );
  // Node 4 is the second of the second row; column-major after the biases.
  const pixel = 300;
  const weight = weights[5 + pixel * 5 + 4];
  const at = (29 + Math.floor(pixel / 28)) * width + 29 + pixel % 28;
  assert.equal(data[at], Math.round(128 + 127 * weight / greatest));
  // A node, 2 pixels: bias, then the weights.
  assert.deepEqual(weightImages(Float32Array.of(9, -1, 0.5), 2, 1), {
    ...{ width: 2, height: 1 },
    pixels: Uint8Array.of(1, 192),
  });
});
