/** Constants in files beside the model: as exporters write them, and as an attacker might to read other files. */
import assert from "node:assert/strict";
import type { TensorProto } from "../../../src/models/onnx/messages.ts";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import { readModel } from "../../../src/model_files/read_model.ts";
import { matches } from "../../defects.ts";
import { inFolder } from "../../in_folder.ts";
import { B, file, GEMM, W } from "./graphs.ts";

/** A tensor whose values are elsewhere. */
function external(
  tensor: TensorProto,
  fields: Record<string, string>,
): TensorProto {
  return {
    ...tensor,
    floatData: [],
    dataLocation: 1,
    externalData: Object.entries(fields).map(([key, value]) => ({
      key,
      value,
    })),
  };
}

/** Eight bytes of something else, W, and B. */
const DATA = new Uint8Array(
  Float32Array.of(7, 7, ...W.floatData, ...B.floatData).buffer,
);

const PLACED = [
  external(W, { location: "m.data", offset: "8", length: "24" }),
  external(B, { location: "m.data", offset: "32", checksum: "?" }),
];

/** Writes a model with these constants into a folder that has `m.data`, and reads it. */
async function read(folder: string, ...constants: TensorProto[]) {
  const path = `${folder}/m.onnx`;
  await Deno.writeFile(path, await file([GEMM], constants));
  return await readModel(path);
}

Deno.test("readModel() reads constants of an ONNX file from another file in its folder", async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/m.data`, DATA);
    const model = await read(folder, ...PLACED);
    assert.deepEqual(
      model,
      await modelFromOnnx(await file([GEMM], [W, B]), "m.onnx"),
    );
    // A file of its own for each, without offset and length; a name that starts with dots is plain.
    await Deno.writeFile(`${folder}/W`, DATA.slice(8, 32));
    await Deno.writeFile(`${folder}/..B`, DATA.slice(32));
    assert.deepEqual(
      await read(
        folder,
        external(W, { location: "W" }),
        external(B, { location: "..B" }),
      ),
      model,
    );
  });
});

/** What is wrong, the constant W, and the error behind the folder's name. */
const DEFECTS: [string, TensorProto, string][] = [
  ...["", ".", "..", "../m.data", "/etc/passwd", "sub/m.data", "a\\b", "C:x"]
    .map((
      location,
    ): [string, TensorProto, string] => [
      `a location '${location}'`,
      external(W, { location }),
      `m.onnx' as 'location' must be the name of a file in the same folder: current value is '${location}'`,
    ]),
  [
    "a location of a byte 0",
    external(W, { location: "m.data\0" }),
    `m.onnx' as 'location' must be the name of a file in the same folder: current value is 'm.data\\x00'`,
  ],
  [
    "no location",
    external(W, {}),
    "m.onnx' as 'location' must be the name of a file in the same folder: current value is ''",
  ],
  [
    "a link",
    external(W, { location: "link" }),
    "link' as it must be a file, and no link",
  ],
  [
    "a folder",
    external(W, { location: "sub" }),
    "sub' as it must be a file, and no link",
  ],
  [
    "values beyond the end",
    external(W, { location: "m.data", offset: "24" }),
    "m.data' as it must have 48 bytes or more for 'W': current value is 40",
  ],
  [
    "an offset of 2⁵³ - 1",
    external(W, { location: "m.data", offset: "9007199254740991" }),
    "m.data' as it must have 9007199254741016 bytes or more for 'W': current value is 40",
  ],
  [
    "an offset below 0",
    external(W, { location: "m.data", offset: "-8" }),
    "m.onnx' as 'W.offset' must be a whole number: current value is '-8'",
  ],
  [
    "another length",
    external(W, { location: "m.data", length: "28" }),
    "m.onnx' as 'W.length' must be 24 for dims [3, 2]: current value is 28",
  ],
  [
    "sizes of 4 GB",
    external({ ...W, dims: [2 ** 15, 2 ** 15] }, { location: "m.data" }),
    "m.data' as it must have 4294967296 bytes or more for 'W': current value is 40",
  ],
  [
    "sizes of 0",
    external({ ...W, dims: [2 ** 30, 0] }, { location: "m.data" }),
    "m.onnx' as 'W.dims' must be whole numbers from 1: current value is [1073741824, 0]",
  ],
  [
    "values of float64",
    external({ ...W, dataType: 11 }, { location: "m.data" }),
    "m.onnx' as 'W.data_type' must be 1 (float32): current value is 11",
  ],
];

Deno.test("readModel() reads nothing but what is in a file of the model's folder, and as long as it must be", async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/m.data`, DATA);
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeFile(`${folder}/sub/m.data`, DATA);
    await Deno.symlink(`${folder}/m.data`, `${folder}/link`);
    for (const [what, constant, message] of DEFECTS) {
      await assert.rejects(
        read(folder, constant, B),
        matches(RangeError, `Cannot read '${folder}/${message}`),
        what,
      );
    }
  });
});

Deno.test("readModel() names the other file where it isn't there", async () => {
  await inFolder(async (folder) => {
    await assert.rejects(
      read(folder, ...PLACED),
      new Deno.errors.NotFound(
        `Cannot read '${folder}/m.data' as there is no such file`,
      ),
    );
  });
});

Deno.test("readModel() refuses many constants in the same part of another file", async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/m.data`, DATA);
    const twice = external({ ...W, name: "V" }, { location: "m.data" });
    await assert.rejects(
      read(folder, ...PLACED, twice),
      matches(
        RangeError,
        `Cannot read '${folder}/m.data' as it must have 56 bytes or more for 'V': current value is 40`,
      ),
    );
  });
});
