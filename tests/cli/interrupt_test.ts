import assert from "node:assert/strict";
import { commandLine, objects, ROOT, run } from "./run.ts";

const TRAIN = [
  ...["--dataset", "mnist", "--optimizer", "adam", "--dropout", "0.2"],
  ...["--hidden", "32", "--schedule", "cosine", "--json"],
];

/** Starts a long training, sends a signal after its first epoch, and waits for its end. */
async function interrupt(
  signal: Deno.Signal,
  args: readonly string[],
): Promise<{ code: number; epochs: number; stderr: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: commandLine("train", args),
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let text = "";
  let sent = false;
  for await (
    const part of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    text += part;
    if (sent || !text.includes('"epoch"')) continue;
    child.kill(signal);
    sent = true;
  }
  const stderr = await new Response(child.stderr).text();
  const { code } = await child.status;
  const events = objects(text);
  return {
    code,
    epochs: events.filter(({ event }) => event === "epoch").length,
    stderr,
  };
}

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name:
      `${signal} ends a training with a checkpoint, from which it goes on to the same bits`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        const file = `${folder}/digits.checkpoint`;
        const stopped = await interrupt(signal, [
          ...[...TRAIN, "--epochs", "100"],
          ...["--checkpoint", file, "--checkpoint-every", "1000"],
        ]);
        assert.equal(stopped.code, status);
        const said = new RegExp(
          `^Stopped by ${signal} after (\\d+) epochs and \\d+ batches, wrote '${file}'\n$`,
        ).exec(stopped.stderr);
        assert.ok(said !== null, stopped.stderr);
        const done = Number(said[1]);
        assert.ok(done < 100);

        // Some epochs more than were done, at once and after the break. A cosine would depend on all epochs.
        const epochs = `${done + 2}`;
        const options = ["--schedule", "constant", "--json"];
        const first = `${folder}/first.checkpoint`;
        const plain = TRAIN.map((arg) => arg === "cosine" ? "constant" : arg);
        const whole = await run("train", [
          ...[...plain, "--epochs", "3", "--checkpoint", first],
        ]);
        const more = await run("train", [
          ...["--resume", first, "--epochs", "5", "--json"],
        ]);
        const atOnce = await run("train", [...plain, "--epochs", "5"]);
        assert.equal(whole.code, 0, whole.stderr);
        assert.equal(objects(more.stdout).length, 2 + 2);
        assert.equal(
          objects(more.stdout).at(-1).weightsSha256,
          objects(atOnce.stdout).at(-1).weightsSha256,
        );
        // Other settings than before are refused.
        const other = await run("train", [
          ...["--resume", file, "--epochs", epochs, ...options],
        ]);
        assert.equal(other.code, 2);
        assert.match(
          other.stderr,
          /^Cannot go on with the training as '--schedule' must be 'cosine' as before: current value is 'constant'\n$/,
        );
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test({
  name:
    "a training that was interrupted in the middle gives the bits of one that wasn't",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const file = `${folder}/digits.checkpoint`;
      const args = [...TRAIN, "--epochs", "30", "--batch-size", "20"];
      const stopped = await interrupt("SIGINT", [
        ...args,
        "--checkpoint",
        file,
      ]);
      assert.equal(stopped.code, 130);
      const resumed = await run("train", ["--resume", file, "--json"]);
      const whole = await run("train", args);
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.equal(
        objects(resumed.stdout).at(-1).weightsSha256,
        objects(whole.stdout).at(-1).weightsSha256,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "without a checkpoint, an interrupted training says how far it came",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { code, stderr, epochs } = await interrupt("SIGINT", [
      ...[...TRAIN, "--epochs", "500"],
    ]);
    assert.equal(code, 130);
    assert.ok(epochs >= 1);
    assert.match(
      stderr,
      /^Stopped by SIGINT after \d+ epochs and \d+ batches\n$/,
    );
  },
});
