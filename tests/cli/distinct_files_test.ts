/** Files to write that are files to read, the same file twice, or can't be written are refused before anything starts. */
import assert from "node:assert/strict";
import { CommandLine, type Refusal } from "./command_line.ts";

const line = new CommandLine();

const FILES = [
  ...["iris.csv", "options.json", "old.ck", "model.json", "train-idx3-ubyte"],
];

Deno.test.beforeAll(async () => {
  await line.output(
    "train",
    "--dataset iris.csv --hidden 2 --epochs 1 --quiet --checkpoint old.ck --save model.json",
  );
  line.write("options.json", '{ "hidden": 2, "epochs": 1 }');
  line.write("train-idx3-ubyte", "images");
  Deno.symlinkSync("model.json", line.path("soft.json"));
  Deno.linkSync(line.path("iris.csv"), line.path("hard.csv"));
  Deno.symlinkSync("iris.csv", line.path("soft.ck"));
  Deno.symlinkSync(".", line.path("here"));
});

function refusal(
  name: "train" | "export",
  args: string,
  path: string,
  lost: string,
  kept: string,
): Refusal {
  return {
    name,
    args,
    message: new RegExp(
      `^Cannot write '${path}' as '--${lost}' must be another file than '--${kept}'$`,
      "m",
    ),
  };
}

Deno.test("a file that is read, or written already, isn't written over, however it is named", async (test) => {
  const before = FILES.map((name) => Deno.readTextFileSync(line.path(name)));
  const onto = (path: string, kept = "dataset") =>
    refusal(
      "train",
      `--dataset iris.csv --epochs 1 --hidden 2 --checkpoint ${path}`,
      path,
      "checkpoint",
      kept,
    );
  await line.refusedAll(test, [
    ...["iris.csv", "./iris.csv", "here/here/iris.csv", "hard.csv", "soft.ck"]
      .map((path) => onto(path)),
    onto(line.path("iris.csv")),
    refusal(
      "train",
      "--dataset iris.csv --config options.json --save here/options.json",
      "here/options.json",
      "save",
      "config",
    ),
    refusal(
      "train",
      "--dataset iris.csv --save new.json --checkpoint here/new.json",
      "here/new.json",
      "checkpoint",
      "save",
    ),
    refusal(
      "train",
      "--dataset iris.csv --resume model.json --save soft.json",
      "soft.json",
      "save",
      "resume",
    ),
    refusal(
      "train",
      "--dataset . --checkpoint train-idx3-ubyte",
      "train-idx3-ubyte",
      "checkpoint",
      "dataset",
    ),
    refusal(
      "export",
      "--model model.json --to ./model.json",
      "./model.json",
      "to",
      "model",
    ),
    refusal(
      "export",
      "--model soft.json --to model.json",
      "model.json",
      "to",
      "model",
    ),
  ]);
  assert.deepEqual(
    FILES.map((name) => Deno.readTextFileSync(line.path(name))),
    before,
  );
});

Deno.test("train --resume may write to the checkpoint that it reads", async () => {
  const events = await line.json(
    "train",
    "--resume old.ck --dataset iris.csv --epochs 3 --checkpoint ./old.ck",
  );
  assert.deepEqual(events.slice(1, -1).map(({ epoch }) => epoch), [2, 3]);
  const again = await line.json(
    "train",
    "--resume old.ck --dataset iris.csv",
  );
  assert.deepEqual(again.slice(1, -1), []);
  assert.equal(again[1].weightsSha256, events.at(-1).weightsSha256);
});

Deno.test("what can't be written is refused before the training", {
  // These files exist on Linux only.
  ignore: Deno.build.os !== "linux",
}, async (test) => {
  const args = "--dataset iris.csv --epochs 1 --hidden 2 --json";
  await new Deno.Command("mkfifo", { args: [line.path("pipe")] }).output();
  Deno.symlinkSync("/dev/full", line.path("full.json"));
  const notAFile =
    "as it must be a file: a device, pipe or socket is not replaced$";
  await line.refusedAll(test, [
    {
      name: "train",
      args: `${args} --checkpoint pipe`,
      message: new RegExp(`^Cannot write 'pipe' ${notAFile}`, "m"),
    },
    {
      name: "train",
      args: `${args} --save full.json`,
      message: new RegExp(`^Cannot write 'full.json' ${notAFile}`, "m"),
    },
    {
      title: "a disk that can only be read",
      name: "train",
      args: `${args} --save /sys/model.json`,
      permissions: ["--allow-all"],
      message:
        /^Cannot write '\/sys\/model.json' as the system refuses: (Permission denied|Read-only file system).*$/m,
    },
  ]);
  assert.ok(Deno.lstatSync(line.path("pipe")).isFifo);
});

Deno.test("a full disk is an error before the training", {
  ignore: Deno.build.os === "windows",
}, async () => {
  // Files of one block of 512 bytes are the largest then.
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      'trap "" XFSZ; ulimit -f 1; exec "$0" run --quiet --no-prompt --allow-read --allow-write=. "$@"',
      ...[Deno.execPath(), line.program("train"), "--workers", "1"],
      ..."--dataset iris.csv --hidden 2 --epochs 1 --save big.json".split(" "),
    ],
    cwd: line.folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.match(
    text(stderr),
    /^Cannot write 'big.json' as the system refuses: File too large.*\n$/,
  );
  assert.equal(text(stdout), "");
  assert.equal(code, 2);
});
