/** The commands that judge options: validate and search. */
import assert from "node:assert/strict";
import { crossValidate, Mlp, readTable } from "../../mod.ts";
import { CommandLine, type Json, jsonLines } from "./command_line.ts";

const line = new CommandLine();

const IRIS = "--dataset iris.csv --epochs 8 --folds 3";

const SEARCH = [
  ...`${IRIS} --trials 8 --try learning-rate=log:1e-3..1e-1`.split(" "),
  ...["--try", "hidden=8|4,4", "--try", "scale=standardize|minmax"],
];

/** The last event of a search, without times. */
function endOf(events: readonly Json[]): Json {
  return JSON.parse(JSON.stringify(
    events.at(-1),
    (name, value) => name === "seconds" ? undefined : value,
  ));
}

Deno.test("validate judges as the library does, for any number of workers", async () => {
  const [[one], [three]] = await Promise.all([
    line.json("validate", `${IRIS} --hidden 5`),
    line.json("validate", `${IRIS} --hidden 5 --workers 3`),
  ]);
  assert.deepEqual(three, one);
  const { scores, mean } = await crossValidate(
    await readTable(line.path("iris.csv")),
    { folds: 3, network: { hidden: [5] }, training: { epochs: 8 } },
  );
  assert.deepEqual(
    one.folds.map(({ loss }: Json) => loss),
    scores.map(({ loss }) => loss),
  );
  assert.deepEqual(one.mean, mean);
  assert.deepEqual(one.folds.map(({ samples }: Json) => samples), [50, 50, 50]);
});

Deno.test("validate prints a line for each fold, and search its best trials", async () => {
  const [folds, trials] = await Promise.all([
    line.output("validate", `${IRIS} --repeats 2`),
    line.output("search", [
      ...[...IRIS.split(" "), "--try", "weightDecay=0|0.1", "--quiet"],
      ...["--optimizer", "adamw"],
    ]),
  ]);
  assert.match(
    folds,
    /^fold +samples +accuracy .*\n1\/1 +50 +0\.\d{4} [^]*\n2\/3 [^]*\nmean .*\n± .*\n$/,
  );
  assert.match(
    trials,
    /^options +trial +epochs +accuracy +seconds\n--weight-decay 0[^]* ± [^]*\ntrained on all with --weight-decay 0.*: train 0\.\d{4} +test [01]\.\d{4}\n$/,
  );
});

Deno.test("a search that is killed goes on, and comes to what an undisturbed one does with any number of workers", async () => {
  const whole = endOf(
    await line.json("search", [
      ...SEARCH,
      "--save",
      "best.safetensors",
      "--workers",
      "2",
    ]),
  );
  assert.equal(whole.trials.length, 8);
  const args = [...SEARCH, "--trials-file", "trials.jsonl", "--json"];
  for (const [signal, status] of [["SIGKILL", 137], ["SIGINT", 130]] as const) {
    const child = line.start("search", args);
    const stderr = new Response(child.stderr).text();
    let stdout = "";
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      stdout += text;
      if (!/"event":"trial"/.test(stdout)) continue;
      try {
        child.kill(signal);
      } catch { /* It was faster. */ }
    }
    const { code } = await child.status;
    // A search as small as this one may be done before the signal comes.
    assert.ok(code === status || code === 0, `${code} ${await stderr}`);
    if (signal === "SIGINT" && code !== 0) {
      assert.match(
        await stderr,
        /^Stopped by SIGINT after \d of 8 trials, kept in 'trials.jsonl'/,
      );
    }
    const kept = jsonLines(await Deno.readTextFile(line.path("trials.jsonl")));
    assert.equal(kept[0].lockstep, "search 1");
    assert.ok(kept.length >= 2);
  }
  assert.deepEqual(endOf(await line.json("search", args.slice(0, -1))), whole);
  const kept = await Deno.readTextFile(line.path("trials.jsonl"));
  assert.equal(kept.trimEnd().split("\n").length, 9);
  await line.refused(
    "search",
    [...args, "--seed", "2"],
    /'trials.jsonl' as '--seed' must be left out as before: current value is "2"/,
  );

  // What is saved is what train makes of the same options.
  const flags = Object.entries(whole.best.options).flatMap((
    [name, value],
  ) => [`--${name}`, `${value}`]);
  const events = await line.json("train", [
    "--dataset",
    "iris.csv",
    "--epochs",
    "8",
    ...flags,
  ]);
  assert.equal(events.at(-1).weightsSha256, whole.weightsSha256);
  assert.equal(events.at(-1).testAccuracy, whole.test);
  const [{ accuracy }] = await line.json(
    "evaluate",
    "--model best.safetensors --dataset iris.csv",
  );
  assert.ok(accuracy > 0.5);
});

Deno.test("groups are in one part, and their column is no input", async () => {
  const rows = Array.from(
    { length: 40 },
    (_, at) => `${Math.floor(at / 4)},${at % 7},${at % 2 ? "b" : "a"}`,
  );
  line.write("groups.csv", `who,size,kind\n${rows.join("\n")}\n`);
  const args = "--dataset groups.csv --hidden 2 --epochs 1 --group who";
  const [found] = await line.json("validate", args);
  assert.deepEqual(found.folds.map(({ samples }: Json) => samples), [
    8,
    8,
    8,
    8,
    8,
  ]);
  const events = await line.json("search", [
    ...args.split(" "),
    "--try",
    "l2=0|1",
    "--holdout",
    "0.25",
    "--save",
    "groups.json",
  ]);
  const [{ trainSamples, testSamples }] = events;
  assert.deepEqual([trainSamples, testSamples], [32, 8]);
  // One score has no deviation.
  const { score, deviation } = events.at(-1).best;
  assert.deepEqual([typeof score, deviation], ["number", undefined]);
  await using mlp = await Mlp.load(line.path("groups.json"));
  assert.deepEqual(mlp.layers, [1, 2, 2]);
});

Deno.test("validate and search refuse mistakes before they train", async (t) => {
  const tried = (
    values: string,
    ...more: string[]
  ) => ["--dataset", "iris.csv", "--try", values, ...more];
  await line.refusedAll(t, [
    {
      name: "search",
      args: tried("learning-rate=0.1|-1"),
      message: /'--learning-rate' must be .*: current value is -1/,
    },
    {
      name: "search",
      args: tried("learning_rate=0.1"),
      message: /did you mean 'learning-rate'/,
    },
    {
      name: "search",
      args: tried("activation=relu|rely"),
      message: /'--activation' must be .*did you mean 'relu'/,
    },
    {
      name: "search",
      args: tried("momentum=0.9"),
      message: /'--momentum' is not read/,
    },
    {
      name: "search",
      args: tried("l2=log:0..1"),
      message: /'--l2' must be numbers of more than 0/,
    },
    {
      name: "search",
      args: tried("l2=1..x"),
      message: /'--try l2' must be a range/,
    },
    {
      name: "search",
      args: tried("l2=0..1", "--method", "grid"),
      message: /for the method 'grid'/,
    },
    {
      name: "search",
      args: tried("l2=0|1", "--l2", "1"),
      message: /'--l2' must be left out where it is tried/,
    },
    {
      name: "search",
      args: tried("l2"),
      message: /'--try' must be NAME=VALUES/,
    },
    {
      name: "search",
      args: tried("epochs=1|2", "--method", "halving"),
      message: /--method halving/,
    },
    {
      name: "search",
      args: tried("l2=0|1", "--score", "r2"),
      message: /'--score' must be 'accuracy' or 'loss'/,
    },
    {
      name: "search",
      args: "--dataset iris.csv",
      message: /'--try' must be given/,
    },
    {
      name: "search",
      args: tried("l2=0|1", "--holdout", "2"),
      message: /'--holdout' must be/,
    },
    {
      name: "validate",
      args: "--dataset iris.csv --folds 1",
      message: /'--folds' must be/,
    },
    {
      name: "validate",
      args: "--dataset iris.csv --target species --group species",
      message: /'--group' must be another column than the target/,
    },
    {
      name: "validate",
      args: "--group who",
      message: /'--group' is a column of a table/,
    },
  ]);
});
