/** Runs what needs machine code in processes of their own, as only those can have other permissions. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** Each a module of tests. */
const CHECKS = [
  "sparse_checks.ts",
  "dense_checks.ts",
  "skipping_checks.ts",
  "packing_checks.ts",
  "elementwise_checks.ts",
  "training_checks.ts",
  "guard_checks.ts",
];

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function deno(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

const CPU = new URL("../../../src/kernels/native/cpu.ts", import.meta.url);
const probe = await deno(
  ...["eval", `console.log(await (await import("${CPU}")).findLevel())`],
);
const missing = !probe.stdout.includes("avx");
if (missing) {
  console.log(`No machine code is tested: ${probe.stdout}${probe.stderr}`);
}

for (const name of CHECKS) {
  Deno.test({
    name: `in a process with --allow-ffi: ${name}`,
    ignore: missing,
    fn: async () => {
      const { code, stdout, stderr } = await deno(
        ...["test", "--no-check", "--no-prompt", "--allow-read"],
        ...["--allow-ffi", "--allow-run"],
        ...["--allow-env=LOCKSTEP_WRITE_TOO_FAR", path(name)],
      );
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /[1-9]\d* passed \| 0 failed/);
    },
  });
}
