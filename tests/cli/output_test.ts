/** Failures to write to stdout or to read from stdin. */
import assert from "node:assert/strict";
import { CommandLine, type CommandName, ROOT } from "./command_line.ts";

const line = new CommandLine();

Deno.test.beforeAll(async () => {
  await line.output(
    "train",
    "--dataset iris.csv --epochs 1 --hidden 2 --quiet --save iris.json",
  );
});

/** Runs a command line of a shell, where `lockstep NAME` is a command with the right to read. */
async function shell(text: string) {
  const { code, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      `lockstep() { name=$1; shift; '${Deno.execPath()}' run --quiet --no-prompt --allow-read "${ROOT}src/cli/$name.ts" "$@"; }\n${text}`,
    ],
    cwd: line.folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

const COMMANDS: [CommandName, string][] = [
  ["predict", "--model iris.json --workers 1 iris.csv"],
  ["evaluate", "--model iris.json --workers 1 --dataset iris.csv --json"],
  ["train", "--workers 1 --dataset iris.csv --epochs 1 --hidden 2"],
  ["inspect", "--model iris.json"],
  ["inspect", "--help"],
];

for (const [name, args] of COMMANDS) {
  Deno.test({
    name: `${name} ${args}: a full disk is one line, a closed pipe none`,
    // It is a device of Linux.
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      const full = await shell(`lockstep ${name} ${args} > /dev/full`);
      assert.match(
        full.stderr,
        /^Cannot write the output as the system refuses: No space left on device.*\n$/,
      );
      assert.equal(full.code, 2);
      const closed = await shell(`lockstep ${name} ${args} | true`);
      assert.equal(closed.stderr, "");
    },
  });
}

Deno.test({
  name: "predict from a folder as stdin",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const { code, stderr } = await shell(
      "lockstep predict --model iris.json --workers 1 < .",
    );
    assert.match(
      stderr,
      /^Cannot read 'stdin' as the system refuses: Is a directory.*\n$/,
    );
    assert.equal(code, 2);
  },
});

Deno.test({
  name: "predict shows a terminal what is in names, and gives a pipe the names",
  // The command `script`, as Linux has it.
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const model = line.readJson("iris.json");
    model.description.classNames[0] = "\x1b]0;title\x07";
    line.write("names.json", JSON.stringify(model));
    const args = "--model names.json --probabilities --workers 1 iris.csv";
    const [header] = (await line.output("predict", args)).split("\n");
    assert.equal(header.split(",")[2], "probability_\x1b]0;title\x07");
    const program = `'${Deno.execPath()}' run --quiet --allow-read '${
      line.program("predict")
    }' ${args}`;
    const { stdout } = await new Deno.Command("script", {
      args: ["--quiet", "--return", "--command", program, "/dev/null"],
      cwd: line.folder,
      env: { NO_COLOR: "1", SHELL: "/bin/sh" },
      stdin: "null",
    }).output();
    const [shown] = new TextDecoder().decode(stdout).split("\r\n");
    assert.equal(shown.split(",")[2], "probability_\\x1b]0;title\\x07");
  },
});
