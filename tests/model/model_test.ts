/** Checks the model of how workers keep in step with Spin, if it is installed: all interleavings of two workers. */
import assert from "node:assert/strict";
import { inFolder } from "../in_folder.ts";

const MODEL = new URL("./lockstep.pml", import.meta.url);

async function run(
  command: string,
  args: string[],
  cwd: string,
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    ...{ args, cwd, stdout: "piped", stderr: "piped" },
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout) + decoder.decode(stderr);
  assert.equal(code, 0, text);
  return text;
}

/** Whether Spin and a compiler of C for what it writes are there. */
async function isInstalled(): Promise<boolean> {
  try {
    for (const [name, arg] of [["spin", "-V"], ["gcc", "--version"]]) {
      await run(name, [arg], ".");
    }
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("Left out, as Spin or GCC isn't installed: the model");
    return false;
  }
}

/** What Spin finds: the first error, or nothing. */
async function check(...defines: string[]): Promise<string | undefined> {
  return await inFolder(async (folder) => {
    await Deno.copyFile(MODEL, `${folder}/lockstep.pml`);
    const flags = ["WORKERS=2", ...defines].map((define) => `-D${define}`);
    await run("spin", ["-a", ...flags, "lockstep.pml"], folder);
    // A weakened model fails soon: to optimize it takes longer than to run it.
    const optimize = defines.length === 0 ? "-O1" : "-O0";
    const options = [optimize, "-DSAFETY", "-DCOLLAPSE"];
    await run("gcc", [...options, "-o", "pan", "pan.c"], folder);
    const text = await run(`${folder}/pan`, ["-m100000"], folder);
    // Neither may end before it has looked at everything.
    assert.doesNotMatch(text, /max search depth too small|out of memory/);
    const errors = Number(/errors: (\d+)/.exec(text)![1]);
    const error = /^pan:1: (.*) \(at depth/m.exec(text)?.[1];
    assert.equal(errors, error === undefined ? 0 : 1);
    return error;
  });
}

const ignore = !await isInstalled();

Deno.test({
  name:
    "the model of the workers: no deadlock, no unit twice, a stop leaves whole batches",
  ignore,
  fn: async () => assert.equal(await check(), undefined),
});

const DEADLOCK = "invalid end state";

/** What each operation is there for: without it, this happens. */
const WEAKENED = {
  NO_NOTIFY: DEADLOCK,
  NO_ABORT_NOTIFY: DEADLOCK,
  WAIT_WITHOUT_LOOK: DEADLOCK,
  PLAIN_COMPLETE: DEADLOCK,
  PLAIN_CLAIM: "assertion violated (done[at]==0)",
  STOP_WITHOUT_CLAIM: "assertion violated (unitsDone[n]==0)",
  STOP_BY_STORE: "assertion violated (unitsDone[n]==0)",
};

for (const [define, error] of Object.entries(WEAKENED)) {
  Deno.test({
    name: `the model can fail: ${define}`,
    ignore,
    fn: async () => assert.equal(await check(define), error),
  });
}
