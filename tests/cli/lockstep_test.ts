/** The command that `deno task install` makes: as it is installed, from another folder. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { ROOT } from "./command_line.ts";
import { inFolder } from "../in_folder.ts";

async function run(program: string, args: readonly string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    // The command calls `deno`.
    env: {
      NO_COLOR: "1",
      PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`,
    },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("lockstep trains and predicts in any folder, and knows its commands", async () => {
  await inFolder(async (folder) => {
    const [, install, ...args] = config.tasks.install.command.split(" ");
    const to = ["--quiet", "--root", folder];
    const made = await run(Deno.execPath(), [install, ...to, ...args], ROOT);
    assert.equal(made.code, 0, made.stderr);
    const lockstep = (line: string) =>
      run(join(folder, "bin/lockstep"), line.split(" "), folder);

    const data = `--dataset ${ROOT}data/iris.csv`;
    const trained = await lockstep(
      `train ${data} --hidden 8 --epochs 5 --workers 1 --save model.json`,
    );
    assert.deepEqual([trained.code, trained.stderr], [0, ""]);
    const found = await lockstep(
      `predict --model model.json ${ROOT}data/iris.csv`,
    );
    assert.match(found.stdout, /^label,probability\n\w+,0\.\d+\n/);

    for (const name of ["plot", "serve"]) {
      assert.match(
        (await lockstep(`${name} --help`)).stdout,
        new RegExp(`^Usage: lockstep ${name} `),
      );
    }
    assert.deepEqual(await lockstep("--version"), {
      ...{ code: 0, stdout: `lockstep ${config.version}\n`, stderr: "" },
    });
    assert.deepEqual(await lockstep("compare"), {
      code: 2,
      stdout: "",
      stderr:
        "Cannot read the command line as a log must be given: lockstep compare FILE…\n",
    });
    assert.deepEqual(await lockstep("predct --model m"), {
      code: 2,
      stdout: "",
      stderr:
        "Cannot read the command line as there is no command 'predct': did you mean 'predict'?\n",
    });
  });
});
