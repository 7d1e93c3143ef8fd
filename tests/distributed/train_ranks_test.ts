/** `train --distributed mpi`. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  type Evaluation,
  fitScaling,
  Mlp,
  readTable,
  type Samples,
} from "../../mod.ts";
import { chooseRows, knownFile } from "../../src/cli/choose_part.ts";
import { refuseWithParts } from "../../src/cli/partitioned.ts";
import {
  type NumbersReport,
  reportOn,
} from "../../src/report/sample_report.ts";
import { rowsText } from "../../src/report/sheet_section.ts";
import { hashOfFile } from "../../src/cli/data_hash.ts";
import { inFolder } from "../in_folder.ts";
import { first, only, paths, STARTERS } from "./mpirun.ts";

const IRIS = fileURLToPath(new URL("../../data/iris.csv", import.meta.url));

const TRAIN = [
  ...["run", "--no-check", "--allow-read", "--allow-write", "--allow-ffi"],
  fileURLToPath(new URL("../../src/cli/train.ts", import.meta.url)),
];

/** Starts `train`, by one process or by several with options for each of them; returns what it printed. */
async function runTrain(...ranks: readonly (readonly string[])[]) {
  const [, ...starter] = STARTERS[first];
  const args = ranks.length === 1 ? [...TRAIN, ...ranks[0]] : [
    ...starter,
    ...ranks.flatMap((options) => [
      ...["-n", "1", Deno.execPath(), ...TRAIN, "--distributed", "mpi"],
      ...[...options, ":"],
    ]),
  ].slice(0, -1);
  const command = ranks.length === 1 ? Deno.execPath() : paths.get(first)!;
  const found = await new Deno.Command(command, { args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { stdout: text(found.stdout), stderr: text(found.stderr) };
}

/** The same with `--json`, with the same options for all; returns its events. */
async function trainCli(
  count: number,
  options: readonly string[],
): Promise<Record<string, unknown>[]> {
  const ranks = new Array(count).fill([...options, "--json"]);
  const { stdout, stderr } = await runTrain(...ranks);
  assert.notEqual(stdout, "", stderr);
  return stdout.split("\n").map((line) => JSON.parse(line));
}

Deno.test(
  "train --distributed mpi: ranks with other options refuse, all of them",
  only,
  async () => {
    const { stderr } = await runTrain(
      ["--dataset", IRIS, "--epochs", "2"],
      ["--dataset", IRIS, "--epochs", "3"],
    );
    for (const rank of [0, 1]) {
      const message =
        `Rank ${rank} of 2: Cannot train together as '--epochs' must be the same for all ranks: rank 0 has '2', rank 1 has '3'`;
      assert.ok(stderr.includes(message), stderr);
    }
  },
);

Deno.test(
  "train --distributed mpi: one report, and the bits of one process",
  only,
  async () => {
    const options = ["--dataset", IRIS, "--epochs", "3", "--batch-size", "50"];
    const split = [...options, "--shards", "4"];
    const two = await trainCli(2, [...split, "--timings"]);
    const ends = two.filter(({ event }) => event === "end");
    assert.equal(ends.length, 1);
    const alone = [...split, "--distributed", "mpi", "--json"];
    const { stdout, stderr } = await runTrain(alone);
    assert.equal(
      stderr,
      "Training alone, as no other process has come: start several with 'mpirun -n 2 …'",
    );
    const one = JSON.parse(stdout.split("\n").at(-1)!);
    assert.equal(ends[0].weightsSha256, one.weightsSha256);
    type Row = { part: string; name: string; milliseconds: number };
    const rows = (two[1].timings as Row[]).filter(({ part, milliseconds }) =>
      part === "communication" && milliseconds > 0
    );
    // Each has some 11 kB of weights, padding with them, and sends half.
    assert.deepEqual(rows.map(({ name }) => name), [
      "wait for the slowest",
      "gradients, 6 kB a step",
      "weights, 7 kB a step",
    ]);
    // Of its moments rank 1 sends its slice at the end.
    const [moved] = ends[0].timings as Row[];
    assert.equal(moved.name, "moments to rank 0, 11 kB");
    assert.ok(moved.milliseconds > 0);
  },
);

Deno.test("train with '{rank}' refuses what is fitted to samples at one place", () => {
  assert.throws(
    () => refuseWithParts({ threshold: "f1", "validation-split": "0.2" }),
    {
      name: "UsageError",
      message:
        "Cannot train as '--threshold' must be left out with '{rank}' in --dataset, as it is fitted to samples at one place: call 'chooseThresholds()' of the saved model",
    },
  );
  assert.throws(
    () => refuseWithParts({ ensemble: "2", "validation-split": "0.2" }),
    /'--validation-split' must be left out with '{rank}' in --dataset and --ensemble/,
  );
  refuseWithParts({ ensemble: "2", "validation-split": "0" });
});

/** The samples of all parts. */
function joined(parts: readonly Samples[]): Samples {
  const all = (name: "x" | "y") =>
    Float32Array.from(parts.flatMap((part) => [...part[name]]));
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  return { ...parts[0], x: all("x"), y: all("y"), count };
}

Deno.test(
  "train with '{rank}': a table of numbers in parts, scaled alike, and scores of all rows",
  only,
  () =>
    inFolder(async (folder) => {
      const rows = Array.from({ length: 60 }, (_, row) => {
        const [a, b] = [row % 7, row * row % 11];
        return `${a},${b},${2 * a - b + row % 2}`;
      });
      const write = async (name: string, rows: readonly string[]) => {
        const text = ["a,b,y", ...rows].join("\n");
        await Deno.writeTextFile(`${folder}/${name}.csv`, text);
      };
      await write("0", rows.slice(0, 35));
      await write("1", rows.slice(35));
      await write("all", rows);
      const model = `${folder}/model.json`;
      const files = ["--dataset", `${folder}/{rank}.csv`, "--save", model];
      const events = await trainCli(2, [
        ...[...files, "--epochs", "8", "--test-split", "0.2", "--batch-size"],
        ...["16", "--optimizer", "adam", "--learning-rate", "0.03"],
        ...["--task", "numbers", "--checkpoint", `${folder}/checkpoint`],
        ...["--validation-split", "0.2"],
      ]);
      await using mlp = await Mlp.load(model);
      const { encoder, training } = mlp;
      assert.match(
        rowsText(training!.rows),
        /^38 trained on, 10 to validate, 12 to test, of 2 files with the SHA-256 \w{64}, \w{64}$/,
      );
      // The model knows the rows of each file again.
      const flags = { model, dataset: `${folder}/all.csv` };
      const partOf = async (name: string) => {
        const part = { ...flags, part: name };
        const parts = [];
        for (const path of [`${folder}/0.csv`, `${folder}/1.csv`]) {
          const table = await readTable(path);
          const rows = { table, samples: await encoder!.samples(table) };
          const known = knownFile(mlp, part, path, await hashOfFile(path));
          parts.push(chooseRows(rows, known, part, training).samples);
        }
        return joined(parts);
      };
      assert.throws(
        () => knownFile(mlp, { ...flags, part: "test" }, "all.csv", "0123"),
        /'all.csv' isn't one of the files that it was trained on/,
      );
      const scoresOf = async (name: string) =>
        await mlp.evaluate(await partOf(name));
      const { trainR2 } = events.at(-1)! as { trainR2: number };
      const { r2 } = await scoresOf("train");
      assert.ok(trainR2 > 0.5, `${trainR2}`);
      assert.ok(Math.abs(trainR2 - r2!) < 1e-6);
      const { validation } = events.at(-2)! as { validation: Evaluation };
      const wanted = await scoresOf("validation");
      for (const [name, value] of Object.entries(wanted)) {
        const found = validation[name as keyof Evaluation]!;
        assert.ok(Math.abs(found - value) < 1e-6, `${name} is ${found}`);
      }
      const { trainSamples, validationSamples, testSamples, rows: read } =
        events[0];
      assert.deepEqual(
        [trainSamples, validationSamples, testSamples],
        [38, 10, 12],
      );
      assert.deepEqual(read, { read: 60, used: 60, leftOut: [] });
      const { test, testR2 } = events.at(-1)!;
      const report = await reportOn(mlp, await partOf("test")) as NumbersReport;
      assert.deepEqual(test, report);
      assert.equal(testR2, report.r2);
      const later = await trainCli(2, [
        ...["--resume", `${folder}/checkpoint`, "--epochs", "9"],
        ...["--dataset", `${folder}/{rank}.csv`],
      ]);
      assert.deepEqual(later.map(({ event }) => event), [
        ...["start", "epoch", "end"],
      ]);
      assert.equal(later[0].trainSamples, 38);
      const { stderr } = await runTrain([
        ...["--resume", `${folder}/checkpoint`, "--dataset", flags.dataset],
      ]);
      assert.match(
        stderr,
        /^Cannot go on with the training as '--dataset' must be with '{rank}' in it as before: current value is '.*all.csv'$/,
      );
    }),
);

Deno.test(
  "train with '{rank}': images are scaled as the first rank's",
  only,
  () =>
    inFolder(async (folder) => {
      const pixels = (most: number) =>
        Array.from({ length: 80 }, (_, at) => at * at % most);
      const write = async (name: string, header: number[], data: number[]) => {
        const bytes = Uint8Array.of(0, 0, 8, ...header, ...data);
        await Deno.writeFile(`${folder}/${name}`, bytes);
      };
      const count = [0, 0, 0, 20];
      const classes = Array.from({ length: 20 }, (_, at) => at % 2);
      for (const [rank, most] of [97, 211].entries()) {
        const header = [3, ...count, 0, 0, 0, 2, 0, 0, 0, 2];
        await write(`${rank}-idx3-ubyte`, header, pixels(most));
        await write(`${rank}-idx1-ubyte`, [1, ...count], classes);
      }
      const model = `${folder}/model.json`;
      await trainCli(2, [
        ...["--dataset", `${folder}/{rank}-idx3-ubyte`, "--scale", "minmax"],
        ...["--targets", `${folder}/{rank}-idx1-ubyte`, "--test-split", "0"],
        ...["--epochs", "1", "--save", model],
      ]);
      await using mlp = await Mlp.load(model);
      assert.equal(mlp.training!.image, "2x2");
      const x = Float32Array.from(pixels(97), (byte) => byte / 255);
      const expected = await fitScaling(x, 4, "minmax");
      assert.deepEqual(mlp.preprocessing, expected);
    }),
);
