import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { jsonLines } from "../cli/command_line.ts";
import type { Result, Task } from "./blas_program.ts";

const PROGRAM = fileURLToPath(new URL("./blas_program.ts", import.meta.url));

/** Trains in a process of its own, as only that can have other permissions. */
async function run(
  permissions: readonly string[],
  tasks: readonly Task[],
): Promise<Result[]> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-read", ...permissions, PROGRAM],
      JSON.stringify(tasks),
    ],
  }).output();
  const text = new TextDecoder();
  assert.ok(stdout.length > 0, text.decode(stderr));
  return jsonLines(text.decode(stdout));
}

const SMALL = [20, 13, 5];

Deno.test("without --allow-ffi nothing changes, and no permission is asked for", async () => {
  const [auto, wasm, forced] = await run(
    [],
    (["auto", "wasm", "blas"] as const).map((kernels) => ({
      ...{ kernels, workers: 2, layers: SMALL },
    })),
  );
  assert.equal(auto.sha256, wasm.sha256);
  assert.match(
    auto.kernels,
    /^WebAssembly, as machine code can.t be called without --allow-ffi and no BLAS may be opened without --allow-ffi; /,
  );
  assert.equal(forced.sha256, undefined);
  assert.match(
    forced.error!,
    /^Cannot compute with 'blas' as no BLAS may be opened without --allow-ffi/,
  );
});

// Pieces of sparse inputs have to end where blocks of entries do, with clipping for one worker too.
const SPARSE = { skipZeros: "always", clipNorm: 0.5 } as const;

const SHAPES: Omit<Task, "kernels" | "workers">[] = [
  { layers: SMALL },
  { layers: [97, 300, 270, 10] },
  { layers: [700, 33, 10], options: SPARSE },
];

const [probe] = await run(["--allow-ffi"], [
  { kernels: "blas", workers: 1, layers: SMALL },
]);
const missing = /as no BLAS can be opened/.test(probe.error ?? "");

Deno.test({
  name:
    "a BLAS gives the same bits for any number of workers, near those of the other kernels",
  ignore: missing,
  async fn() {
    const expected = await run(
      [],
      SHAPES.map((shape) => ({ kernels: "wasm", workers: 2, ...shape })),
    );
    const counts = [1, 2, 5];
    const found = await run(
      ["--allow-ffi"],
      SHAPES.flatMap((shape) => [
        ...counts.map((workers): Task => ({
          ...{ kernels: "blas", workers, ...shape },
        })),
        { kernels: "auto", workers: 2, ...shape },
      ]),
    );
    for (const [at, wasm] of expected.entries()) {
      assert.ok(wasm.loss > 0, wasm.error);
      const results = found.splice(0, counts.length + 1);
      const auto = results.pop()!;
      const sums = new Set<string>();
      for (const blas of results) {
        assert.ok(blas.error === undefined, blas.error);
        assert.match(
          blas.kernels,
          SHAPES[at].options === SPARSE
            ? /skipped/
            : /^products by .*; .* all computed$/,
        );
        assert.ok(Math.abs(blas.loss - wasm.loss) < 1e-4 * wasm.loss);
        sums.add(blas.sha256);
      }
      assert.equal(sums.size, 1);
      // With the permission, "auto" takes machine code where there is some, else the BLAS.
      const native = auto.kernels.startsWith("machine code for ");
      assert.ok(
        native ? auto.sha256 === wasm.sha256 : sums.has(auto.sha256),
      );
    }
  },
});
