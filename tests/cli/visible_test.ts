/** Files with names and values that a terminal would obey: what commands print is harmless, and JSON stays valid. */
import assert from "node:assert/strict";
import { Mlp } from "../../mod.ts";
import { CommandLine, type Refusal } from "./command_line.ts";

const line = new CommandLine();

/** It clears the screen, sets the title, turns the line around and begins another one. */
const EVIL = "\x1b[2J\x1b]0;t\x07\u202e\u2028\x9b1m\nCannot";
const SHOWN = String.raw`\x1b[2J\x1b]0;t\x07\u202e\u2028\x9b1m\nCannot`;

/** What is printed may have the newlines of tables alone. */
function assertHarmless(text: string): void {
  // deno-lint-ignore no-control-regex -- these are what is looked for
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]/);
}

const quoted = RegExp.escape(`'${SHOWN}'`);

Deno.test.beforeAll(async () => {
  await using mlp = new Mlp({
    preset: "article",
    layers: [2, 3],
    output: "softmax",
    classNames: [EVIL, "plain", "x".repeat(500)],
    preprocessing: {
      columns: [{ name: EVIL, kind: "number" }, {
        name: "b",
        kind: "number",
      }],
    },
    targetNames: [`${EVIL}y`],
    weights: [Float32Array.from({ length: 9 }, (_, at) => at - 4)],
  });
  await mlp.save(line.path("evil.json"));
  const cell = `"${EVIL}"`;
  line.write(
    "evil.csv",
    `${cell},b,"${EVIL}y"\n1,2,${cell}\n3,4,plain\n5,6,${"x".repeat(500)}\n`,
  );
  line.write("bad.csv", `${cell},b,y\n1,2,a\n${cell},4,b\n5,6,a\n7,8,b\n`);
  line.write("config.json", JSON.stringify({ [EVIL]: 1 }));
  line.write(
    "twice.json",
    `{ ${JSON.stringify(EVIL)}: 1, ${JSON.stringify(EVIL)}: 2 }`,
  );
  line.write(
    "value.json",
    JSON.stringify({ dataset: "iris.csv", optimizer: EVIL }),
  );
  line.write(`${EVIL}.json`, "[]");
});

Deno.test("errors show names, keys, cells and values of files as what they are", async (test) => {
  const refusals: Refusal[] = [
    {
      title: "a key of a config",
      name: "train",
      args: "--config config.json",
      message: new RegExp(
        `^Cannot read 'config.json' as ${quoted} is no option`,
      ),
    },
    {
      title: "a key twice",
      name: "train",
      args: "--config twice.json",
      message: new RegExp(`must have each key once: ${quoted} is there twice`),
    },
    {
      title: "a value of a config",
      name: "train",
      args: "--config value.json",
      message: new RegExp(
        `'--optimizer' must be .*: current value is ${quoted}`,
      ),
    },
    {
      title: "a column",
      name: "train",
      args: "--dataset bad.csv --target nope",
      message: new RegExp(`must be ${quoted} or 'b' or 'y': .*'nope'`),
    },
    {
      title: "a file",
      name: "inspect",
      args: ["--model", `${EVIL}.json`],
      message: new RegExp(`^Cannot read '${RegExp.escape(SHOWN)}.json' as `),
    },
    {
      title: "an option",
      name: "train",
      args: [`--${EVIL}`],
      message: new RegExp(RegExp.escape(SHOWN.split("\\n")[0])),
    },
  ];
  await line.refusedAll(
    test,
    refusals.map((one) => ({
      ...one,
      message: new RegExp(
        // The whole output is one line in which nothing is hidden.
        `^(?=[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u202e]*\\n$).*${
          one.message.source.replace(/^\^/, "")
        }`,
      ),
    })),
  );
});

Deno.test("notes of a training show cells and columns as what they are", async () => {
  const { code, stderr } = await line.run(
    "train",
    "--dataset bad.csv --epochs 1 --hidden 2 --test-split 0",
  );
  assert.equal(code, 0);
  assertHarmless(stderr);
  assert.match(
    stderr,
    new RegExp(
      `^Note: ${quoted} is taken for categories, .* has ${quoted}\\n$`,
    ),
  );
});

Deno.test("tables of evaluate and inspect show names as what they are, and JSON keeps them", async () => {
  const args = "--model evil.json --dataset evil.csv";
  const [evaluated, [scores], inspected, [model], predicted] = await Promise
    .all([
      line.output("evaluate", args),
      line.json("evaluate", args),
      line.output("inspect", "--model evil.json"),
      line.json("inspect", "--model evil.json"),
      line.output(
        "predict",
        "--model evil.json evil.csv --probabilities --json",
      ),
    ]);
  for (const text of [evaluated, inspected]) {
    assertHarmless(text);
    assert.ok(text.includes(SHOWN), text);
    assert.ok(text.includes(`${"x".repeat(100)}… (500 characters)`), text);
  }
  assert.equal(scores.report.classes[0].name, EVIL);
  assert.equal(model.classNames[0], EVIL);
  assertHarmless(predicted);
  assert.ok(EVIL in JSON.parse(predicted.split("\n")[0]).probabilities);
});
