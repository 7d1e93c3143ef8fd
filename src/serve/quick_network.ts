import type { Predict } from "./coalescer.ts";
import { Mlp } from "../mlp/mlp.ts";
import { setPools } from "../pool/make_pool.ts";
import { WorkerPool } from "../pool/worker_pool.ts";
import { OwnPool } from "../pool/own_pool.ts";

/**
 * Multiplications up to which the thread that answers does them itself, some tenths of a millisecond: one digit takes 0.07 ms
 * so, 0.15 by a worker; 64 take 0.11.
 */
const MOST_MULTIPLICATIONS = 2 ** 22;

/** Computes few rows in the calling thread, and more with the workers of a network; the bits are the same. */
export class QuickNetwork implements AsyncDisposable {
  readonly #mlp: Mlp;
  readonly #own: Mlp | undefined;
  readonly #mostRows: number;

  private constructor(mlp: Mlp, own: Mlp | undefined, mostRows: number) {
    this.#mlp = mlp;
    this.#own = own;
    this.#mostRows = mostRows;
  }

  /** Starts the workers of a network, and makes another one without any if it is small enough. */
  static async of(mlp: Mlp): Promise<QuickNetwork> {
    const row = new Float32Array(mlp.layers[0]);
    await mlp.predict(row);
    const weights = mlp.weights.reduce((sum, { length }) => sum + length, 0);
    const mostRows = Math.floor(MOST_MULTIPLICATIONS / weights);
    if (mostRows === 0) return new QuickNetwork(mlp, undefined, 0);
    const own = Mlp.fromModel(mlp.toModel(), { workers: 1 });
    setPools((options) => new OwnPool(options));
    try {
      // What computes is made with the first call.
      await own.predict(row);
    } finally {
      setPools((options) => new WorkerPool(options));
    }
    return new QuickNetwork(mlp, own, mostRows);
  }

  /** See {@linkcode Mlp.predict}. */
  readonly predict: Predict = async (x) => {
    const rows = x.length / this.#mlp.layers[0];
    const network = rows <= this.#mostRows ? this.#own! : this.#mlp;
    return await network.predict(x);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own?.dispose();
  }
}
