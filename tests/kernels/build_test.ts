import assert from "node:assert/strict";
import { BUILDS, compileKernels } from "../../src/kernels/build.ts";
import { formattedSources, sources } from "../../src/kernels/format.ts";
import * as kernels from "../../src/kernels/kernels.ts";
// @ts-types="../../src/kernels/module.d.ts"
import module from "../../src/kernels/module.js";
import { referenceKernels } from "../../src/kernels/reference/kernels.ts";

function createMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
}

Deno.test("kernels: a rebuild gives the committed bytes", async () => {
  for (const [name, fused] of Object.entries(BUILDS)) {
    const file = new URL(`../../src/kernels/${name}`, import.meta.url);
    assert.deepEqual(await compileKernels(fused), await Deno.readFile(file));
  }
});

Deno.test("kernels without relaxed SIMD: the same functions, without an instruction of it", async () => {
  const file = new URL("../../src/kernels/plain_kernels.wasm", import.meta.url);
  const plain = await WebAssembly.compile(await Deno.readFile(file));
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  assert.deepEqual(
    WebAssembly.Module.exports(plain).map(({ name }) => name),
    names,
  );
  // Opcodes from 0x100 on, in two bytes after that of SIMD.
  const opcodes = (bytes: Uint8Array) =>
    bytes.filter((byte, at) =>
      byte === 0xfd && bytes[at + 1] === 0x85 && bytes[at + 2] === 2
    ).length;
  const [fused, rounded] = await Promise.all(
    Object.keys(BUILDS).map(async (name) =>
      opcodes(
        await Deno.readFile(
          new URL(`../../src/kernels/${name}`, import.meta.url),
        ),
      )
    ),
  );
  assert.deepEqual([fused > 100, rounded], [true, 0]);
});

Deno.test("the sources of kernels.wasm are formatted: deno task fmt:kernels", async () => {
  const found = sources();
  assert.ok(found.size > 20);
  assert.deepEqual(await formattedSources(), found);
});

Deno.test("kernels.wasm: has the constants and all functions of the interface", () => {
  const memory = createMemory();
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const constants = [
    "PANEL",
    "TILE_SAMPLES",
    "TILE_INPUTS",
    "SAMPLE_BLOCK",
    "STRIP_TILES",
    "SPARSE_INPUTS",
    "STRIP_BLOCKS",
  ] as const;
  for (const name of constants) {
    const global = exports[name];
    assert.ok(global instanceof WebAssembly.Global);
    assert.equal(global.value, kernels[name]);
  }
  for (const name of Object.keys(referenceKernels(memory))) {
    assert.equal(typeof exports[name], "function", name);
  }
});

Deno.test("kernels.wasm: has no data that could lie where the caller's does", () => {
  const memory = createMemory();
  new WebAssembly.Instance(module, { env: { memory } });
  const bytes = new Uint8Array(memory.buffer);
  assert.ok(bytes.every((byte) => byte === 0));
});

Deno.test("the references see a memory that has grown", () => {
  const memory = createMemory();
  const references = referenceKernels(memory);
  references.relu(1024, 1024, 4);
  memory.grow(1);
  const floats = new Float32Array(memory.buffer, 65_536, 4).fill(-1);
  references.relu(65_536, 65_536, 4);
  assert.deepEqual([...floats], [0, 0, 0, 0]);
});
