/** Ctrl-C and SIGTERM end a training cleanly. */
import assert from "node:assert/strict";
import { Mlp } from "../../mod.ts";
import { CommandLine, jsonLines } from "./command_line.ts";

const line = new CommandLine();

/** A network so large that an epoch takes longer than a signal, with dropout, whose random state has to be resumed too. */
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

const SIGNALS = [["SIGHUP", 129], ["SIGINT", 130], ["SIGTERM", 143]] as const;

for (const [signal, status] of SIGNALS) {
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
    assert.deepEqual(jsonLines(stdout).at(-1), {
      ...{ event: "stopped", signal, epoch: epochs, batch: batches },
    });

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
    // The figures of the interrupted epoch are those of all its batches.
    const [before, after] = [whole.at(-3), resumed.at(-3)].map((event) => ({
      ...event,
      seconds: 0,
    }));
    assert.deepEqual(after, before);
  });

  Deno.test({
    name: `train on ${signal} with --save alone writes the model as it stands`,
    ignore,
  }, async () => {
    const { code, stderr } = await interrupted(signal, "--save now.json");
    assert.equal(code, status);
    assert.match(
      stderr,
      new RegExp(
        `^Stopped by ${signal} after \\d+ epochs? and \\d+ batch(?:es)?, wrote the model as it stands to 'now.json'\\n$`,
      ),
    );
    const [{ layers, weightsSha256 }] = await line.json(
      "inspect",
      "--model now.json",
    );
    await using untrained = new Mlp({
      preset: "article",
      layers,
      output: "softmax",
    });
    assert.notEqual(weightsSha256, await untrained.weightsSha256());
    Deno.removeSync(line.path("now.json"));
    assert.deepEqual(temporaries(), []);
  });
}

Deno.test("train on a signal without a file leaves nothing behind", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const before = [...Deno.readDirSync(line.folder)].length;
  const { code, stderr } = await interrupted("SIGINT", "--seed 1");
  assert.equal(code, 130);
  assert.match(
    stderr,
    /^Stopped by SIGINT after \d+ epochs? and \d+ batch(?:es)?\n$/,
  );
  assert.equal([...Deno.readDirSync(line.folder)].length, before);
});

/** Reads what a training prints until its first epoch is over; the promise within is of the rest. */
async function afterFirstEpoch(
  child: Deno.ChildProcess,
): Promise<{ readonly rest: Promise<void> }> {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes('"event":"epoch"')) {
    const { value, done } = await reader.read();
    assert.ok(!done);
    text += value;
  }
  const drain = async () => {
    while (!(await reader.read()).done);
  };
  return { rest: drain() };
}

/** Files that are being written, or were left. */
const temporaries = () =>
  [...Deno.readDirSync(line.folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".tmp"));

for (const second of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(
    `train goes on writing its checkpoint when ${second} comes after SIGINT`,
    {
      ignore: Deno.build.os === "windows",
    },
    async () => {
      // Some megabytes, so that there is time for it.
      const child = line.start(
        "train",
        "--dataset iris.csv --hidden 900,900 --optimizer adam --epochs 1000000 --json --checkpoint large.ck --checkpoint-every 1000000",
      );
      const stderr = new Response(child.stderr).text();
      const { rest } = await afterFirstEpoch(child);
      // The small file that is tried before the training is gone.
      assert.deepEqual(temporaries(), []);
      const watcher = Deno.watchFs(line.folder);
      child.kill("SIGINT");
      for await (const { kind, paths } of watcher) {
        if (kind === "create" && paths[0].endsWith(".tmp")) break;
      }
      child.kill(second);
      await rest;
      assert.match(
        await stderr,
        /^Stopped by SIGINT after .*, wrote 'large.ck'\n$/,
      );
      assert.equal((await child.status).code, 130);
      assert.deepEqual(temporaries(), []);
      await using mlp = await Mlp.loadCheckpoint(line.path("large.ck"));
      assert.ok(mlp.position.epoch >= 1);
      Deno.removeSync(line.path("large.ck"));
    },
  );
}

Deno.test("train ends at once on the third signal", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const child = line.start(
    "train",
    `${ARGS} --epochs 1000000 --json --checkpoint never.ck --checkpoint-every 1000000`,
  );
  const stderr = new Response(child.stderr).text();
  const { rest } = await afterFirstEpoch(child);
  // The process is halted while all three are sent, so that it gets them together when it continues.
  for (
    const signal of [
      ...["SIGSTOP", "SIGINT", "SIGTERM", "SIGHUP", "SIGCONT"] as const,
    ]
  ) child.kill(signal);
  await rest;
  assert.equal(await stderr, "");
  assert.ok([129, 130, 143].includes((await child.status).code));
  assert.throws(
    () => Deno.statSync(line.path("never.ck")),
    Deno.errors.NotFound,
  );
});

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
