import { markup } from "../charts/markup.ts";
import type { Mlp } from "../mlp/mlp.ts";
import type { Section } from "./section.ts";

/** What is known of how a network was made, by name. */
export type Facts = Readonly<Record<string, string | number>>;

/** What a network says of itself. */
export async function factsOf(mlp: Mlp): Promise<Facts> {
  const { layers, activations, output, loss, task, seed, members } = mlp;
  const { rows, ...options } = mlp.training ?? {};
  const settings = Object.entries(options)
    .map(([name, value]) =>
      `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`
    );
  return {
    "Layers": layers.join("-"),
    ...(activations.length === 0
      ? {}
      : { "Activations": [...new Set(activations)].join(", ") }),
    "Output": `${output}, for ${task}`,
    "Loss": loss,
    ...(members === 1 ? {} : { "Networks": members }),
    "Seed": seed,
    ...(settings.length === 0 ? {} : { "Settings": settings.join("\n") }),
    ...(rows === undefined ? {} : { "Rows": rowsText(rows) }),
    "Weights, SHA-256": await mlp.weightsSha256(),
  };
}

/** How many rows of a file were for what, as the command line keeps them with a model; of another record its JSON. */
export function rowsText(rows: unknown): string {
  const { train, validation, test, sha256 } = Object(rows);
  if (![train, validation, test].every(Number.isInteger)) {
    return JSON.stringify(rows);
  }
  return `${train} trained on, ${validation} to validate, ${test} to test${
    sha256 === undefined ? "" : `, of the file with the SHA-256 ${sha256}`
  }`;
}

/** A name, its value, and whether that is code. */
const CODE = /SHA-256|^Command$|^Settings$/;

/** All that it takes to do it again. */
export function sheetSection(facts: Facts): Section {
  return {
    ...{ name: "repeat", title: "How to repeat it" },
    content:
      markup`<p>The same command, data and kernels give the same weights to the last bit, whatever the number of workers.</p>
<dl class="facts">${
        Object.entries(facts).map(([name, value]) =>
          markup`<div><dt>${name}</dt><dd>${
            CODE.test(name) ? markup`<code>${value}</code>` : value
          }</dd></div>`
        )
      }</dl>`,
  };
}
