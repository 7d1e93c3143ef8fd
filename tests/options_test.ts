/** Unknown options, and values as errors show them. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  loadDataset,
  Mlp,
  type MlpOptions,
  parseCsv,
  samplesFrom,
  type SampleSource,
  TableEncoder,
} from "../mod.ts";
import { nearest } from "../src/checks/nearest.ts";
import { noOption } from "../src/checks/options.ts";
import { TRAIN_OPTION_ROWS } from "../src/training/options/option_table.ts";
import { describe } from "../src/checks/validate.ts";
import { matches } from "./defects.ts";
import { randomSamples } from "./samples.ts";

const NAMES = TRAIN_OPTION_ROWS.map(([name]) => name);

Deno.test("nearest() finds a name in another spelling, or with a typo", () => {
  for (const name of NAMES) {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter}`);
    for (const other of [snake.toLowerCase(), name.toUpperCase()]) {
      assert.equal(nearest(other, NAMES), name);
    }
  }
  const long = NAMES.filter((name) => name.length >= 6);
  fc.assert(
    fc.property(
      fc.constantFrom(...long),
      fc.nat(),
      fc.constantFrom("left out", "twice", "swapped"),
      (name, place, slip) => {
        const at = place % (name.length - 1);
        const [one, two] = name.slice(at, at + 2);
        const typed = name.slice(0, at) +
          {
            "left out": two,
            twice: one + one + two,
            swapped: two + one,
          }[slip] +
          name.slice(at + 2);
        assert.equal(nearest(typed, NAMES), name);
      },
    ),
    { seed: 9, numRuns: 300 },
  );
});

Deno.test("nearest() finds nothing for a name that is like none", () => {
  for (const name of ["", "x", "foo", "verbose", "epochs".repeat(1000)]) {
    assert.equal(nearest(name, NAMES), undefined);
  }
  assert.equal(nearest("", []), undefined);
});

Deno.test("what other libraries call an option leads to it, as does what belongs elsewhere", () => {
  const known = ["learningRate", "l2"];
  const hints = { lr: "learningRate", seed: "new Mlp() takes it", tol: "l3" };
  const messages: [string, string][] = [
    ["lr", "'lr' is no option: did you mean 'learningRate'?"],
    ["LR", "'LR' is no option: did you mean 'learningRate'?"],
    ["seed", "'seed' is no option: new Mlp() takes it"],
    [
      "constructor",
      "'constructor' is no option: there are 'learningRate', 'l2'",
    ],
  ];
  for (const [name, message] of messages) {
    assert.equal(noOption(name, known, hints), message);
  }
});

Deno.test("fit and partialFit refuse names that are no options", async () => {
  await using mlp = new Mlp({ preset: "article", layers: [3, 2] });
  const samples = randomSamples(20, 3, 2, 1);
  const mistakes: [object, string][] = [
    [
      { learning_rate: 1 },
      "'learning_rate' is no option: did you mean 'learningRate'?",
    ],
    [{ lr: 1 }, "'lr' is no option: did you mean 'learningRate'?"],
    [{ batch_size: 1 }, "'batch_size' is no option: did you mean 'batchSize'?"],
    [{ alpha: 1 }, "'alpha' is no option: did you mean 'l2'?"],
    [{ callbacks: [] }, "'callbacks' is no option: did you mean 'onEpoch'?"],
    [
      { onEpochEnd: () => {} },
      "'onEpochEnd' is no option: did you mean 'onEpoch'?",
    ],
    [{ seed: 1 }, "'seed' is no option: new Mlp() takes it"],
    [{ verbose: 1 }, "'verbose' is no option: print in onEpoch"],
    [{ toString: 1 }, "'toString' is no option"],
  ];
  for (const [options, message] of mistakes) {
    const refused = (action: string) =>
      matches(TypeError, `Cannot ${action} as ${message}`);
    await assert.rejects(mlp.fit(samples, options), refused("train"));
    await assert.rejects(
      mlp.partialFit(samples, options),
      refused("make one pass"),
    );
    await assert.rejects(
      mlp.fit(() => assert.fail("a piece was asked for"), options),
      refused("train in pieces"),
    );
  }
  const others = [new Map([["epochs", 3]]), new Float32Array(0), new Date(0)];
  for (
    const options of [5, "adam", null, [], [["epochs", 3]], ...others]
  ) {
    await assert.rejects(
      mlp.fit(samples, options as object),
      matches(
        TypeError,
        `Cannot train as 'options' must be an object: current value is ${
          describe(options)
        }`,
      ),
    );
  }
  await mlp.fit(samples, { epochs: 1, verbose: undefined } as object);
});

Deno.test("networks, files and samples refuse names that are no options", async () => {
  const made = (options: object) =>
    new Mlp({ preset: "article", layers: [2, 1], ...options } as MlpOptions);
  const networks: [object, string][] = [
    [
      { hiddenLayers: [3] },
      "'hiddenLayers' is no option: did you mean 'layers'?",
    ],
    [
      { activations: "relu" },
      "'activations' is no option: did you mean 'activation'?",
    ],
    [{ random_state: 1 }, "'random_state' is no option: did you mean 'seed'?"],
    [{ learningRate: 1 }, "'learningRate' is no option: fit() takes it"],
    [{ batch_size: 1 }, "'batch_size' is no option: fit() takes it"],
    [{ lr: 1 }, "'lr' is no option: fit() takes it"],
  ];
  for (const [options, message] of networks) {
    assert.throws(
      () => made(options),
      matches(TypeError, `Cannot make a network as ${message}`),
    );
  }
  await using mlp = made({ weights: undefined });
  // What the network is comes from its file alone.
  assert.throws(
    () => Mlp.fromModel(mlp.toModel(), { seed: 2 } as object),
    matches(
      TypeError,
      "Cannot load a network as 'seed' is no option: there are 'workers', 'kernels', 'skipZeros', 'distributed'",
    ),
  );
  await assert.rejects(
    parseCsv("a;b\n1;2\n", { name: "a.csv", sep: ";" } as object),
    matches(
      TypeError,
      "Cannot read a table as 'sep' is no option: did you mean 'delimiter'?",
    ),
  );
  await assert.rejects(
    TableEncoder.fit(
      await parseCsv("a;b\n1;2\n", { name: "a.csv" }),
      { targets: "b" } as object,
    ),
    matches(
      TypeError,
      "Cannot fit an encoder as 'targets' is no option: did you mean 'target'?",
    ),
  );
  await assert.rejects(
    loadDataset("mnist", { standardise: true } as object),
    matches(
      TypeError,
      "Cannot load a dataset as 'standardise' is no option: did you mean 'standardize'?",
    ),
  );
  const x = [[1], [2]];
  const sources: [object, string][] = [
    [{ x, targets: x }, "'targets' is no option: did you mean 'y'?"],
    [
      { x, y: x, classes: 2 },
      "'classes' is not read with 'y': leave it out, or give 'labels'",
    ],
    [
      { x, labels: [0, 1], outputs: 2 },
      "'outputs' is not read with 'labels': leave it out, or give 'y'",
    ],
  ];
  for (const [source, message] of sources) {
    assert.throws(
      () => samplesFrom(source as SampleSource),
      matches(TypeError, `Cannot make samples as ${message}`),
    );
  }
});
