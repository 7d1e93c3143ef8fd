import { markup } from "../charts/markup.ts";
import type { Mlp } from "../mlp/mlp.ts";
import type { Section } from "./section.ts";

/** What is known of how a network was made, by name. */
export type Facts = Readonly<Record<string, string | number>>;

/** What a network says of itself. */
export async function factsOf(mlp: Mlp): Promise<Facts> {
  const { layers, activations, output, loss, task, seed, members } = mlp;
  const { rows, curves: _, ...options } = mlp.training ?? {};
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

/** How many rows of a file, or of all, were for what, as the command line keeps them with a model; of another record its JSON. */
export function rowsText(rows: unknown): string {
  const { parts = [rows] } = Object(rows);
  const files = Array.isArray(parts) ? parts.map(Object) : [];
  const [train, validation, test] = ["train", "validation", "test"].map((
    name,
  ) => files.reduce((sum, file) => sum + file[name], 0));
  if (files.length === 0 || !Number.isInteger(train + validation + test)) {
    return JSON.stringify(rows);
  }
  const hashes = files.map(({ sha256 }) => sha256).join(", ");
  const which = files.length === 1 ? "the file" : `${files.length} files`;
  return `${train} trained on, ${validation} to validate, ${test} to test${
    hashes === "" ? "" : `, of ${which} with the SHA-256 ${hashes}`
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
