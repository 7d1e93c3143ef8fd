/** Several processes that train one network, with each MPI that is installed. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inFolder } from "../in_folder.ts";
import { Mlp } from "../../mod.ts";
import { samples, train, TRAININGS } from "./trainings.ts";

/** Ranks that hang are ended, so that the test fails. */
const LIMIT = 120_000;

const MOD = new URL("../../mod.ts", import.meta.url).href;
const IRIS = fileURLToPath(new URL("../../data/iris.csv", import.meta.url));
const RANK = fileURLToPath(new URL("rank.ts", import.meta.url));

/** As root, and with more ranks than cores, Open MPI wants to be asked twice. */
const STARTERS = {
  "MPICH": ["mpirun.mpich"],
  "Open MPI": ["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe"],
} as const;

type Family = keyof typeof STARTERS;

/**
 * A command with its folder, links followed: Open MPI finds its files from there, and `/bin` is `/usr/bin` where it doesn't
 * know that.
 */
async function pathOf(command: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      const path = `${await Deno.realPath(folder)}/${command}`;
      await Deno.stat(path);
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** Where the commands are. */
const paths = new Map<Family, string>();
const installed: Family[] = [];
for (const family of Object.keys(STARTERS) as Family[]) {
  const path = await pathOf(STARTERS[family][0]);
  if (path === undefined) {
    console.log(`${family} isn't installed: its tests are left out`);
    continue;
  }
  paths.set(family, path);
  installed.push(family);
}

const [first] = installed;
const only = { ignore: first === undefined };

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

function commandOf(
  family: Family,
  count: number,
  task: readonly string[],
): [command: string, args: string[]] {
  const [, ...options] = STARTERS[family];
  return [paths.get(family)!, [
    ...[...options, "-n", `${count}`, Deno.execPath(), "run", "--no-check"],
    ...["--allow-read", "--allow-write", "--allow-ffi", RANK, ...task],
  ]];
}

async function start(family: Family, count: number, task: readonly string[]) {
  const [command, args] = commandOf(family, count, task);
  const output = await new Deno.Command(command, {
    args,
    signal: AbortSignal.timeout(LIMIT),
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

for (const family of installed) {
  Deno.test(`${family}: a rank that throws ends all, with its number and its error`, async () => {
    const { code, stderr } = await start(family, 3, ["fail"]);
    assert.notEqual(code, 0);
    assert.match(stderr, /Rank 1 of 3 leaves while others wait for it/);
    assert.match(stderr, /Error: no disk/);
  });

  // The second takes seconds, and is Lockstep's own doing.
  const signals = ["SIGKILL", "SIGSTOP"] as const;
  for (const signal of family === first ? signals : [signals[0]]) {
    Deno.test(`${family}: a rank that gets ${signal} ends all of them`, async () => {
      const [command, args] = commandOf(family, 3, ["endless"]);
      const child = new Deno.Command(command, {
        ...{ args, stdout: "piped", stderr: "piped" },
        signal: AbortSignal.timeout(LIMIT),
      }).spawn();
      const said = new Response(child.stderr).text();
      let victim = 0;
      for await (
        const text of child.stdout.pipeThrough(new TextDecoderStream())
      ) {
        const [, pid] = text.match(/^pid (\d+)$/m) ?? [];
        if (pid !== undefined) Deno.kill(victim = Number(pid), signal);
      }
      // Their output ends when all have ended.
      assert.equal((await child.status).success, false);
      if (signal === "SIGKILL") return;
      const rank = `rank 1 of 3, process ${victim} on `;
      const text = await said;
      assert.ok(text.includes(`Cannot go on as ${rank}`), text);
      assert.match(text, /has given no sign of life for 4 s/);
    });
  }
}

Deno.test(
  "train --distributed mpi: one report, and the bits of one process",
  only,
  async () => {
    const train = fileURLToPath(
      new URL("../../src/cli/train.ts", import.meta.url),
    );
    const options = [
      "--dataset",
      IRIS,
      "--epochs",
      "3",
      "--batch-size",
      "50",
      "--shards",
      "4",
      "--json",
    ];
    const permissions = [
      "run",
      "--no-check",
      "--allow-read",
      "--allow-ffi",
      train,
    ];
    const hash = (text: string) => {
      const ends = text.trim().split("\n").map((line) => JSON.parse(line))
        .filter(({ event }) => event === "end");
      assert.equal(ends.length, 1, text);
      return ends[0].weightsSha256;
    };
    const [, ...starter] = STARTERS[first];
    const command = paths.get(first)!;
    const two = await new Deno.Command(command, {
      args: [
        ...starter,
        "-n",
        "2",
        Deno.execPath(),
        ...permissions,
        "--distributed",
        "mpi",
        "--timings",
        ...options,
      ],
    }).output();
    const one = await new Deno.Command(Deno.execPath(), {
      args: [...permissions, ...options],
    }).output();
    const [oneText, twoText] = [one, two].map(({ stdout }) =>
      new TextDecoder().decode(stdout)
    );
    assert.equal(hash(twoText), hash(oneText));
    const [, { timings }] = twoText.split("\n", 2).map((line) =>
      JSON.parse(line)
    );
    type Row = { part: string; name: string; milliseconds: number };
    const rows = (timings as Row[]).filter(({ part, milliseconds }) =>
      part === "communication" && milliseconds > 0
    );
    // Each has some 11 kB of weights, padding with them, and sends half.
    assert.deepEqual(rows.map(({ name }) => name), [
      "wait for the slowest",
      "gradients, 6 kB a step",
      "weights, 7 kB a step",
    ]);
  },
);

Deno.test("mpi() says what it tried, and what is missing", async () => {
  const program = (options: string) =>
    `import { mpi } from ${JSON.stringify(MOD)};
     await mpi(${options}).catch(({ message }) => console.log(message)); Deno.exit();`;
  const run = async (options: string, ...permissions: string[]) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--allow-read", ...permissions, "-"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(program(options)));
    await writer.close();
    return new TextDecoder().decode((await child.output()).stdout).trim();
  };
  assert.equal(
    await run("{}"),
    "Cannot open an MPI as the permission is missing: run again with --allow-ffi",
  );
  assert.equal(
    await run('{ library: "/none/libmpi.so" }', "--allow-ffi"),
    "Cannot open an MPI as none of 1 can be used: /none/libmpi.so: cannot open shared object file: No such file or directory",
  );
  assert.equal(
    await run('{ library: "libc.so.6" }', "--allow-ffi"),
    "Cannot open an MPI as none of 1 can be used: libc.so.6: it is no MPI",
  );
  assert.equal(
    await run("{ lib: 1 }"),
    "Cannot open an MPI as 'lib' is no option: there are 'library'",
  );
});

Deno.test(
  "a training goes on with another number of ranks, to the same bits",
  only,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/half.ckpt`;
      const { code, stderr } = await start(first, 2, ["alone", path]);
      assert.notEqual(code, 0);
      assert.match(
        stderr,
        /rank \d of 2.*call 'saveCheckpoint' in all of them/,
      );
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
  "ranks with samples of their own compute the gradient of all of them",
  only,
  async () => {
    type Found = [
      string,
      { loss: number; lastBatch: { cost: number } }[],
      number[][],
    ];
    const [zero, one] = await ranks<Found>(first, 2, "parts");
    assert.equal(one[0], zero[0]);
    assert.deepEqual(
      one[1].map(({ loss }) => loss),
      zero[1].map(({ loss }) => loss),
    );
    // All samples are one batch, so that only the order of the sums differs.
    await using mlp = new Mlp({ layers: [50, 21, 4], kernels: "wasm" });
    const { epochs } = await mlp.fit(samples(), {
      ...{ epochs: 2, batchSize: 203, shuffle: "once", optimizer: "sgd" },
    });
    for (const [at, { loss, lastBatch }] of epochs.entries()) {
      assert.ok(Math.abs(loss - zero[1][at].loss) < 1e-6);
      assert.ok(Math.abs(lastBatch.cost - zero[1][at].lastBatch.cost) < 1e-6);
    }
    const expected = mlp.weights.flatMap((layer) => [...layer]);
    for (const [at, weight] of zero[2].flat().entries()) {
      assert.ok(Math.abs(weight - expected[at]) < 1e-6);
    }
  },
);

Deno.test("'partitioned' is refused where there is one process", async () => {
  await using mlp = new Mlp({ layers: [50, 21, 4] });
  const run = mlp.fit(samples(), { partitioned: true });
  await assert.rejects(async () => await run, {
    name: "RangeError",
    message:
      "Cannot train as 'partitioned' is not read without 'distributed' of the network",
  });
});

Deno.test(
  "the main thread answers timers while ranks wait for each other",
  only,
  async () => {
    assert.deepEqual(await ranks(first, 2, "timers"), [true, true]);
  },
);
