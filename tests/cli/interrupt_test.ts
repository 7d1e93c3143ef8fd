/** Ctrl-C and SIGTERM end a training in order. */
import assert from "node:assert/strict";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

/** A network of some size, so that an epoch takes longer than a signal; what chance decides goes on as well. */
const ARGS = "--workers 2 --dataset iris.csv --hidden 200,200 --batch-size 7 " +
  "--optimizer adam --dropout 0.1 --learning-rate-decay 0.1 --schedule article";

/** Starts a training without an end, and sends it a signal after its first epoch. */
async function interrupted(signal: Deno.Signal, args: string) {
  const child = line.start("train", `${ARGS} --epochs 1000000 --json ${args}`);
  const stderr = new Response(child.stderr).text();
  let stdout = "";
  let sent = false;
  for await (
    const part of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    stdout += part;
    if (!sent && stdout.includes('"event":"epoch"')) {
      child.kill(signal);
      sent = true;
    }
  }
  const { code } = await child.status;
  return { code, stdout, stderr: await stderr };
}

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  const ignore = Deno.build.os === "windows";
  Deno.test({
    name:
      `train on ${signal}: exit status ${status}, and a checkpoint from which it goes on with the same bits`,
    ignore,
  }, async () => {
    const { code, stdout, stderr } = await interrupted(
      signal,
      // The only one is that of the signal.
      "--checkpoint stopped.ck --checkpoint-every 1000000",
    );
    assert.equal(code, status);
    assert.doesNotMatch(stdout, /"event":"end"/);
    const found = new RegExp(
      `^Stopped by ${signal} after (\\d+) epochs? and (\\d+) batch(?:es)?, wrote 'stopped.ck'\\n$`,
    ).exec(stderr);
    assert.ok(found, stderr);
    const [epochs, batches] = found.slice(1).map(Number);
    assert.ok(epochs >= 1 && batches <= 18, stderr);

    const [resumed, whole] = await Promise.all([
      line.json(
        "train",
        `--resume stopped.ck --dataset iris.csv --epochs ${epochs + 2}`,
      ),
      line.json("train", `${ARGS} --epochs ${epochs + 2}`),
    ]);
    assert.deepEqual(
      resumed.slice(1, -1).map(({ epoch }) => epoch),
      [epochs + 1, epochs + 2],
    );
    assert.equal(resumed.at(-1).weightsSha256, whole.at(-1).weightsSha256);
    // What is known of the epoch that was broken off is that of all its batches.
    const [before, after] = [whole.at(-3), resumed.at(-3)].map((event) => ({
      ...event,
      seconds: 0,
    }));
    assert.deepEqual(after, before);
  });

  Deno.test({
    name: `train on ${signal} without a checkpoint leaves nothing behind`,
    ignore,
  }, async () => {
    const before = [...Deno.readDirSync(line.folder)].length;
    const { code, stderr } = await interrupted(signal, "--save never.json");
    assert.equal(code, status);
    assert.match(
      stderr,
      new RegExp(
        `^Stopped by ${signal} after \\d+ epochs? and \\d+ batch(?:es)?\\n$`,
      ),
    );
    assert.equal([...Deno.readDirSync(line.folder)].length, before);
  });
}

Deno.test("train that can't write its checkpoint when interrupted says so", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const { code, stderr } = await interrupted(
    "SIGINT",
    "--checkpoint no/stopped.ck --checkpoint-every 1000000",
  );
  assert.match(
    stderr,
    /^Cannot write 'no\/stopped.ck' as there is no such folder 'no'\n$/,
  );
  assert.notEqual(code, 0);
});
