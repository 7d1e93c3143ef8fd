/** Several processes that train one network, with each MPI that is installed. */
import assert from "node:assert/strict";
import { type EpochEvent, type Evaluation, Mlp } from "../../mod.ts";
import type { ClassesReport } from "../../src/report/sample_report.ts";
import { inFolder } from "../in_folder.ts";
import { first, installed, only, outcomes, ranks, start } from "./mpirun.ts";
import { LONG, samples, train, TRAININGS } from "./trainings.ts";

const MOD = new URL("../../mod.ts", import.meta.url).href;

/** Tasks that two ranks do one after another, begun by the first test that wants to know of one. */
const SHARED = ["disagree", "stop", "parts", "timers"] as const;
let shared: Promise<unknown[][]> | undefined;

/** What each rank has of one of them. */
async function ofShared<T>(task: typeof SHARED[number]): Promise<T[]> {
  shared ??= outcomes(first, 2, [SHARED.join()]);
  const at = SHARED.indexOf(task);
  return (await shared).map((found) => found[at] as T);
}

/** What one process makes of the trainings, once it was asked for. */
const alone: unknown[] = [];

for (const family of installed) {
  Deno.test(`${family}: 2 and 3 ranks have the bits of one process`, async () => {
    for (const each of TRAININGS.slice(alone.length)) {
      alone.push(await train(each));
    }
    for (const count of [2, 3]) {
      const found = await ranks<unknown>(family, count, "trainings");
      assert.deepEqual(found, new Array(count).fill(alone), `${count} ranks`);
    }
  });
}

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
  "a training goes on with 1, 4 and 8 ranks after 2, to the same bits",
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
      // 24 × 51 floats, 8 to the next cache line, and 8 × 22, twice: each has its slice alone, and rank 0 all in the end.
      assert.deepEqual(await ranks(first, 2, "checkpoint", path), [
        [0, 5952, 5952, 5952, 11_264],
        [0, 5312, 5312, 5312, 0],
      ]);
      const onOneProcess = async (path: string) => {
        await using mlp = await Mlp.loadCheckpoint(path);
        await mlp.fit(samples(), { ...LONG, epochs: 4, resume: true });
        return await mlp.weightsSha256();
      };
      const expected = await onOneProcess(path);
      assert.equal(await onOneProcess(`${path}.end`), expected);
      const last = installed.at(-1)!;
      const others = [[first, 4], [first, 8], [last, 8]] as const;
      for (const [family, count] of others) {
        const found = await ranks(family, count, "resume", path);
        assert.deepEqual(found, new Array(count).fill(expected));
      }
    }),
);

Deno.test(
  "ranks that were told other things refuse to train, all of them, and to open MPI twice",
  only,
  async () => {
    const found = await ofShared<string[]>("disagree");
    const messages = [
      "Cannot train together as 'batchSize' must be the same for all ranks: rank 0 has 50, rank 1 has 25",
      "Cannot open an MPI as that can be done once in a process: use the one that was opened",
    ];
    assert.deepEqual(found, [messages, messages]);
  },
);

Deno.test(
  "when one rank wants to stop, all end after the same epoch, and as one wants to hear of batches",
  only,
  async () => {
    const [zero, one] = await ofShared<[number, string, string]>("stop");
    assert.deepEqual(zero.slice(0, 2), [3, "left"]);
    assert.deepEqual(one, zero);
  },
);

Deno.test(
  "ranks with samples of their own compute the gradient of all of them",
  only,
  async () => {
    interface Found {
      readonly weightsSha256: string;
      readonly epochs: EpochEvent[];
      readonly weights: number[];
      readonly counted: { report: ClassesReport; note: string };
      readonly report: ClassesReport;
      readonly whole: ClassesReport;
    }
    const [zero, one] = await ofShared<Found>("parts");
    assert.equal(one.weightsSha256, zero.weightsSha256);
    assert.deepEqual(
      one.epochs.map(({ loss }) => loss),
      zero.epochs.map(({ loss }) => loss),
    );
    assert.deepEqual([one.report, one.counted], [zero.report, zero.counted]);
    const { logLoss, ...scores } = zero.report;
    const { logLoss: wanted, ...scoresOfWhole } = zero.whole;
    assert.deepEqual(scores, scoresOfWhole);
    assert.ok(Math.abs(logLoss! - wanted!) < 1e-9);
    assert.equal(scores.samples, 203);
    const { calibrationError: _, rocAuc: __, ...counts } = zero.report;
    assert.deepEqual(zero.counted, {
      report: counts,
      note:
        "calibration error and ROC AUC are left out, as 203 samples to test are too many for one process",
    });
    // All samples are one batch, so that only the order of the sums differs.
    await using mlp = new Mlp({ layers: [50, 21, 4], kernels: "wasm" });
    const { epochs } = await mlp.fit(samples(), {
      ...{ epochs: 2, batchSize: 203, shuffle: "once", optimizer: "sgd" },
    });
    for (const [at, { loss, lastBatch }] of epochs.entries()) {
      assert.ok(Math.abs(loss - zero.epochs[at].loss) < 1e-6);
      assert.ok(
        Math.abs(lastBatch.cost - zero.epochs[at].lastBatch.cost) < 1e-6,
      );
    }
    const expected = mlp.weights.flatMap((layer) => [...layer]);
    for (const [at, weight] of zero.weights.entries()) {
      assert.ok(Math.abs(weight - expected[at]) < 1e-6);
    }
  },
);

Deno.test(
  "ranks with samples of their own go on from a checkpoint to the same bits, or refuse together",
  only,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/parts.checkpoint`;
      type Found =
        & Record<"refused" | "changed" | "none" | "apart", string>
        & Record<"bits" | "later" | "stopped", unknown[]>
        & { validation: Evaluation; held: Evaluation & { count: number } };
      const found = await ranks<Found>(first, 2, "goOn", path);
      const held = found.map(({ held }) => held);
      assert.deepEqual(held.map(({ count }) => count), [33, 18]);
      for (const each of found) {
        const { bits, later, refused, changed, stopped, validation } = each;
        for (const name of ["loss", "accuracy", "meanAbsoluteError"] as const) {
          const sum = held.reduce(
            (sum, one) => sum + one.count * one[name]!,
            0,
          );
          const off = Math.abs(sum / 51 - validation[name]!);
          assert.ok(off < 1e-9, `${name} is off by ${off}`);
        }
        assert.deepEqual(stopped, found[0].stopped);
        assert.equal(stopped[2], "early");
        assert.equal(
          each.none,
          "Cannot train as 'validationSplit' must be such that of 73 samples of rank 1 some are left and some held back: current value is 0.005",
        );
        assert.match(
          each.apart,
          /^Cannot train together as 'checksum of the data' must be the same for all ranks: rank 0 has '\w{8}', rank 1 has '\w{8}'$/,
        );
        assert.equal(bits[1], bits[0]);
        assert.equal(later[1], later[0]);
        assert.notEqual(later[0], bits[0]);
        assert.equal(
          refused,
          "Cannot go on with the training as 'samples of rank 1' must be 55 as before: current value is 54",
        );
        assert.equal(
          changed,
          "Cannot go on with the training as 'otherData' must be true for samples, targets or weights of other values than before, which rank 1 has: current value is false",
        );
      }
      assert.equal(found[1].bits[0], found[0].bits[0]);
      const message =
        "Cannot go on with the training as 'number of ranks' must be 2 as before: current value is 3";
      assert.deepEqual(
        await ranks(first, 3, "goOnAsOthers", path),
        new Array(3).fill(message),
      );
      await using alone = await Mlp.loadCheckpoint(path);
      const options = { epochs: 4, batchSize: 50, shards: 4, resume: true };
      await assert.rejects(
        async () => await alone.fit(samples(), options),
        /'partitioned' must be true as before: current value is false/,
      );
    }),
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
    assert.deepEqual(await ofShared("timers"), [true, true]);
  },
);
