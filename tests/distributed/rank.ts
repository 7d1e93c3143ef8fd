/** A rank of a test: does what its first argument says, and rank 0 prints the outcome. */
import { type Communicator, Mlp, mpi } from "../../mod.ts";
import { samples, train, TRAININGS } from "./trainings.ts";

const LAYERS = [50, 21, 4];

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
    await mlp.fit(samples(), { epochs: 4, batchSize: 50, resume: true });
    return await mlp.weightsSha256();
  },

  /** One that writes it, half way. */
  async checkpoint(distributed) {
    const [, path] = Deno.args;
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    await mlp.fit(samples(), {
      ...{ epochs: 3, batchSize: 50, shards: 8 },
      onEpoch: async ({ epoch }) => {
        if (epoch === 2) await mlp.saveCheckpoint(path);
      },
    });
    return await mlp.weightsSha256();
  },

  /** Ranks that disagree; each says what it was told. */
  async disagree(distributed) {
    const { rank } = distributed;
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    const run = mlp.fit(samples(), { batchSize: rank === 1 ? 25 : 50 });
    return await run.then(() => "no error", ({ message }) => message);
  },

  /** One rank wants to end, and all do after the same batches. */
  async stop(distributed) {
    await using mlp = new Mlp({ layers: LAYERS, distributed });
    const run = mlp.fit(samples(), {
      epochs: 1000,
      onEpoch: ({ epoch }) => {
        if (distributed.rank === 1 && epoch === 3) run.stop();
      },
    });
    const { epochs, stopReason } = await run;
    return [epochs.length, stopReason, await mlp.weightsSha256()];
  },

  /** Each rank has samples of its own, one of them fewer than the others. */
  async parts(distributed) {
    const { rank, size } = distributed;
    const all = samples();
    const bounds = [0, 130, 203].slice(0, size).concat(203);
    const [from, to] = [bounds[rank], bounds[rank + 1]];
    const part = {
      ...all,
      count: to - from,
      x: all.x.subarray(from * all.inputs, to * all.inputs),
      y: all.y.subarray(from * all.outputs, to * all.outputs),
    };
    await using mlp = new Mlp({ layers: LAYERS, kernels: "wasm", distributed });
    const { epochs } = await mlp.fit(part, {
      ...{ epochs: 2, batchSize: 203, shuffle: "once", optimizer: "sgd" },
      ...{ partitioned: true, shards: 4 },
    });
    return [await mlp.weightsSha256(), epochs, mlp.weights.map((w) => [...w])];
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
const outcome = await TASKS[Deno.args[0]](distributed);
const all = await distributed.gather(JSON.stringify(outcome));
if (distributed.rank === 0) {
  console.log(JSON.stringify(all.map((text) => JSON.parse(text))));
}
