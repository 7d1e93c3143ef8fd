/** Mistakes in models and samples: commands report each in one line, with exit status 2. */
import assert from "node:assert/strict";
import { TRAIN_OPTION_ROWS } from "../../src/training/options/option_table.ts";
import { CommandLine, type CommandName, someAtATime } from "./command_line.ts";

const line = new CommandLine();

const TRAIN = "--epochs 1 --hidden 2 --quiet --save";

Deno.test.beforeAll(async () => {
  await line.output("train", `--dataset iris.csv ${TRAIN} iris.json`);
  line.write(
    "toys.csv",
    "size,color,kind\n1,red,a\n2,blue,b\n3,red,a\n4,blue,b\n5,red,b\n",
  );
  await line.output("train", `--dataset toys.csv ${TRAIN} toys.json`);
  line.write(
    "digits.json",
    JSON.stringify({
      format: "lockstep",
      version: 1,
      description: {
        layers: [784, 1],
        activations: [],
        output: "linear",
        loss: "halfSquaredError",
        seed: 1,
      },
      weights: [new Array(785).fill(0)],
    }),
  );
  const model = Deno.readTextFileSync(line.path("iris.json"));
  line.write("text.json", model.replace('"seed": 1', '"seed": "1"'));
  line.write("range.json", model.replace('"seed": 1', '"seed": -1'));
  line.write("short.json", model.slice(0, model.length / 2));
  line.write("words.json", '{\n  "format": lockstep\n}\n');
  line.write("list.json", "[]");
  line.write("bytes.json", Uint8Array.of(0xff, 0xfe));
  line.write("empty.onnx", "");
  line.write("wild.safetensors", "not at all what it should be");
  Deno.mkdirSync(line.path("folder.json"));
  line.write("unknown.csv", "size,color,kind\n1,red,c\n");
  line.write("open.csv", "size,color,kind\n1,red,\n");
  line.write("without.csv", "size,color\n1,red\n");
});

/** Of any command that reads a model. */
const MODELS: [string, RegExp][] = [
  ["no.json", /^Cannot read 'no.json' as there is no such file$/m],
  [
    "model.txt",
    /^Cannot read 'model.txt' as its name must end in '.safetensors', '.onnx' or '.json'$/m,
  ],
  [
    "range.json",
    /^Cannot read 'range.json' as 'seed' must be a whole number from 0 to 4294967295: current value is -1$/m,
  ],
  [
    "text.json",
    /^Cannot read 'text.json' as 'seed' must be a whole number .*: current value is '1'$/m,
  ],
  ["short.json", /^Cannot read 'short.json' as its text must be JSON: /],
  ["words.json", /^Cannot read 'words.json' as its text must be JSON: /],
  [
    "list.json",
    /^Cannot read 'list.json' as '.*' must be an object: current value is \[\]$/m,
  ],
  [
    "bytes.json",
    /^Cannot read 'bytes.json' as it must be UTF-8: line 1 is not$/m,
  ],
  ["empty.onnx", /^Cannot read 'empty.onnx' as /],
  [
    "wild.safetensors",
    /^Cannot read 'wild.safetensors' as it must be in safetensors, /,
  ],
  [
    "folder.json",
    /^Cannot read 'folder.json' as it must be a file: current value is a folder/,
  ],
];

Deno.test("a model that isn't what it should be", async (test) => {
  // The reading is the same for all; every command gets some of the cases.
  const commands: [CommandName, string][] = [
    ["inspect", ""],
    ["predict", " iris.csv"],
    ["evaluate", " --dataset iris.csv"],
    ["export", " --to new.json"],
  ];
  await line.refusedAll(
    test,
    MODELS.map(([model, message], at) => {
      const [name, rest] = commands[at % commands.length];
      return { name, args: `--model ${model}${rest}`, message };
    }),
  );
});

const EVALUATE: [args: string, message: RegExp][] = [
  ["--dataset iris.csv", /'--model FILE' must be given$/m],
  [
    "--model iris.json --dataset no.csv",
    /^Cannot read 'no.csv' as there is no such file$/m,
  ],
  [
    "--model iris.json",
    /^Cannot evaluate 'iris.json' as '--dataset FILE' must be given: it was trained on one$/m,
  ],
  [
    "--model iris.json --dataset mnist",
    /^Cannot evaluate 'iris.json' on 'mnist' as 'inputs and outputs' must be 784 and 10: current value is \[4, 3\]$/m,
  ],
  [
    "--model digits.json --dataset iris.csv",
    /^Cannot evaluate 'digits.json' on 'iris.csv' as the model was not trained on a table$/m,
  ],
  [
    "--model toys.json --dataset unknown.csv",
    /^Cannot read 'unknown.csv' as 'line 2, kind' must be a class that the model knows: current value is 'c'$/m,
  ],
  [
    "--model toys.json --dataset open.csv",
    /^Cannot read 'open.csv' as there must be a row with a value to learn: all are missing in 'kind'$/m,
  ],
  [
    "--model toys.json --dataset without.csv",
    /^Cannot read 'without.csv' as there must be 'kind' to learn, or other columns given as 'target': columns are 'size', 'color'$/m,
  ],
  [
    "--model toys.json --dataset toys.csv --target name",
    /^Cannot read 'toys.csv' as '--target' must be .*: current value is 'name'$/m,
  ],
  [
    "--model toys.json --dataset iris.csv --target species",
    /^Cannot read 'iris.csv' as there must be 'size': columns are 'sepal length'/,
  ],
  [
    "--model toys.json --dataset no",
    /^Cannot read 'no' as there is no such file or folder$/m,
  ],
  [
    "--model toys.json --dataset toys.csv --header x",
    /'--header' must be 'yes' or 'no' or 'auto': current value is 'x'$/m,
  ],
  [
    "--model toys.json --dataset toys.csv --kernels blas",
    /'blas' as no BLAS may be opened without --allow-ffi$/m,
  ],
  [
    "--model toys.json --dataset toys.csv --workers 0",
    /'--workers' must be a whole number from 1 to 256: current value is 0$/m,
  ],
  [
    "--model toys.json toys.csv",
    /Unexpected argument 'toys.csv': a file is named after an option, such as --model$/m,
  ],
];

Deno.test("evaluate on samples that aren't what they should be", async (test) => {
  await line.refusedAll(
    test,
    EVALUATE.map(([args, message]) => ({ name: "evaluate", args, message })),
  );
});

Deno.test("inspect without a model, or with more than that", async (test) => {
  await line.refusedAll(test, [
    {
      name: "inspect",
      args: "--json",
      message: /'--model FILE' must be given$/m,
    },
    {
      name: "inspect",
      args: "--model iris.json toys.json",
      message:
        /Unexpected argument 'toys.json': a file is named after an option, such as --model$/m,
    },
  ]);
});

/** Options of train, validate and search. */
const TABLES =
  "dataset targets format target task delimiter header encoding bad-rows drop kind keep missing impute missing-flags missing-targets max-categories scale";
const NETWORK = "preset hidden activation output loss initializer seed";
const COMPUTING = "kernels skip-zeros workers quiet";

/** Those of the library's training that have a help: the groups of the help must have them all. */
const TRAINING = TRAIN_OPTION_ROWS
  .filter(([, { help }]) => help !== undefined)
  .map(([name]) => name.replaceAll(/[A-Z]/g, "-$&").toLowerCase());

/** Options of validate and search alike. */
const CHOOSING = `${TABLES} ${NETWORK} ${COMPUTING} ${
  TRAINING.filter((name) => name !== "timings").join(" ")
}`;

/** What each command takes besides `--config`, `--json` and `--help`, and arguments to do something with. */
const COMMANDS: Record<CommandName, { args: string; options: string }> = {
  train: {
    args: "--dataset iris.csv",
    options: `${TABLES} ${NETWORK} ${TRAINING.join(" ")} ${COMPUTING} ` +
      "test-split ensemble calibrate threshold interval distributed piece-rows save checkpoint checkpoint-every resume other-data " +
      "log tensorboard trace report dashboard dashboard-host dashboard-port dashboard-stay",
  },
  validate: {
    args: "--dataset iris.csv",
    options: `${CHOOSING} folds repeats group`,
  },
  search: {
    args: "--dataset iris.csv --try l2=0|1",
    options:
      `${CHOOSING} test-split try method trials factor score folds repeats group holdout trials-file save`,
  },
  predict: {
    args: "--model iris.json iris.csv",
    options:
      "model format delimiter header encoding bad-rows output probabilities spreadsheet-safe kernels skip-zeros workers",
  },
  evaluate: {
    args: "--model iris.json --dataset iris.csv",
    options:
      "model dataset targets format target delimiter header encoding bad-rows part importance repeats seed dependence plot report kernels skip-zeros workers",
  },
  export: { args: "--model iris.json --to new.json", options: "model to" },
  serve: {
    args: "--model iris.json",
    options:
      "model host port max-body max-rows timeout kernels skip-zeros workers",
  },
  inspect: { args: "--model iris.json", options: "model" },
  compare: { args: "iris.csv iris.csv", options: "svg" },
  plot: { args: "--output=a.svg iris.csv", options: "output" },
};

Deno.test("every command without the permission to read says so, and shows its options with --help", async () => {
  const commands = Object.entries(COMMANDS) as [
    CommandName,
    typeof COMMANDS[CommandName],
  ][];
  await someAtATime(commands, async ([name, { args, options }]) => {
    const file = args.split(" ")[1];
    await line.refused(
      name,
      args,
      new RegExp(
        `^Cannot read '${file}' as the permission is missing: run again with --allow-read$`,
        "m",
      ),
      { permissions: [] },
    );
    const help = await line.output(name, `${args} --help`);
    assert.match(help, new RegExp(`^Usage: deno task ${name} `));
    const found = [...help.matchAll(/^ {2}--(\S+)/gm)];
    assert.deepEqual(
      found.map(([, option]) => option).toSorted(),
      [...options.split(" "), "config", "json", "help"].toSorted(),
    );
    const examples = help.split("\nExamples:\n")[1];
    assert.match(examples, new RegExp(`^  deno task ${name}\\b`));
    const typed = examples.replaceAll(/^ {6}.*$/gm, "");
    for (const [, option] of typed.matchAll(/--([a-z-]+)/g)) {
      assert.ok([...options.split(" "), "json"].includes(option), option);
    }
    for (const text of help.split("\n")) assert.ok(text.length <= 80, text);
  });
});
