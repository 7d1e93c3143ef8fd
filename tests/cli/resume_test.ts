/** `--resume` with options whose defaults depend on others: the same values are accepted, others are refused. */
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

Deno.test("train --resume takes what the defaults were, and refuses other values by name", async (test) => {
  await line.output(
    "train",
    "--dataset iris.csv --optimizer adam --hidden 4 --epochs 1 --quiet --checkpoint mm.ck",
  );
  const same = "--batch-size 32 --learning-rate 1e-3 --l2 0.01 " +
    "--reduction mean --schedule constant --shuffle epoch";
  await line.output(
    "train",
    `--resume mm.ck --dataset iris.csv --epochs 2 --quiet ${same}`,
  );
  const others: [string, string, string][] = [
    ["--batch-size 17", "batch-size' must be 32", "17"],
    ["--learning-rate 0.5", "learning-rate' must be 0.001", "0.5"],
    ["--l2 0.5", "l2' must be 0.01", "0.5"],
    ["--reduction sum", "reduction' must be 'mean'", "'sum'"],
    ["--schedule cosine", "schedule' must be 'constant'", "'cosine'"],
    ["--shuffle once", "shuffle' must be 'epoch'", "'once'"],
    ["--patience 3 --monitor loss", "patience' must be 0", "3"],
  ];
  await line.refusedAll(
    test,
    others.map(([args, wanted, found]) => ({
      title: args,
      name: "train",
      args: `--resume mm.ck --dataset iris.csv --epochs 2 ${args}`,
      message: new RegExp(
        `^Cannot go on with the training as '--${wanted} as before: current value is ${found}$`,
        "m",
      ),
    })),
  );
});

Deno.test("train --resume refuses another value than the one given before", async () => {
  await line.output(
    "train",
    "--dataset iris.csv --batch-size 30 --hidden 4 --epochs 1 --quiet --checkpoint b.ck",
  );
  await line.refused(
    "train",
    "--resume b.ck --dataset iris.csv --batch-size 20",
    /'--batch-size' must be 30 as before: current value is 20$/m,
  );
});
