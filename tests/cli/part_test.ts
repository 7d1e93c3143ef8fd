/** A model knows again the rows that it was trained on. */
import assert from "node:assert/strict";
import { encodeNpy } from "../../src/data/npy.ts";
import { CommandLine, jsonLines, someAtATime } from "./command_line.ts";

const line = new CommandLine();

/** Points of two kinds in an order by kind, three of each of 30 people; some rows are bad, or have no kind. */
const POINTS = Array.from({ length: 90 }, (_, at) => {
  const [x, y] = [(at * 37) % 101 + (at < 45 ? 0 : 40), (at * 53) % 97];
  const kind = at % 20 === 7 ? "" : at < 45 ? "one" : "two";
  return at % 30 === 11 ? `${x}` : `${x},p${at % 30},${y},${kind}`;
});
const CSV = `x,person,y,kind\n${POINTS.join("\n")}\n`;
line.write("points.csv", CSV);
line.write(
  "points.jsonl",
  POINTS.filter((row) => row.includes(",")).map((row) => {
    const [x, , y, kind] = row.split(",");
    return JSON.stringify({ x: +x, y: +y, kind: kind || null });
  }).join("\n"),
);
line.write(
  "x.npy",
  encodeNpy(Float32Array.from({ length: 80 }, (_, at) => at % 7), [40, 2]),
);
line.write(
  "y.npy",
  encodeNpy(Float32Array.from({ length: 40 }, (_, at) => +(at > 29)), [40]),
);

/** How a network is trained, and what its file is evaluated with. */
const TRAININGS: Record<string, { train: string; evaluate: string }> = {
  "a table with rows left out, and a column": {
    train: "train --dataset points.csv --bad-rows skip --drop person",
    evaluate: "--dataset points.csv --bad-rows skip",
  },
  "a table on stdin": {
    train: "train --dataset - --bad-rows skip --keep person --seed 5",
    evaluate: "--dataset - --bad-rows skip",
  },
  "JSON lines, with rows held back": {
    train: "train --dataset points.jsonl --validation-split 0.25",
    evaluate: "--dataset points.jsonl",
  },
  "pieces": {
    train:
      "train --dataset points.csv --bad-rows skip --drop person --piece-rows 60",
    evaluate: "--dataset points.csv --bad-rows skip",
  },
  "arrays, and an ensemble": {
    train:
      "train --dataset x.npy --targets y.npy --validation-split 0.2 --ensemble 2",
    evaluate: "--dataset x.npy --targets y.npy",
  },
  "numbers": {
    train: "train --dataset diabetes.csv --test-split 0.1",
    evaluate: "--dataset diabetes.csv",
  },
  "groups of a search, and seeds that were tried": {
    train:
      "search --dataset points.csv --bad-rows skip --group person --try seed=3|4 --trials 2 --holdout 0.3",
    evaluate: "--dataset points.csv --bad-rows skip",
  },
};

Deno.test("evaluate --part test scores what the training kept to test, and no more", async (test) => {
  const all = Object.entries(TRAININGS);
  const done = await someAtATime(all, async ([, { train, evaluate }], at) => {
    const [name, ...args] = train.split(" ");
    const stdin = { stdin: CSV };
    const trained = await line.run(
      name as "train",
      `${args.join(" ")} --hidden 3 --epochs 2 --json --save ${at}.json`,
      stdin,
    );
    assert.equal(trained.code, 0, trained.stderr);
    const model = `--model ${at}.json ${evaluate} --json`;
    const scored = async (part: string) => {
      const { stdout, stderr } = await line.run(
        "evaluate",
        `${model}${part}`,
        stdin,
      );
      assert.notEqual(stdout, "", stderr);
      return jsonLines(stdout)[0];
    };
    return {
      trained: jsonLines(trained.stdout),
      rows: line.readJson(`${at}.json`).description.training.rows,
      whole: await scored(""),
      part: await scored(" --part test"),
    };
  });
  for (const [at, { trained, rows, whole, part }] of done.entries()) {
    await test.step(all[at][0], () => {
      const { part: name, trainedOn, ...report } = part;
      assert.deepEqual([name, trainedOn], ["test", 0]);
      assert.equal(report.samples, rows.test);
      assert.ok(rows.test > 3);
      const end = trained.at(-1);
      // A search tells the score alone.
      if (end.test?.samples !== undefined) assert.deepEqual(report, end.test);
      else assert.equal(report.accuracy, end.test ?? end.testAccuracy);
      assert.equal(whole.trainedOn, rows.train);
      assert.equal(whole.samples, rows.train + rows.validation + rows.test);
    });
  }
});

Deno.test("evaluate tells of rows that were trained on, and scores those of a part", async (test) => {
  await line.output(
    "train",
    "--dataset iris.csv --hidden 4 --epochs 3 --validation-split 0.25 --quiet --save iris.safetensors",
  );
  const model = "--model iris.safetensors --dataset iris.csv";
  const { stderr } = await line.run("evaluate", model);
  assert.equal(
    stderr,
    "Note: 90 of the 150 rows were trained on and 30 held back to validate; --part test scores the other 30\n",
  );
  const found = await someAtATime(
    ["train", "validation", "all"],
    async (part) => (await line.json("evaluate", `${model} --part ${part}`))[0],
  );
  assert.deepEqual(
    found.map(({ samples, trainedOn }) => [samples, trainedOn]),
    [[90, 90], [30, 0], [150, 90]],
  );
  // Sorted by class, as the file is: each has its share.
  assert.deepEqual(
    found[1].report.classes.map((one: { support: number }) => one.support),
    [10, 10, 10],
  );
  assert.match(
    await line.output("inspect", "--model iris.safetensors"),
    /^rows +90 trained on, 30 to validate, 30 to test, of the file with the SHA-256 [0-9a-f]{64}$/m,
  );
  const text = Deno.readTextFileSync(line.path("iris.csv"));
  line.write("changed.csv", text.replace("5.1", "5.2"));
  line.write("headless.csv", text.slice(text.indexOf("\n") + 1));
  const other = "--model iris.safetensors --dataset changed.csv";
  const [{ trainedOn }] = await line.json("evaluate", other);
  assert.equal(trainedOn, undefined);
  await line.output("evaluate", other);
  await line.output(
    "train",
    "--dataset headless.csv --hidden 2 --epochs 1 --quiet --test-split 0 --save headless.json",
  );
  const kept = line.readJson("headless.json");
  const { rows } = kept.description.training;
  const others = {
    ...{ forged: { sha256: 1 }, old: undefined },
    otherwise: { ...rows, seed: 2, testSplit: 0.5 },
  };
  for (const [name, other] of Object.entries(others)) {
    kept.description.training.rows = other;
    line.write(`${name}.json`, JSON.stringify(kept));
  }
  await line.refusedAll(test, [
    {
      name: "evaluate",
      args: `${other} --part test`,
      message:
        /'--part test' as 'changed.csv' isn't the file that it was trained on, or was changed since: leave out --part to score all its rows$/m,
    },
    {
      name: "evaluate",
      args: "--model otherwise.json --dataset headless.csv --part train",
      message:
        /'--part train' as the rows of 'headless.csv' are read otherwise than in the training, which had --target 'column 5': give the same options$/m,
    },
    {
      name: "evaluate",
      args: "--model headless.json --dataset headless.csv --part test",
      message: /had no such rows: leave it out, or train with --test-split$/m,
    },
    {
      name: "evaluate",
      args: "--model old.json --dataset headless.csv --part test",
      message: /as it doesn't remember its rows: train it anew/,
    },
    {
      name: "evaluate",
      args: "--model forged.json --dataset headless.csv",
      message: /^Cannot read 'forged.json' as 'training.rows' must say/,
    },
    {
      name: "evaluate",
      args: `${model} --part half`,
      message: /'--part' must be 'train' or 'validation' or 'test' or 'all'/,
    },
  ]);
});
