/** A short run of `deno task stress`, and that it can fail. */
import assert from "node:assert/strict";
import { MUTANTS, mutate, tryMutant } from "./mutants.ts";
import { stress } from "./run_stress.ts";
import { checksum, LENGTH, walkAlone } from "./stages.ts";

for (const [workers, stages] of [[2, 100_000], [3, 30_000]]) {
  Deno.test(`${workers} workers walk ${stages} stages as one does, stopped and aborted meanwhile`, async () => {
    const seed = 1;
    const cells = new Int32Array(LENGTH);
    walkAlone(cells, seed, 0, stages);
    const outcome = await stress({ stages, workers, seed });
    assert.equal(outcome.checksum, checksum(cells));
    const { stopped, aborted, sleeps } = outcome;
    assert.ok(
      stopped > 0 && aborted > 0 && sleeps > 0,
      JSON.stringify(outcome),
    );
  });
}

Deno.test("every weakened copy of the code can be made", async () => {
  for (const mutant of MUTANTS) await mutate(mutant);
});

for (
  const [name, message] of [
    ["leave: doesn't wait", /^cell \d+ is -?\d+ instead of -?\d+ after/],
    ["advance: wakes nobody", /^no progress for 3 s in the run from stage /],
  ] as const
) {
  Deno.test(`the stress test can fail: ${name}`, async () => {
    const mutant = MUTANTS.find((mutant) => mutant.name === name)!;
    const options = { stages: 200_000, workers: 2, seed: 1 };
    const defect = await tryMutant(mutant, options);
    assert.match(defect!.message, message);
  });
}
