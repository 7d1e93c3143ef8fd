/** A rank of a test: does what its first argument says, one or several tasks, and rank 0 prints what came of each. */
import { type Communicator, Mlp, mpi, trainTestSplit } from "../../mod.ts";
import { reportOfRanks } from "../../src/cli/report_of_ranks.ts";
import { reportOn } from "../../src/report/sample_report.ts";
import { LONG, samples, train, TRAININGS } from "./trainings.ts";

const LAYERS = [50, 21, 4];

/** The samples of a rank, where each has its own: those of the last one are fewer. */
function partOf({ rank, size }: Communicator) {
  const all = samples();
  const bounds = [0, 130, 180].slice(0, size).concat(203);
  const [from, to] = [bounds[rank], bounds[rank + 1]];
  return {
    ...all,
    count: to - from,
    x: all.x.slice(from * all.inputs, to * all.inputs),
    y: all.y.slice(from * all.outputs, to * all.outputs),
  };
}

/** How ranks with samples of their own train. */
const PARTS = {
  ...{ batchSize: 50, shards: 4, partitioned: true },
  validationSplit: 0.25,
};

/** What a run fails with. */
const failureOf = (run: PromiseLike<unknown>): PromiseLike<string> =>
  run.then(() => "no error", ({ message }) => message);

/** The first bytes of the machine code of `mmap`. */
const mapping = () =>
  Deno.dlopen("libc.so.6", { mmap: { type: "u64" } }).symbols.mmap
    .toString(16);

const MAPPING = mapping();

const TASKS: Record<string, (distributed: Communicator) => Promise<unknown>> = {
  /** All trainings, one after another. */
  async trainings(distributed) {
    const results = [];
    for (const each of TRAININGS) results.push(await train(each, distributed));
    return results;
  },

  /** A training that goes on from the checkpoint of another number of ranks. */
  async resume(distributed) {
    const [, path] = Deno.args;
    await using mlp = await Mlp.loadCheckpoint(path, { distributed });
    await mlp.fit(samples(), { ...LONG, epochs: 4, resume: true });
    return await mlp.weightsSha256();
  },

  /** One that writes it, half way; returns the bytes of moments that the rank has before, in the midst, and after it. */
  async checkpoint(distributed) {
    const [, path] = Deno.args;
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    const bytes = () =>
      Number(
        /moments +([\d,]+) bytes/.exec(mlp.summary())![1].replace(",", ""),
      );
    const found = [bytes()];
    await mlp.fit(samples(), {
      ...{ ...LONG, epochs: 3, shards: 8 },
      onEpoch: async ({ epoch }) => {
        if (epoch === 2) await mlp.saveCheckpoint(path);
        found.push(bytes());
      },
    });
    // After it the first one needs no other for that.
    if (distributed.rank === 0) await mlp.saveCheckpoint(`${path}.end`);
    return [...found, bytes()];
  },

  /** The machine code of `mmap`, before MPI was opened and after. */
  mapping: () => Promise.resolve([MAPPING, mapping()]),

  /** Ranks that disagree, and open MPI once more; each says what it was told. */
  async disagree(distributed) {
    const { rank } = distributed;
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    const run = mlp.fit(samples(), { batchSize: rank === 1 ? 25 : 50 });
    return [await failureOf(run), await failureOf(mpi())];
  },

  /** One rank wants to end, and all do after the same batches. */
  async stop(distributed) {
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    const run = mlp.fit(samples(), {
      ...{ epochs: 1000, batchSize: 20 },
      // So that ranks tell each other after each batch, as one of them wants to know.
      ...(distributed.rank === 0 ? { onBatch: () => {} } : {}),
      onEpoch: ({ epoch }) => {
        if (distributed.rank === 1 && epoch === 3) run.stop();
      },
    });
    const { epochs, stopReason } = await run;
    return [epochs.length, stopReason, await mlp.weightsSha256()];
  },

  /** Each rank has samples of its own, one of them fewer than the others. */
  async parts(distributed) {
    const part = partOf(distributed);
    await using mlp = new Mlp({ layers: LAYERS, kernels: "wasm", distributed });
    const { epochs } = await mlp.fit(part, {
      ...{ epochs: 2, batchSize: 203, shuffle: "once", optimizer: "sgd" },
      ...{ partitioned: true, shards: 4 },
    });
    // Where samples are too many to be brought together, and where not, and those of one process.
    const counted = await reportOfRanks(distributed, mlp, part, 0);
    const { report } = await reportOfRanks(distributed, mlp, part);
    return {
      weightsSha256: await mlp.weightsSha256(),
      epochs,
      weights: mlp.weights.flatMap((layer) => [...layer]),
      ...{ counted, report, whole: await reportOn(mlp, samples()) },
    };
  },

  /** The same goes on from its checkpoint in the middle of an epoch, if nothing else changes. */
  async goOn(distributed) {
    const [, path] = Deno.args;
    const part = partOf(distributed);
    const options = { ...PARTS, epochs: 4 };
    await using whole = new Mlp({ layers: LAYERS, distributed });
    const { epochs } = await whole.fit(part, {
      ...options,
      onBatch: async ({ epoch, batch }) => {
        if (epoch === 3 && batch === 2) await whole.saveCheckpoint(path);
      },
    });
    await using mlp = await Mlp.loadCheckpoint(path, { distributed });
    const resume = { ...options, resume: true };
    const { rank } = distributed;
    const fewer = {
      ...part,
      count: part.count - 1,
      x: part.x.subarray(part.inputs),
      y: part.y.subarray(part.outputs),
    };
    const refused = await failureOf(mlp.fit(rank === 1 ? fewer : part, resume));
    const other = { ...part, x: part.x.map((value) => value / 2) };
    const changed = await failureOf(mlp.fit(rank === 1 ? other : part, resume));
    const tooFew = { ...options, validationSplit: 0.005 };
    const none = await failureOf(mlp.fit(part, tooFew));
    const own = samples();
    const validationData = { ...own, x: own.x.map((value) => value + rank) };
    const others = { ...options, validationSplit: 0, validationData };
    const apart = await failureOf(mlp.fit(part, others));
    await mlp.fit(part, resume);
    const { test } = trainTestSplit(part, {
      testFraction: PARTS.validationSplit,
    });
    const held = { count: test.count, ...await mlp.evaluate(test) };
    const [wanted, found] = [
      await whole.weightsSha256(),
      await mlp.weightsSha256(),
    ];
    await mlp.fit(part, { ...resume, epochs: 5 });
    await whole.fit(part, { ...resume, epochs: 5 });
    const later = [await whole.weightsSha256(), await mlp.weightsSha256()];
    const stopped = await whole.fit(part, {
      ...{ ...options, learningRate: 0.05, optimizer: "adam", epochs: 60 },
      patience: 3,
    });
    return {
      ...{ refused, changed, none, apart, held },
      validation: epochs.at(-1)!.validation,
      stopped: [
        ...[stopped.epochs.length, stopped.bestEpoch, stopped.stopReason],
        await whole.weightsSha256(),
      ],
      bits: [wanted, found],
      later,
    };
  },

  /** Another number of ranks than before. */
  async goOnAsOthers(distributed) {
    const [, path] = Deno.args;
    await using mlp = await Mlp.loadCheckpoint(path, { distributed });
    const options = { ...PARTS, epochs: 4, resume: true };
    return await failureOf(mlp.fit(partOf(distributed), options));
  },

  /** One rank has an error that nothing awaits while all train. */
  async aside(distributed) {
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    await mlp.fit(samples(), {
      epochs: 100_000,
      onEpoch: ({ epoch }) => {
        if (distributed.rank !== 1 || epoch !== 3) return;
        Promise.reject(new Error("no disk"));
      },
    });
  },

  /** One rank leaves with an error while the others train. */
  async fail(distributed) {
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    await mlp.fit(samples(), {
      epochs: 100_000,
      onEpoch: ({ epoch }) => {
        if (distributed.rank === 1 && epoch === 3) throw new Error("no disk");
      },
    });
  },

  /** One rank alone asks for what all have to. */
  async alone(distributed) {
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    await mlp.fit(samples(), {
      onEpoch: async () => {
        if (distributed.rank === 0) await mlp.saveCheckpoint(Deno.args[1]);
      },
    });
  },

  /** All train until the second is stopped, which the others tell by its silence, or killed. */
  async endless(distributed) {
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    await mlp.fit(samples(), {
      epochs: 1_000_000,
      onEpoch: ({ epoch }) => {
        if (distributed.rank === 1 && epoch === 3) {
          console.log(`pid ${Deno.pid}`);
        }
      },
    });
  },

  /** Timers of the main thread get their turn while ranks wait for each other. */
  async timers(distributed) {
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await mlp.fit(samples(), { epochs: 30, shards: 8 });
    clearInterval(timer);
    return turns > 10;
  },
};

await using distributed = await mpi();
const outcomes: unknown[] = [];
for (const task of Deno.args[0].split(",")) {
  outcomes.push(await TASKS[task](distributed));
}
const all = await distributed.gather(JSON.stringify(outcomes));
if (distributed.rank === 0) {
  console.log(JSON.stringify(all.map((text) => JSON.parse(text))));
}
