/** Several processes that train one network, with each MPI that is installed. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inFolder } from "../in_folder.ts";
import { train, TRAININGS } from "./trainings.ts";

const RANK = fileURLToPath(new URL("rank.ts", import.meta.url));

/** As root, and with more ranks than cores, Open MPI wants to be asked twice. */
const STARTERS = {
  "MPICH": ["mpirun.mpich"],
  "Open MPI": ["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe"],
} as const;

type Family = keyof typeof STARTERS;

async function isInstalled([command]: readonly string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const installed: Family[] = [];
for (const family of Object.keys(STARTERS) as Family[]) {
  if (await isInstalled(STARTERS[family])) installed.push(family);
  else console.log(`${family} isn't installed: its tests are left out`);
}

/** Runs a task of rank.ts; returns what each rank has. */
async function ranks<T>(
  family: Family,
  count: number,
  ...task: string[]
): Promise<T[]> {
  const { code, stdout, stderr } = await start(family, count, task);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T[];
}

async function start(family: Family, count: number, task: readonly string[]) {
  const [command, ...options] = STARTERS[family];
  const output = await new Deno.Command(command, {
    args: [
      ...[...options, "-n", `${count}`, Deno.execPath(), "run", "--no-check"],
      ...["--allow-read", "--allow-write", "--allow-ffi", RANK, ...task],
    ],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code: output.code,
    stdout: text(output.stdout),
    stderr: text(output.stderr),
  };
}

for (const family of installed) {
  Deno.test(`${family}: 2 and 3 ranks have the bits of one process`, async () => {
    const expected = [];
    for (const each of TRAININGS) expected.push(await train(each));
    for (const count of [2, 3]) {
      const found = await ranks<unknown>(family, count, "trainings");
      assert.deepEqual(
        found,
        new Array(count).fill(expected),
        `${count} ranks`,
      );
    }
  });
}

const [first] = installed;
const only = { ignore: first === undefined };

Deno.test(
  "a training goes on with another number of ranks, to the same bits",
  only,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/half.ckpt`;
      await ranks(first, 2, "checkpoint", path);
      const [two] = await ranks<string>(first, 2, "resume", path);
      const [four] = await ranks<string>(first, 4, "resume", path);
      assert.equal(four, two);
    }),
);

Deno.test(
  "ranks that were told other things refuse to train, all of them",
  only,
  async () => {
    const found = await ranks<string>(first, 2, "disagree");
    const message =
      "Cannot train together as 'batchSize' must be the same for all ranks: rank 0 has 50, rank 1 has 25";
    assert.deepEqual(found, [message, message]);
  },
);

Deno.test(
  "when one rank wants to stop, all end after the same epoch",
  only,
  async () => {
    const [zero, one] = await ranks<[number, string, string]>(first, 2, "stop");
    assert.deepEqual(zero.slice(0, 2), [3, "left"]);
    assert.deepEqual(one, zero);
  },
);

Deno.test(
  "the main thread answers timers while ranks wait for each other",
  only,
  async () => {
    assert.deepEqual(await ranks(first, 2, "timers"), [true, true]);
  },
);
