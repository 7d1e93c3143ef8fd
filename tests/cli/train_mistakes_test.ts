/** Mistakes in datasets, files and permissions: one line, exit status 2. */
import assert from "node:assert/strict";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

const MISTAKES: [string, RegExp][] = [
  [
    "--checkpoint-every 0",
    /'--checkpoint-every' must be a whole number of 1 or/,
  ],
  [
    "--checkpoint-every 5",
    /^Cannot train as '--checkpoint-every' is not read without '--checkpoint': leave it out, or write --checkpoint FILE$/m,
  ],
  [
    "--target nope",
    /'iris.csv' as '--target' must be 'sepal length' or .*'nope'/,
  ],
  ["--target specie", /current value is 'specie', did you mean 'species'\?$/m],
  ["--log a.cvs", /must end in '.csv' or '.jsonl': did you mean '.csv'\?$/m],
  ["--dataset mnst", /no such file or folder, did you mean 'mnist'\?$/m],
  [
    "--task sort",
    /'--task' must be 'classes' or 'labels' or 'numbers' or 'auto'/,
  ],
  [
    "--task numbers",
    /as 150 cells must be a number .*, species has 'setosa'; .*; 140 more$/m,
  ],
  ["--header maybe", /'--header' must be 'yes' or 'no' or 'auto'/],
  ["--delimiter ;", /'iris.csv' as there must be a column besides the target/],
  [
    "--test-split 0.001",
    /^Cannot split 'iris.csv' as 150 rows are too few to hold 0.001 of them back to test with: .* --test-split 0 /m,
  ],
  [
    "--dataset mnist --target species",
    /'--target' is about tables, and 'mnist' is none: leave it out$/m,
  ],
  ["--scale log", /'--scale' must be 'none' or 'standardize' or 'minmax'/],
  ["--resume no.ck", /Cannot read 'no.ck' as there is no such file/],
  [
    "--resume iris.csv",
    /Cannot read 'iris.csv' as it must be in safetensors, as models and checkpoints are: its byte 9 is no \{$/m,
  ],
  ["--dataset no.csv", /Cannot read 'no.csv' as there is no such file/],
  [
    "--dataset flowers.dat",
    /^Cannot read 'flowers.dat' as there is no such file or folder: its name must end, before a '.gz', in '.csv'.*'.png'$/m,
  ],
  [
    "--dataset table.cvs",
    /^Cannot read 'table.cvs' as its name must end, before a '.gz', in '.csv', .* or '.png': did you mean '.csv'\?$/m,
  ],
  [
    "--dataset no/such/folder",
    /^Cannot read 'no\/such\/folder' as there is no such file or folder$/m,
  ],
  [
    "--dataset iris.csv --targets y.npy",
    /'--targets' is about npy, idx, and 'iris.csv' is none: leave it out$/m,
  ],
  [
    "--dataset mnist --format csv",
    /'--format' is about files, and 'mnist' is none: leave it out$/m,
  ],
  [
    "--dataset tables.csv",
    /^Cannot read 'tables.csv' as there must be the four files of MNIST, or a folder of images for each of two classes or more$/m,
  ],
  // Before the first epoch, not after the last.
  [
    "--dataset diabetes.csv --class-weights balanced",
    /'--class-weights' must be left out for the task 'numbers': .* 'balanced'$/m,
  ],
  [
    "--save no/such/model.json",
    /^Cannot write 'no\/such\/model.json' as there is no such folder 'no\/such'$/m,
  ],
  [
    "--checkpoint iris.csv/a.ck",
    /^Cannot write 'iris.csv\/a.ck' as 'iris.csv' is not a folder$/m,
  ],
  [
    "--checkpoint tables.csv",
    /^Cannot write 'tables.csv' as it is a folder$/m,
  ],
  [
    "--save model.txt",
    /'model.txt' as its name must end in '.safetensors', '.onnx' or '.json'$/m,
  ],
];

/** Arguments with a dataset, if they don't name one. */
function withDataset(args: string): string {
  return args.includes("--dataset ") ? args : `--dataset iris.csv ${args}`;
}

Deno.mkdirSync(line.path("tables.csv"));
line.write("table.cvs", "a,b\n1,2\n");

Deno.test("train refuses what is wrong in options of tables and trainings", async (test) => {
  await line.refusedAll(
    test,
    MISTAKES.map(([args, message]) => ({
      name: "train",
      args: `${withDataset(args)} --epochs 1 --json`,
      message,
    })),
  );
});

/** Other mistakes in tables are tested where tables are parsed. */
const TABLES: [string, string, RegExp, string?][] = [
  [
    "names alone",
    "a,b\n",
    /must be rows below the names of the columns, 'a', 'b': if these are values, write --header no, /,
  ],
  ["two rows", "1,a\n2,b\n", /2 rows are too few to hold 0.2 of them back/, ""],
  [
    "a class for each row",
    "1,a\n2,b\n3,c\n",
    /'column 2' has 3 different values in 3 rows, .* --test-split 0/,
    "",
  ],
  [
    "an id",
    `x,y\n${Array.from({ length: 20 }, (_, at) => `${at},k${at}\n`).join("")}`,
    /targets in 'y' must not be an id, and look like one, 20 different ones in 20 rows: learn another column \(--target, /,
  ],
  [
    "dates",
    "x,y\n1,2024-03-01\n2,2024-03-02\n",
    /targets in 'y' must be numbers or classes and are dates, such as '2024-03-01': /,
  ],
  [
    "another case",
    "x,Size\n1,a\n2,b\n",
    /current value is 'size', did you mean 'Size'\?$/,
    "--target size",
  ],
  [
    "a cell too few",
    "1,2,a\n3,b\n",
    /rows must have 3 cells as line 1 has: line 2 has 2: mend them, /,
  ],
  [
    "no target",
    "x,y\n1,a\n2,?\n",
    /'classes in y' must be two or more: current value is \['a'\]$/,
  ],
  [
    "a cell of two lines",
    'x,y\n1,2.5\n2,"3\n4"\n',
    /'line 3, y' must be a number .*: current value is '3.*4'$/,
  ],
];

Deno.test("train refuses tables with defects, and names file and place", async (test) => {
  await line.refusedAll(
    test,
    TABLES.map(([title, text, message, more = "--test-split 0"], at) => {
      const file = `bad${at}.csv`;
      line.write(file, text);
      const task = title === "a cell of two lines" ? "numbers" : "auto";
      return {
        title,
        name: "train",
        args: `--dataset ${file} --epochs 1 --task ${task} ${more}`.trim(),
        message: new RegExp(
          `^Cannot (?:read|split) '${file}' as .*${message.source}`,
          "m",
        ),
      };
    }),
  );
});

Deno.test("train that can't do what it is told writes nothing, and says why in one line", async () => {
  const before = [...Deno.readDirSync(line.folder)].length;
  const only = ["--allow-read"];
  const mistakes: [string, RegExp, string[]?][] = [
    [
      "--dataset mnist",
      /^Cannot start the workers as the permission is missing: .* --allow-read$/m,
      [],
    ],
    ["--kernels blas", /'blas' as no BLAS may be opened without --allow-ffi$/m],
    [
      "--save tables.csv/../../m.json",
      /permission is missing: .* --allow-write=/,
    ],
    [
      "--save m.json",
      /'m.json' as the permission is missing: .* --allow-write=\.$/m,
      only,
    ],
    [
      "--checkpoint m.ck",
      /'m.ck' as the permission is missing: .* --allow-write=\.$/m,
      only,
    ],
  ];
  const finished = await line.runAll(
    mistakes.map(([args, , permissions]) => ({
      ...{ name: "train", permissions },
      args: `${withDataset(args)} --epochs 1`,
    })),
  );
  for (const [at, { code, stderr }] of finished.entries()) {
    const [, message] = mistakes[at];
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    assert.equal(code, 2);
  }
  assert.equal([...Deno.readDirSync(line.folder)].length, before);
});
