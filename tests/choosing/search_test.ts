import assert from "node:assert/strict";
import {
  crossValidate,
  kFold,
  Mlp,
  parseCsv,
  readTable,
  search,
  type SearchOptions,
  type Table,
  TableEncoder,
} from "../../mod.ts";
import { roundsOf } from "../../src/choosing/run_search.ts";
import { choicesOf } from "../../src/choosing/space.ts";
import { inFolder } from "../in_folder.ts";

const IRIS = await readTable("data/iris.csv");

function rowsOf(table: Table, rows: Int32Array): Table {
  return {
    ...table,
    rows: Array.from(rows, (row) => table.rows[row]),
    lines: Array.from(rows, (row) => table.lines[row]),
  };
}

const BASE = { training: { epochs: 6 }, folds: 3, workers: 2 } as const;

const SEARCH: SearchOptions = {
  ...BASE,
  space: {
    learningRate: { from: 1e-3, to: 0.1, log: true },
    hidden: [[4], [6, 4]],
    scale: ["standardize", "minmax"],
  },
  trials: 6,
};

/** All that a search comes to, but for times. */
async function found(options: SearchOptions) {
  const { mlp, trials } = await search(IRIS, options);
  await using network = mlp;
  return {
    trials: trials.map(({ seconds: _, ...trial }) => trial),
    sha256: await network.weightsSha256(),
  };
}

Deno.test("scores are those of a loop made by hand, in which nothing is known of the other rows", async () => {
  const numbers = {
    ...IRIS,
    rows: IRIS.rows.map((row) => row.slice(0, 4)),
    columns: IRIS.columns.slice(0, 4),
  };
  for (
    const [table, stratify] of [[IRIS, "species"], [
      numbers,
      undefined,
    ]] as const
  ) {
    const losses: number[] = [];
    const how = { folds: 3, ...(stratify === undefined ? {} : { stratify }) };
    for (const { train, test } of kFold(table, how)) {
      const encoder = await TableEncoder.fit(rowsOf(table, train));
      await using mlp = new Mlp({ encoder, hidden: [5], workers: 2 });
      await mlp.fit(await encoder.samples(rowsOf(table, train)), { epochs: 6 });
      const samples = await encoder.samples(rowsOf(table, test));
      losses.push((await mlp.evaluate(samples)).loss);
    }
    const { scores, mean, deviation } = await crossValidate(table, {
      ...BASE,
      network: { hidden: [5] },
    });
    assert.deepEqual(scores.map(({ loss }) => loss), losses);
    const average = (losses[0] + losses[1] + losses[2]) / 3;
    assert.ok(Math.abs(mean.loss - average) < 1e-12);
    const squares = losses.map((loss) => (loss - average) ** 2);
    assert.ok(
      Math.abs(
        deviation.loss - Math.sqrt((squares[0] + squares[1] + squares[2]) / 2),
      ) < 1e-12,
    );
  }
});

Deno.test("a search is the same for any number of threads, and after it was ended", async () => {
  const wanted = await found({ ...SEARCH, workers: 1 });
  assert.equal(wanted.trials.length, 6);
  assert.deepEqual(await found({ ...SEARCH, workers: 2 }), wanted);
  assert.deepEqual(await found({ ...SEARCH, workers: 3 }), wanted);
  await inFolder(async (folder) => {
    const file = `${folder}/trials.jsonl`;
    const controller = new AbortController();
    const enough = new Error("enough");
    let trained = 0;
    const onTrial = () => void (++trained === 2 && controller.abort(enough));
    await assert.rejects(
      search(IRIS, { ...SEARCH, file, onTrial, signal: controller.signal }),
      enough,
    );
    // As if the process was killed in the middle of a line.
    await Deno.writeTextFile(file, '{"trial":5,"rou', { append: true });
    const lines = (await Deno.readTextFile(file)).split("\n").length - 2;
    assert.ok(lines >= 2 && lines < 6, `${lines}`);
    assert.deepEqual(await found({ ...SEARCH, file }), wanted);
    const after = await Deno.readTextFile(file);
    assert.equal(after.trimEnd().split("\n").length, 7);
    // All is there, so that nothing is trained again.
    assert.deepEqual(await found({ ...SEARCH, file }), wanted);
    assert.equal(await Deno.readTextFile(file), after);
    const others = [
      [
        { training: { epochs: 7 } },
        /'training.epochs' must be 6 as before: current value is 7/,
      ],
      [{ trials: 7 }, /'trials' must be 6 as before: current value is 7/],
      [{ score: "loss" }, /'score' must be left out as before/],
    ] as const;
    for (const [other, message] of others) {
      await assert.rejects(search(IRIS, { ...SEARCH, file, ...other }), {
        name: "RangeError",
        message,
      });
    }
    const fewer = {
      ...IRIS,
      rows: IRIS.rows.slice(1),
      lines: IRIS.lines.slice(1),
    };
    await assert.rejects(search(fewer, { ...SEARCH, file }), {
      name: "RangeError",
      message: /the samples must be those of before/,
    });
    await Deno.writeTextFile(file, "size,kind\n1,a\n");
    await assert.rejects(search(IRIS, { ...SEARCH, file }), {
      name: "RangeError",
      message: /trials.jsonl/,
    });
  });
});

Deno.test("a trial that diverges is recorded, and all of them are an error", async () => {
  const options = {
    ...BASE,
    space: { learningRate: [0.05, 1e30] },
    training: { ...BASE.training, optimizer: "sgd" },
    network: { hidden: [4] },
    method: "grid",
    score: "loss",
  } as const;
  const { mlp, best, trials } = await search(IRIS, options);
  await mlp.dispose();
  assert.equal(best.trial, 1);
  assert.equal(trials[1].score, undefined);
  assert.match(trials[1].error!, /^The training has diverged in epoch \d$/);
  await assert.rejects(
    search(IRIS, { ...options, space: { learningRate: [1e30] } }),
    {
      name: "RangeError",
      message: /all 1 trials failed: 1 as 'The training has diverged/,
    },
  );
});

Deno.test("of equals the first is the best, and halving gives the best more epochs", async () => {
  const options = {
    ...BASE,
    space: { learningRate: [0, 0.05, 0.02, 0], seed: [3] },
    method: "halving",
    trials: 4,
    factor: 2,
    training: { epochs: 8 },
    holdout: 0.2,
    folds: undefined,
  } as const;
  const { mlp, best, trials } = await inFolder(async (folder) => {
    const file = `${folder}/trials.jsonl`;
    const found = await search(IRIS, { ...options, file });
    // Who comes to a later round stays before all others, though it does worse there.
    const worse = (await Deno.readTextFile(file)).replaceAll(
      /("round":[23],.*"scores":)\[.*?\]/g,
      "$1[0.01]",
    );
    await Deno.writeTextFile(file, worse);
    const again = await search(IRIS, { ...options, file });
    await again.mlp.dispose();
    assert.deepEqual(again.trials.map(({ score }) => score).slice(0, 2), [
      ...[0.01, 0.01],
    ]);
    const epochs = again.trials.map(({ epochs }) => epochs);
    assert.deepEqual(epochs, [8, 4, 2, 2]);
    return found;
  });
  await mlp.dispose();
  assert.equal(best.epochs, 8);
  assert.deepEqual(trials.map(({ epochs }) => epochs), [8, 4, 2, 2]);
  assert.deepEqual(trials.slice(2).map(({ trial }) => trial), [1, 4]);
  assert.equal(best.scores!.length, 1);
  assert.deepEqual(
    roundsOf(27, 90, 3),
    [[27, 3], [9, 10], [3, 30], [1, 90]].map(([trials, epochs]) => ({
      trials,
      epochs,
    })),
  );
  assert.deepEqual(roundsOf(9, 2, 3), [{ trials: 9, epochs: 2 }]);
});

Deno.test("choices are all of a grid, or different ones within their ranges", () => {
  const space = { a: [1, 2], b: ["x", "y", "z"] };
  const all = choicesOf("try", space, { method: "grid", trials: 1, seed: 1 });
  assert.deepEqual(all.map(({ a, b }) => `${a}${b}`), [
    "1x",
    "1y",
    "1z",
    "2x",
    "2y",
    "2z",
  ]);
  const drawn = choicesOf("try", space, {
    method: "random",
    trials: 5,
    seed: 1,
  });
  assert.equal(new Set(drawn.map((choice) => JSON.stringify(choice))).size, 5);
  const ranges = {
    rate: { from: 1e-4, to: 0.1, log: true },
    size: { from: 3, to: 5, whole: true },
  };
  const many = choicesOf("try", ranges, {
    method: "random",
    trials: 300,
    seed: 2,
  });
  const rates = many.map(({ rate }) => rate as number);
  assert.ok(rates.every((rate) => rate >= 1e-4 && rate <= 0.1));
  const small = rates.filter((rate) => rate < 1e-3).length;
  assert.ok(
    small > 70 && small < 130,
    `${small} of 300 in a third of the factors`,
  );
  const sizes = Map.groupBy(many, ({ size }) => size as number);
  assert.deepEqual([...sizes.keys()].sort(), [3, 4, 5]);
  // All are as likely: 100 of each, give or take 8.
  for (const [size, { length }] of sizes) {
    assert.ok(length > 75 && length < 125, `${length} of ${size}`);
  }
});

Deno.test("mistakes are refused before the first trial", async () => {
  const refused = async (
    options: object,
    message: RegExp,
    name = "RangeError",
  ) => {
    let trained = 0;
    const onTrial = () => void trained++;
    const all = {
      ...BASE,
      space: { l2: [0, 1] },
      onTrial,
      ...options,
    } as SearchOptions;
    await assert.rejects(search(IRIS, all), { name, message });
    assert.equal(trained, 0);
  };
  await refused(
    { space: { learningRate: [0.1, -1] } },
    /'learningRate' must be .*: current value is -1/,
  );
  await refused(
    { space: { learning_rate: [1] } },
    /did you mean 'learningRate'/,
    "TypeError",
  );
  await refused({ space: { momentum: [0.9] } }, /'momentum' is not read/);
  await refused(
    { space: { activation: ["tanh", "tan"] } },
    /'activation' must be/,
  );
  await refused(
    { space: { l2: { from: 2, to: 1 } } },
    /'l2' must be numbers, the second larger/,
  );
  await refused(
    { space: { l2: { from: 0, to: 1, log: true } } },
    /of more than 0/,
  );
  await refused({ space: {} }, /'space' must be/, "TypeError");
  await refused(
    { method: "grid", space: { l2: { from: 0, to: 1 } } },
    /for the method 'grid'/,
  );
  await refused(
    { training: { l2: 1 } },
    /'l2' must be left out where it is tried/,
  );
  await refused(
    { training: { onEpoch: () => {} } },
    /'onEpoch' is no option/,
    "TypeError",
  );
  await refused({ score: "r2" }, /'score' must be 'accuracy' or 'loss'/);
  await refused(
    { holdout: 0.2 },
    /'folds' must be left out where 'holdout' is given/,
  );
  await refused({ holdout: 1, folds: undefined }, /'holdout'/);
});

Deno.test("a fold of one row has no R², and can't be judged by it", async () => {
  const rows = [1, 2, 3, 4].map((a) => ({ a, y: 2 * a + 0.5 }));
  const table = await parseCsv(
    `a,y\n${rows.map(({ a, y }) => `${a},${y}`).join("\n")}\n`,
  );
  const options = {
    ...{ folds: 4, workers: 1, network: { hidden: [] } },
    training: { epochs: 1 },
  };
  const { scores, mean } = await crossValidate(table, options);
  assert.deepEqual(
    Object.keys(mean),
    ["meanAbsoluteError", "rootMeanSquaredError", "loss"],
  );
  assert.equal(scores[0].r2, undefined);
  await assert.rejects(
    search(table, { ...options, space: { l2: [0, 1] }, trials: 1 }),
    {
      name: "RangeError",
      message:
        "Cannot search as 'score' must be 'loss' or 'meanAbsoluteError' or 'rootMeanSquaredError' where a fold has one sample: current value is 'r2'",
    },
  );
});
