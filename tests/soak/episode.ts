import assert from "node:assert/strict";
import { join } from "node:path";
import { Mlp, type TrainOptions } from "../../mod.ts";
import { isMistake } from "../../src/checks/errors.ts";
import type { Xoshiro128 } from "../../src/units/random.ts";
import { between, drawScene, pick, type Scene } from "./draw.ts";
import { statesOf } from "./states.ts";
import { within } from "./within.ts";

/** How often each thing happened. */
export type Counts = Record<string, number>;

/** Thrown by a callback, to end a training in its own way. */
class Thrown extends Error {}

/**
 * One scene, trained by a single undisturbed worker, and again by any number of workers with all disturbances that a program
 * may cause: aborts, overlapping calls, saves, loads with other workers, networks that are disposed in the middle.
 *
 * @param folder For files.
 *
 * @throws If a state is seen that doesn't belong to the training, the end differs, or a call hangs or fails unexpectedly.
 */
export async function episode(
  random: Xoshiro128,
  folder: string,
  counts: Counts,
): Promise<void> {
  const scene = drawScene(random);
  const states = await within("the reference", statesOf(scene));
  const run = new Run(random, scene, states, folder, counts);
  await run.all();
}

class Run {
  readonly #random: Xoshiro128;
  readonly #scene: Scene;
  readonly #states: readonly string[];
  readonly #checkpoint: string;
  readonly #model: string;
  readonly #counts: Counts;
  #mlp: Mlp;
  /** Whether there is a training to resume. */
  #begun = false;
  /** Whether a checkpoint of this training was written. */
  #saved = false;

  constructor(
    random: Xoshiro128,
    scene: Scene,
    states: readonly string[],
    folder: string,
    counts: Counts,
  ) {
    this.#random = random;
    this.#scene = scene;
    this.#states = states;
    this.#checkpoint = join(folder, "soak.ck");
    const format = pick(random, ["safetensors", "json", "onnx"]);
    this.#model = join(folder, `soak.${format}`);
    this.#counts = counts;
    this.#mlp = this.#network();
  }

  #count(what: string): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
  }

  #compute() {
    return {
      workers: between(this.#random, 1, 4),
      skipZeros: pick(this.#random, ["auto", "never", "always"] as const),
    };
  }

  #network(): Mlp {
    return new Mlp({
      preset: "article",
      ...this.#scene.network,
      ...this.#compute(),
    });
  }

  /** Trains to the end, and compares the weights. */
  async all(): Promise<void> {
    try {
      for (let n = 0; !await this.#atEnd(); n++) {
        await this.#part(n > 20);
        await this.#between();
      }
    } finally {
      await within("dispose()", this.#mlp.dispose());
    }
  }

  async #atEnd(): Promise<boolean> {
    const { epoch } = this.#mlp.position;
    if (epoch < this.#scene.training.epochs) return false;
    const hash = await within("weightsSha256()", this.#mlp.weightsSha256());
    assert.equal(hash, this.#states.at(-1), "the training ends elsewhere");
    return true;
  }

  /** Trains, undisturbed or until something ends it. */
  async #part(undisturbed: boolean): Promise<void> {
    const options = { ...this.#scene.training, resume: this.#begun };
    this.#begun = true;
    const how = undisturbed ? "undisturbed" : pick(this.#random, [
      "undisturbed",
      "signal",
      "batch",
      "throw",
      "leave",
    ]);
    this.#count(`training: ${how}`);
    const stop = between(this.#random, 1, this.#states.length);
    if (how === "leave") {
      await within("leaving a training", this.#leave(options, stop));
      return;
    }
    const controller = new AbortController();
    const [, hashes] = await within(
      "fit() and what overlaps with it",
      Promise.all([
        this.#fit(options, how, stop, controller),
        this.#overlapping(),
      ]),
    );
    for (const hash of hashes) this.#assertState(hash);
    await this.#assertPosition();
  }

  /** Calls `fit`, which ends by itself or as it is told. */
  async #fit(
    options: TrainOptions,
    how: string,
    stop: number,
    controller: AbortController,
  ): Promise<void> {
    let batches = 0;
    const onBatch = () => {
      if (++batches !== stop) return;
      if (how === "batch") controller.abort(new Thrown());
      else throw new Thrown();
    };
    const withSignal = how === "signal" || how === "batch";
    const timer = how === "signal"
      ? setTimeout(
        () => controller.abort(new Thrown()),
        this.#random.below(20),
      )
      : undefined;
    try {
      await this.#mlp.fit(this.#scene.samples, {
        ...options,
        ...(withSignal ? { signal: controller.signal } : {}),
        ...(how === "batch" || how === "throw" ? { onBatch } : {}),
      });
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Stops the training after some events. */
  async #leave(options: TrainOptions, stop: number): Promise<void> {
    let events = 0;
    const look = () => void (++events === stop && run.stop());
    const run = this.#mlp.fit(this.#scene.samples, {
      ...options,
      ...{ onBatch: look, onEpoch: look },
    });
    await run;
    await this.#assertPosition();
  }

  /** Makes some calls that overlap with a training, and returns the hashes of all weights that they showed. */
  async #overlapping(): Promise<string[]> {
    const hashes: string[] = [];
    for (let n = between(this.#random, 0, 3); n > 0; n--) {
      await new Promise((resolve) =>
        setTimeout(resolve, this.#random.below(8))
      );
      const call = pick(this.#random, ["hash", "save", "read", "predict"]);
      this.#count(`overlapping: ${call}`);
      if (call === "hash") hashes.push(await this.#mlp.weightsSha256());
      else if (call === "save") hashes.push(await this.#savedHash());
      else if (call === "read") hashes.push(...await this.#read());
      else await this.#predict();
    }
    return hashes;
  }

  async #savedHash(): Promise<string> {
    await this.#mlp.save(this.#model);
    await using loaded = await Mlp.load(this.#model, { workers: 1 });
    return await loaded.weightsSha256();
  }

  /** Reads the weights at once, which is refused while workers write them. */
  async #read(): Promise<string[]> {
    try {
      const { weights } = this.#mlp;
      await using copy = new Mlp({
        preset: "article",
        ...this.#scene.network,
        weights,
      });
      return [await copy.weightsSha256()];
    } catch (error) {
      if (!isMistake(error)) throw error;
      this.#count("overlapping: read refused");
      return [];
    }
  }

  async #predict(): Promise<void> {
    const { layers } = this.#mlp;
    const outputs = await this.#mlp.predict(new Float32Array(3 * layers[0]));
    assert.equal(outputs.length, 3 * layers.at(-1)!);
    assert.ok(outputs.every(Number.isFinite), "a prediction isn't finite");
  }

  #assertState(hash: string): void {
    assert.ok(this.#states.includes(hash), "weights show that never were");
  }

  /** Checks that the position of the network is that of its weights. */
  async #assertPosition(): Promise<void> {
    const { epoch, batch } = this.#mlp.position;
    const hash = await this.#mlp.weightsSha256();
    const expected = this.#states[epoch * this.#scene.batches + batch];
    assert.equal(hash, expected, `position ${epoch}, ${batch} is another one`);
  }

  /** Between two parts of a training: a checkpoint, another network in its place, faults. */
  async #between(): Promise<void> {
    const what = pick(this.#random, ["nothing", "move", "save", "kill"]);
    this.#count(`between: ${what}`);
    if (what === "save" || what === "move") {
      await within(
        "saveCheckpoint()",
        this.#mlp.saveCheckpoint(this.#checkpoint),
      );
      this.#saved = true;
    }
    if (what === "move") await this.#goOnElsewhere();
    else if (what === "kill") {
      await this.#disposeWhileTraining();
      await this.#goOnElsewhere();
    }
  }

  /** Disposes the network in the middle of a training, which then fails. */
  async #disposeWhileTraining(): Promise<void> {
    const { samples, training } = this.#scene;
    const options = { ...training, resume: true };
    const ended = this.#mlp.fit(samples, options).then(
      () => "by itself",
      (error: Error) => `with ${error.name}`,
    );
    await new Promise((resolve) => setTimeout(resolve, this.#random.below(10)));
    await within("dispose() while training", this.#mlp.dispose());
    const end = await within("a disposed training", ended);
    this.#count(`disposed while training, which ended ${end}`);
    await assert.rejects(this.#mlp.fit(samples, training), /disposed/);
  }

  /** Replaces the network by one from the last checkpoint, or by a new one. */
  async #goOnElsewhere(): Promise<void> {
    await within("dispose()", this.#mlp.dispose());
    this.#begun = this.#saved;
    this.#mlp = this.#saved
      ? await Mlp.loadCheckpoint(this.#checkpoint, this.#compute())
      : this.#network();
    if (this.#saved) await this.#assertPosition();
  }
}
