import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./blas_program.ts", import.meta.url));

interface Result {
  readonly loss: number;
  readonly sha256: string;
  readonly kernels: string;
}

/** Runs the program in a process of its own, as only that can have other permissions. */
async function run(
  permissions: readonly string[],
  kernels: string,
  workers: number,
  layers: readonly number[],
  options: object = {},
): Promise<{ readonly result?: Result; readonly stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-read", ...permissions, PROGRAM],
      ...[kernels, `${workers}`, JSON.stringify(layers)],
      JSON.stringify(options),
    ],
  }).output();
  const text = new TextDecoder();
  return {
    ...(code === 0 ? { result: JSON.parse(text.decode(stdout)) } : {}),
    stderr: text.decode(stderr),
  };
}

const SMALL = [20, 13, 5];

Deno.test("without --allow-ffi nothing changes, and no permission is asked for", async () => {
  const auto = await run([], "auto", 2, SMALL);
  const wasm = await run([], "wasm", 2, SMALL);
  assert.equal(auto.result!.sha256, wasm.result!.sha256);
  assert.match(
    auto.result!.kernels,
    /^WebAssembly, as machine code can.t be called without --allow-ffi and no BLAS may be opened without --allow-ffi; /,
  );
  const forced = await run([], "blas", 2, SMALL);
  assert.equal(forced.result, undefined);
  assert.match(
    forced.stderr,
    /Cannot compute with 'blas' as no BLAS may be opened without --allow-ffi/,
  );
});

const probe = await run(["--allow-ffi"], "blas", 1, SMALL);
const missing = /as no BLAS can be opened/.test(probe.stderr);

Deno.test({
  name:
    "a BLAS gives the same bits for any number of workers, near those of the other kernels",
  ignore: missing,
  async fn() {
    // Pieces of sparse inputs have to end where blocks of entries do, with clipping for one worker too.
    const sparse = { skipZeros: "always", clipNorm: 0.5 } as const;
    for (
      const [layers, options] of [
        [SMALL, {}],
        [[97, 300, 270, 10], {}],
        [[700, 33, 10], sparse],
      ] as const
    ) {
      const wasm = (await run([], "wasm", 2, layers, options)).result!;
      const sums = new Set<string>();
      for (const workers of [1, 2, 5]) {
        const blas = await run(
          ["--allow-ffi"],
          ...["blas", workers, layers, options] as const,
        );
        assert.ok(blas.result !== undefined, blas.stderr);
        assert.match(
          blas.result.kernels,
          options === sparse ? /skipped/ : /^products by .*; .* all computed$/,
        );
        assert.ok(Math.abs(blas.result.loss - wasm.loss) < 1e-4 * wasm.loss);
        sums.add(blas.result.sha256);
      }
      assert.equal(sums.size, 1);
      // With the permission, "auto" takes machine code where there is some, else the BLAS.
      const auto = await run(["--allow-ffi"], "auto", 2, layers, options);
      const native = auto.result!.kernels.startsWith("machine code for ");
      assert.ok(
        native
          ? auto.result!.sha256 === wasm.sha256
          : sums.has(auto.result!.sha256),
      );
    }
  },
});
