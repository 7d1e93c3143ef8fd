/** Small files made to use up memory, time or the stack: each is refused at once, in one line. */
import assert from "node:assert/strict";
import { modelFromJson } from "../../src/model_files/model_json.ts";
import { modelFromSafetensors } from "../../src/model_files/model_safetensors.ts";
import { outcomeOf } from "../fuzz/outcome.ts";

const encoder = new TextEncoder();

/** Lists in lists. */
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

const DESCRIPTION = {
  layers: [2, 1],
  activations: [],
  output: "linear",
  loss: "halfSquaredError",
  seed: 1,
};

/** A model as JSON, one part of the description replaced by this text. */
function json(field: string, text: string): string {
  return JSON.stringify({
    format: "lockstep",
    version: 1,
    description: { ...DESCRIPTION, [field]: "?" },
    weights: [[0.5, 1, 2]],
  }).replace('"?"', () => text);
}

/** Safetensors with this header, and so many bytes of zeros behind it. */
function safetensors(header: string, length = 0): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(header);
  const bytes = new Uint8Array(8 + text.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const METADATA = {
  format: "lockstep",
  version: "1",
  description: JSON.stringify(DESCRIPTION),
};

/** Safetensors with these entries, which are of no bytes. */
function entries(
  entries: Iterable<[string, unknown]>,
  metadata: unknown = METADATA,
): Uint8Array<ArrayBuffer> {
  return safetensors(
    JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }),
  );
}

const entry = (...shape: number[]) => ({
  dtype: "F32",
  shape,
  data_offsets: [0, 0],
});

const ones = (length: number) => JSON.stringify(Array(length).fill(1));

/** What the file is, its bytes, and what the message says. */
const JSON_FILES: [string, () => string, RegExp][] = [
  ["nested 100,000 deep", () => nested(1e5), /nested at most 100 deep$/],
  ["nested 10,000,000 deep", () => nested(1e7), /nested at most 100 deep$/],
  ["that never ends", () => "[".repeat(1e6), /nested at most 100 deep$/],
  [
    "with objects that are nested",
    () => json("training", '{"a":'.repeat(1e5) + "1" + "}".repeat(1e5)),
    /nested at most 100 deep$/,
  ],
  [
    "with layers that are nested",
    () => json("layers", nested(101)),
    /nested at most 100 deep$/,
  ],
  [
    "with a loss that is nested",
    () => json("loss", nested(90)),
    /'loss' must be 'binaryCrossEntropy' or /,
  ],
  [
    "with layers of 1e9 nodes",
    () => json("layers", "[1e9, 1e9]"),
    /'weights\[0\].length' must be 1000000001000000000 for /,
  ],
  [
    "with layers of 1e15 nodes",
    () => json("layers", "[1e15, 1]"),
    /'weights\[0\].length' must be 1000000000000001 for /,
  ],
  [
    "with 300,000 layers",
    () => json("layers", ones(3e5)),
    /'layers.length' must be from 2 to 1000: current value is 300000$/,
  ],
  [
    "with 300,000 activations",
    () => json("activations", JSON.stringify(Array(3e5).fill("relu"))),
    /'activations.length' must be 0 for as many hidden layers: current value is 300000$/,
  ],
  [
    "with 300,000 names",
    () => json("classNames", JSON.stringify(Array(3e5).fill("a"))),
    /'classNames.length' must be 1 for as many outputs: current value is 300000$/,
  ],
  [
    "with 1,000,000 offsets",
    () => json("preprocessing", `{"offset":${ones(1e6)},"scale":[1]}`),
    /'preprocessing.scale.length' must be 1000000 for /,
  ],
  [
    "with 100,000 columns",
    () =>
      json(
        "preprocessing",
        JSON.stringify({
          columns: Array.from(
            { length: 1e5 },
            (_, n) => ({ name: `${n}`, kind: "number" }),
          ),
        }),
      ),
    /'inputs of preprocessing.columns' must be 2: current value is 100000$/,
  ],
  [
    "with 300,000 fields",
    () =>
      json(
        "training",
        JSON.stringify(
          Object.fromEntries(Array.from({ length: 3e5 }, (_, n) => [n, n])),
        ) + ',"more":1',
      ),
    /'each field of description' must be .*: current value is 'more'$/,
  ],
];

const SAFETENSORS: [string, () => Uint8Array<ArrayBuffer>, RegExp][] = [
  [
    "with a header of 2⁶³ bytes",
    () => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b),
    /its header's length must be at most 1 bytes: current value is 9223372036854775808$/,
  ],
  [
    "with a nested header",
    () => safetensors(nested(1e5)),
    /its header must be nested at most 100 deep$/,
  ],
  [
    "with a nested description",
    () => entries([], { ...METADATA, description: nested(1e5) }),
    /its description must be nested at most 100 deep$/,
  ],
  [
    "with a shape of 2⁵³",
    () => entries([["a", entry(2 ** 53 - 1, 2)]]),
    /'a.data_offsets' must be two numbers, \d+ apart for /,
  ],
  [
    "with a shape beyond all numbers",
    () => entries([["a", entry(0, ...Array(7).fill(2 ** 53 - 1))]]),
    /'layers.0.weight' must be F32 of shape /,
  ],
  [
    "with 100,000 dimensions",
    () => entries([["a", entry(...Array(1e5).fill(1))]]),
    /'a.shape.length' must be at most 8: current value is 100000$/,
  ],
  [
    "with 100,000 tensors",
    () => entries(Array.from({ length: 1e5 }, (_, n) => [`${n}`, entry(0)])),
    /'tensors.length' must be at most 10000: current value is 100000$/,
  ],
  [
    "with offsets of 2⁵³",
    () =>
      entries([["a", {
        ...entry(2 ** 50),
        data_offsets: [0, 2 ** 52],
      }]]),
    /its length must be \d+ bytes: current value is \d+$/,
  ],
  [
    "with layers of 1e9 nodes",
    () =>
      entries([], {
        ...METADATA,
        description: JSON.stringify({ ...DESCRIPTION, layers: [1e9, 1] }),
      }),
    /'layers.0.weight' must be F32 of shape \[1, 1000000000\]: current value is undefined$/,
  ],
];

/** Requires a file to be refused with a short message. */
async function requireRefused(
  read: Parameters<typeof outcomeOf>[0],
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  message: RegExp,
): Promise<void> {
  const outcome = await outcomeOf(read, bytes, name);
  assert.ok("error" in outcome, "it was read");
  assert.match(outcome.error.message, message);
  assert.ok(!outcome.error.message.includes("\n"));
}

for (const [what, text, message] of JSON_FILES) {
  Deno.test(`a JSON file ${what} is refused at once`, async () => {
    await requireRefused(
      (bytes, name) => modelFromJson(new TextDecoder().decode(bytes), name),
      encoder.encode(text()),
      "a.json",
      message,
    );
  });
}

for (const [what, bytes, message] of SAFETENSORS) {
  Deno.test(`a safetensors file ${what} is refused at once`, async () => {
    await requireRefused(
      modelFromSafetensors,
      bytes(),
      "a.safetensors",
      message,
    );
  });
}

Deno.test("models with names of a million letters are refused with short messages", async () => {
  const name = "a".repeat(1e6);
  for (
    const bytes of [
      entries([[name, entry(3)]]),
      entries([[name, 1]]),
      entries([], { ...METADATA, format: name }),
      safetensors(`{"${name}":1,"${name}":1}`),
    ]
  ) await requireRefused(modelFromSafetensors, bytes, "a.safetensors", /^/);
  for (
    const text of [
      json("output", JSON.stringify(name)),
      json("layers", JSON.stringify([name, 1])),
      json(name, "1"),
      `{"${name}":1}`,
      name,
    ]
  ) {
    await requireRefused(
      (bytes, name) => modelFromJson(new TextDecoder().decode(bytes), name),
      encoder.encode(text),
      "a.json",
      /^/,
    );
  }
});
