/** Models in each format, and on the way from one to the other. */
import assert from "node:assert/strict";
import { CommandLine, someAtATime } from "./command_line.ts";

const line = new CommandLine();

const FORMATS = ["safetensors", "onnx", "json"];

/** Rows with a category, of which some classes are told. */
const ROWS = Array.from(
  { length: 30 },
  (_, at) =>
    `${at % 7},"${["dark, red", "blue"][at % 2]}",${
      at % 3 === 0 ? '"a ""b"""' : "c"
    }`,
);
line.write("things.csv", ["size,color,kind", ...ROWS].join("\n"));

/** What is told of the inputs of a graph with texts. */
const NOTES = [
  "The graph takes 'input', float32 [N, 1]: 'size'",
  "The graph takes 'texts', string [N, 1]: 'color'",
];

const MODELS: Record<string, string> = {
  "classes of a table with a category":
    "--dataset things.csv --activation relu,gelu --header yes",
  "numbers":
    "--dataset diabetes.csv --activation tanh,elu --target bmi,progression --loss huber",
};

for (const [name, args] of Object.entries(MODELS)) {
  Deno.test(`train --save and export: ${name}, the same in every format and back`, async () => {
    const file = args.split(" ")[1];
    const sums = await someAtATime(FORMATS, async (format) => {
      const events = await line.json(
        "train",
        `${args} --epochs 2 --optimizer adam --hidden 6,5 --save saved.${format}`,
      );
      return events.at(-1).weightsSha256;
    });
    const uses = await someAtATime(FORMATS, async (format) => ({
      inspected: await line.json("inspect", `--model saved.${format}`),
      predicted: await line.output(
        "predict",
        `--model saved.${format} ${file}`,
      ),
    }));
    assert.equal(new Set(sums).size, 1);
    assert.equal(uses[0].inspected[0].weightsSha256, sums[0]);
    assert.ok(uses[0].predicted.trimEnd().split("\n").length > 30);
    for (const use of uses) assert.deepEqual(use, uses[0]);

    // Whatever it comes from, a file has the bytes that the training wrote.
    const ways = FORMATS.flatMap((from) => FORMATS.map((to) => [from, to]))
      .filter(([from, to]) => from !== to);
    await someAtATime(ways, async ([from, to]) => {
      const name = `${from}.${to}`;
      const command = `--model saved.${from} --to ${name}`;
      if (from === "json") {
        const found = await line.json("export", command);
        assert.equal(found[0].wrote, name);
        const texts = to === "onnx" && file === "things.csv";
        assert.deepEqual(found[0].notes, texts ? NOTES : undefined);
      } else {
        const found = await line.output("export", command);
        const left = to === "onnx" && file === "things.csv"
          ? `${NOTES.join("\n")}\n`
          : "";
        assert.equal(found, `Wrote '${name}'\n${left}`);
      }
      assert.deepEqual(
        Deno.readFileSync(line.path(name)),
        Deno.readFileSync(line.path(`saved.${to}`)),
      );
    });
  });
}

Deno.test("train and search tell what a graph takes of dates, prices and huge numbers", async () => {
  const rows = Array.from({ length: 30 }, (_, at) =>
    [
      `2024-01-${10 + at % 15}`,
      `${at % 7},50 €`,
      `${1_700_000_000 + at % 3}`,
      at % 7,
    ].join(";"));
  line.write("odd.csv", `day;price;time;y\n${rows.join("\n")}\n`);
  const notes = [
    "Note: The graph takes 'input', float32 [N, 5]: 'day', 'price', 'time'",
    "Note: Of 'price' it takes numbers as in 1234.5",
    "Note: It takes 'time' less 1700000000, as a float32 doesn't hold the numbers themselves",
    "Note: ONNX has no nodes for 'day' (date, 3 inputs): it takes what encoder.inputs() makes of them",
  ].join("\n");
  const args = "--dataset odd.csv --task numbers --hidden 2 --epochs 1";
  const search = "--trials 1 --folds 2 --try learning-rate=0.1|0.2";
  const found = [
    await line.run("train", `${args} --test-split 0 --save odd.onnx`),
    await line.run("search", `${args} ${search} --save odd.onnx`),
  ];
  for (const { stderr } of found) assert.ok(stderr.includes(notes), stderr);
});

Deno.test.beforeAll(async () => {
  await line.output(
    "train",
    "--dataset iris.csv --epochs 1 --quiet --save iris.json",
  );
  line.write("bad.json", '{ "format": "lockstep" }');
  line.write("there.onnx", "as it was");
  Deno.mkdirSync(line.path("folder.json"));
});

const MISTAKES: [string, RegExp, string[]?][] = [
  ["--model bad.json --to there.onnx", /^Cannot read 'bad.json' as /],
  [
    "--model iris.json --to model.txt",
    /^Cannot write 'model.txt' as its name must end in '.safetensors', '.onnx' or '.json'$/m,
  ],
  [
    "--model iris.json --to no/model.json",
    /^Cannot write 'no\/model.json' as there is no such folder 'no'$/m,
  ],
  [
    "--model iris.json --to folder.json",
    /^Cannot write 'folder.json' as the system refuses: Is a directory/,
  ],
  [
    "--model iris.json --to folder.json/../../model.json",
    /permission is missing: run again with --allow-write=/,
  ],
  [
    "--model iris.json --to there.onnx",
    /^Cannot write 'there.onnx' as the permission is missing: run again with --allow-write=\.$/m,
    ["--allow-read"],
  ],
  ["--model iris.json", /'--to FILE' must be given$/m],
  ["--to model.json", /'--model FILE' must be given$/m],
  [
    "--model iris.json --to model.json other.json",
    /Unexpected argument 'other.json'/,
  ],
];

Deno.test("export that can't be done leaves everything as it was", async (test) => {
  const names = () =>
    [...Deno.readDirSync(line.folder)].map(({ name }) => name).sort();
  const before = names();
  await line.refusedAll(
    test,
    MISTAKES.map(([args, message, permissions]) => ({
      name: "export",
      args,
      message,
      ...(permissions === undefined ? {} : { permissions }),
    })),
  );
  assert.deepEqual(names(), before);
  assert.equal(Deno.readTextFileSync(line.path("there.onnx")), "as it was");
});
