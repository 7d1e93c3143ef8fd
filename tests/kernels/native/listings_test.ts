/** Every kernel against GNU as, for networks of awkward and of usual sizes. */
import assert from "node:assert/strict";
import { LEVELS } from "../../../src/kernels/native/cpu.ts";
import { packGroup } from "../../../src/kernels/native/packing.ts";
import { codeOf } from "../../../src/kernels/native/prepare.ts";
import { assembleByGnu, hasBinutils } from "./gnu_as.ts";

const binutils = await hasBinutils();

for (const level of LEVELS) {
  for (const layers of [[784, 70, 30, 10], [5, 131, 1, 3], [20, 600, 65]]) {
    Deno.test({
      name:
        `kernels of ${layers} for ${level}: the bytes that GNU as makes of their listings`,
      ignore: !binutils,
      fn: async () => {
        const codes = new Map(codeOf(level, { layers }));
        codes.set("pack samples", packGroup());
        assert.ok(codes.size > 25, `${codes.size} kernels`);
        for (const [name, { bytes, listing }] of codes) {
          const theirs = await assembleByGnu(listing);
          const [same, rest] = [
            theirs.subarray(0, bytes.length),
            theirs.subarray(bytes.length),
          ];
          assert.deepEqual([...bytes], [...same], name);
          assert.ok(rest.every((byte) => byte === 0), name);
        }
      },
    });
  }
}

Deno.test("kernels for AVX2 have nothing of AVX-512", () => {
  for (
    const [name, { listing }] of codeOf("avx2", { layers: [784, 70, 30, 10] })
  ) {
    const vectors = listing.replaceAll(/^#.*$/gm, "");
    assert.doesNotMatch(vectors, /zmm|[xy]mm(1[6-9]|[23]\d)|\{k/, name);
  }
});
