/** `lockstep COMMAND`: all commands by one name, for `deno task install` and `deno compile`. */
import { nearest } from "../checks/nearest.ts";
import { VERSION } from "../version.ts";
import { note, print } from "./print.ts";
import { readByName } from "./typed_words.ts";

/** What each of them does, and its module. */
const COMMANDS: Readonly<Record<string, [string, () => Promise<unknown>]>> = {
  train: ["train a network", () => import("./train.ts")],
  validate: ["judge options by folds", () => import("./validate.ts")],
  search: ["try values of options", () => import("./search.ts")],
  evaluate: ["how well a model does", () => import("./evaluate.ts")],
  predict: ["what a model makes of samples", () => import("./predict.ts")],
  export: ["write another format", () => import("./export.ts")],
  inspect: ["what is in a model's file", () => import("./inspect.ts")],
  compare: ["logs beside each other", () => import("./compare.ts")],
  serve: ["answer HTTP requests with a model", () => import("./serve.ts")],
  plot: ["the curves of a log", () => import("./plot.ts")],
};

const HELP = `Usage: lockstep COMMAND [options]

Trains multi-layer perceptrons. lockstep COMMAND --help has the options,
lockstep --version the version.

${
  Object.entries(COMMANDS)
    .map(([name, [about]]) => `  ${name.padEnd(10)}${about}`).join("\n")
}
`;

const [name = "--help"] = Deno.args;
if (name === "--help") print(HELP);
else if (name === "--version") print(`lockstep ${VERSION}`);
else if (!Object.hasOwn(COMMANDS, name)) {
  const known = Object.keys(COMMANDS);
  const meant = nearest(name, known);
  note(
    `Cannot read the command line as there is no command '${name}': ${
      meant === undefined
        ? `there are ${known.join(", ")}`
        : `did you mean '${meant}'?`
    }`,
  );
  Deno.exit(2);
} else {
  readByName();
  await COMMANDS[name][1]();
}
