/** Output that can't be written. */
import assert from "node:assert/strict";
import { CommandLine, ROOT } from "./command_line.ts";

const line = new CommandLine();

Deno.test({
  name: "a command whose output can't be written says so in one line",
  // A device that is always full.
  ignore: Deno.build.os !== "linux",
  async fn() {
    await line.output(
      "train",
      "--dataset iris.csv --epochs 1 --save iris.json",
    );
    for (
      const command of [
        "predict.ts --model iris.json iris.csv",
        "evaluate.ts --model iris.json --dataset iris.csv --json",
        "train.ts --dataset iris.csv --epochs 1",
      ]
    ) {
      const program = `'${Deno.execPath()}' run --allow-read ${ROOT}src/cli/`;
      const { code, stderr } = await new Deno.Command("sh", {
        args: ["-c", `${program}${command} > /dev/full`],
        cwd: line.folder,
        env: { NO_COLOR: "1" },
      }).output();
      assert.equal(
        new TextDecoder().decode(stderr),
        "Cannot write the output as the system refuses: No space left on device (os error 28)\n",
      );
      assert.equal(code, 2);
    }
  },
});
