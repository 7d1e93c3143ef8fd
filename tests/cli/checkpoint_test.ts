/** A training resumed from a checkpoint gives the bits of one without a break. */
import assert from "node:assert/strict";
import { CommandLine, type Json } from "./command_line.ts";

const line = new CommandLine();

/** What a training prints: its epochs, and the hash of its weights. */
async function train(args: string): Promise<{ epochs: Json[]; sum: string }> {
  const events = await line.json("train", args);
  return { epochs: events.slice(1, -1), sum: events.at(-1).weightsSha256 };
}

/** An epoch's event without its time. */
const withoutTime = ({ seconds: _, ...event }: Json) => event;

const CASES: Record<string, string> = {
  "the article's, each rate from the one before":
    "--dataset iris.csv --preset article --learning-rate-decay 0.1 --momentum 0.3 --batch-size 30",
  "adamw with dropout and class weights, shuffled every epoch":
    "--dataset iris.csv --optimizer adamw --dropout 0.2,0.1 --batch-size 16 " +
    "--class-weights balanced",
  "sgd at a plateau, with samples held back":
    "--dataset diabetes.csv --optimizer sgd --nesterov --schedule plateau " +
    "--plateau-patience 1 --validation-split 0.2",
};

for (const [name, args] of Object.entries(CASES)) {
  Deno.test(`train --resume: the bits of ${name}, with more epochs and other workers`, async () => {
    const [dataset] = /--dataset \S+/.exec(args)!;
    const [whole] = await Promise.all([
      train(`${args} --epochs 7 --workers 3`),
      train(`${args} --epochs 3 --checkpoint at3.ck`),
    ]);
    const rest = await train(`--resume at3.ck --epochs 7 ${dataset}`);
    assert.equal(rest.sum, whole.sum);
    assert.deepEqual(
      rest.epochs.map(withoutTime),
      whole.epochs.slice(3).map(withoutTime),
    );
  });
}

Deno.test("train --resume keeps on from the last epoch, not from the best one", async () => {
  // The third epoch is the best; the sixth makes it stop.
  const args =
    "--dataset iris.csv --preset article --output softmax --optimizer sgd --learning-rate 0.5 --hidden 5 " +
    "--batch-size 5 --validation-split 0.3 --patience 3 --l2 0.001";
  const [whole] = await Promise.all([
    train(`${args} --epochs 20`),
    train(`${args} --epochs 4 --checkpoint best.ck`),
  ]);
  assert.equal(whole.epochs.length, 6);
  const rest = await train("--resume best.ck --dataset iris.csv --epochs 20");
  assert.deepEqual(
    rest.epochs.map(withoutTime),
    whole.epochs.slice(4).map(withoutTime),
  );
  assert.equal(rest.sum, whole.sum);
});

Deno.test("train --resume of a training that stopped by itself trains no more", async () => {
  const args =
    "--dataset iris.csv --preset article --output softmax --optimizer sgd --learning-rate 0.5 --hidden 5 " +
    "--batch-size 5 --validation-split 0.3 --patience 1 --epochs 20";
  const whole = await train(`${args} --checkpoint over.ck`);
  assert.ok(whole.epochs.length < 20);
  const rest = await train("--resume over.ck --dataset iris.csv");
  assert.equal(rest.sum, whole.sum);
  assert.deepEqual(rest.epochs, []);
});

Deno.test("train --resume with no epoch left says what is there, and a saved model has the options in force", async () => {
  const args = "--dataset iris.csv --hidden 4 --optimizer adam";
  const first = await train(`${args} --epochs 2 --checkpoint done.ck`);
  const [again] = await Promise.all([
    train("--resume done.ck --dataset iris.csv --save again.json"),
    train("--resume done.ck --dataset iris.csv --epochs 3 --save more.json"),
  ]);
  assert.deepEqual(again.epochs, []);
  assert.equal(again.sum, first.sum);
  assert.equal(line.readJson("again.json").description.training.epochs, "2");
  assert.equal(line.readJson("more.json").description.training.epochs, "3");
});

/** The progress in a checkpoint. The header of a safetensors file is JSON behind its length in 8 bytes. */
function progressOf(name: string): Json {
  const bytes = Deno.readFileSync(line.path(name));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  return JSON.parse(JSON.parse(header).__metadata__.progress);
}

Deno.test("train --checkpoint-every: a training that is killed goes on from the last multiple", async () => {
  const args =
    "--dataset iris.csv --optimizer adam --dropout 0.1 --batch-size 10";
  const child = line.start(
    "train",
    `${args} --epochs 1000000 --json --checkpoint killed.ck --checkpoint-every 2`,
  );
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    // A checkpoint is written before the next epoch starts.
    if (text.includes('"epoch":3,')) break;
  }
  child.kill("SIGKILL");
  await child.stderr.cancel();
  assert.equal((await child.status).success, false);

  const { epoch, batch } = progressOf("killed.ck");
  assert.ok(epoch >= 2);
  assert.deepEqual([epoch % 2, batch], [0, 0]);
  const [rest, whole] = await Promise.all([
    train(`--resume killed.ck --dataset iris.csv --epochs ${epoch + 1}`),
    train(`${args} --epochs ${epoch + 1}`),
  ]);
  assert.deepEqual(rest.epochs.map((event) => event.epoch), [epoch + 1]);
  assert.equal(rest.sum, whole.sum);
});

const OTHERS: [string, RegExp][] = [
  [
    "--learning-rate 0.5",
    /'--learning-rate' must be 0.001 as before: current value is 0.5$/m,
  ],
  [
    "--batch-size 60",
    /'--batch-size' must be 32 as before: current value is 60$/m,
  ],
  ["--dropout 0.5", /'--dropout' must be \[0\] as before: .* \[0.5\]$/m],
  ["--test-split 0.5", /'--test-split' must be '0.2' as before/],
  [
    "--dataset diabetes.csv",
    /'diabetes.csv' as '--target' must be .*'species'/,
  ],
  ["--dataset mnist", /'--dataset' must be 'iris.csv' as before/],
  ["--hidden 5", /'--hidden' must be '4' as before: current value is '5'/],
  ["--activation tanh", /'--activation' must be left out as before/],
  ["--loss halfSquaredError", /'--loss' must be left out as before/],
  ["--scale minmax", /'--scale' must be left out as before/],
  ["--seed 2", /'--seed' must be '1' as before: current value is '2'/],
  ["--class-weights 1,2,3", /'--class-weights' must be left out as before/],
];

Deno.test("train --resume refuses other samples and settings than those of the checkpoint", async (test) => {
  await train("--dataset iris.csv --epochs 1 --hidden 4 --checkpoint mine.ck");
  await line.refusedAll(
    test,
    OTHERS.map(([args, message]) => ({
      title: args,
      name: "train",
      args: `--resume mine.ck --epochs 2 ${
        args.startsWith("--dataset") ? "" : "--dataset iris.csv "
      }${args}`,
      message,
    })),
  );
});

Deno.test("a checkpoint is no model, and a model no checkpoint", async () => {
  await line.output(
    "train",
    "--dataset iris.csv --epochs 1 --quiet --checkpoint c.safetensors --save m.safetensors",
  );
  await line.refused(
    "inspect",
    "--model c.safetensors",
    /^Cannot read 'c.safetensors' as it must be a model: it is a checkpoint/,
  );
  await line.refused(
    "train",
    "--resume m.safetensors",
    /^Cannot read 'm.safetensors' as it must be a checkpoint: it is a model/,
  );
});
