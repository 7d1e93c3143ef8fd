/** A training that diverges ends with one line, and leaves files as they were. */
import assert from "node:assert/strict";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

const SGD = "--dataset diabetes.csv --optimizer sgd --activation relu";
const WILD = `${SGD} --learning-rate 1e9 --epochs 3`;

const files = () =>
  [...Deno.readDirSync(line.folder)].map(({ name }) => name).sort();

Deno.test("train stops after the epoch in which it diverges, and writes no file", async () => {
  const before = files();
  for (const shown of ["", " --json", " --quiet"]) {
    const { code, stdout, stderr } = await line.run(
      "train",
      `${WILD} --save wild.json --checkpoint wild.ck${shown}`,
    );
    assert.equal(
      stderr,
      "Cannot go on as the training has diverged in epoch 1: try a smaller --learning-rate\n",
    );
    assert.equal(code, 2);
    assert.doesNotMatch(stdout, /NaN|null|R²|R2/);
    assert.deepEqual(files(), before);
  }
});

Deno.test("train notices a divergence in the last batch, after its cost was computed", async () => {
  const before = files();
  const { code, stdout, stderr } = await line.run(
    "train",
    `${SGD} --batch-size 353 --epochs 1 --learning-rate 1e38 --save wild.json`,
  );
  assert.equal(
    stderr,
    "Cannot go on as the training has diverged in epoch 1: try a smaller --learning-rate\n",
  );
  assert.equal(code, 2);
  assert.doesNotMatch(stdout, /NaN|R²/);
  assert.deepEqual(files(), before);
});

Deno.test("train that diverges later leaves the checkpoint of the last good epoch", async () => {
  // The rate rises over 40 epochs to one that is far too large.
  const args = "--dataset diabetes.csv --optimizer sgd --momentum 0 " +
    "--activation relu --learning-rate 1000 --warm-up-epochs 40000 --epochs 4000";
  const { code, stdout, stderr } = await line.run(
    "train",
    `${args} --json --checkpoint late.ck --save late.json`,
  );
  const epochs = stdout.trimEnd().split("\n").length - 1;
  assert.ok(epochs >= 1);
  assert.equal(
    stderr,
    `Cannot go on as the training has diverged in epoch ${
      epochs + 1
    }: try a smaller --learning-rate\n`,
  );
  assert.equal(code, 2);
  assert.ok(!files().includes("late.json"));
  // There is nothing left to do.
  const events = await line.json(
    "train",
    `--resume late.ck --dataset diabetes.csv --epochs ${epochs}`,
  );
  assert.deepEqual(events.map(({ event }) => event), ["start", "end"]);
  assert.ok(Number.isFinite(events[1].trainR2));
});
