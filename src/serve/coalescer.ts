import { Refusal } from "../web/responses.ts";

/** Somebody's rows, and who awaits what becomes of them. */
interface Waiting {
  readonly x: Float32Array;
  readonly rows: number;
  resolve(outputs: Float32Array): void;
  reject(error: unknown): void;
}

/** What computes the outputs of rows, row after row. */
export type Predict = (x: Float32Array<ArrayBuffer>) => Promise<Float32Array>;

/** Combines all rows that arrive during a call into the next call. A request that is alone doesn't wait for others. */
export class Coalescer {
  readonly #predict: Predict;
  readonly #inputs: number;
  readonly #mostTogether: number;
  readonly #mostWaiting: number;
  readonly #queue: Waiting[] = [];
  #running = false;
  /** Rows that wait, or are computed. */
  rows = 0;
  /** Calls so far. */
  calls = 0;

  /**
   * @param inputs Of a row.
   * @param mostTogether Rows of a call, unless one request has more.
   * @param mostWaiting Rows from which on requests are refused.
   */
  constructor(
    predict: Predict,
    inputs: number,
    mostTogether: number,
    mostWaiting: number,
  ) {
    this.#predict = predict;
    this.#inputs = inputs;
    this.#mostTogether = mostTogether;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * The outputs of rows.
   *
   * @throws {Refusal} With 503 if too many wait.
   */
  async add(x: Float32Array): Promise<Float32Array> {
    const rows = x.length / this.#inputs;
    if (this.rows > 0 && this.rows + rows > this.#mostWaiting) {
      throw new Refusal(
        503,
        `Cannot predict as ${this.rows} rows wait already: try again`,
        { "retry-after": "1" },
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
    this.rows += rows;
    this.#queue.push({ x, rows, resolve, reject });
    if (!this.#running) void this.#run();
    return await promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Requests that are read in the same turn of the event loop go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) await this.#runOnce();
    this.#running = false;
  }

  async #runOnce(): Promise<void> {
    let [count, rows] = [0, 0];
    for (const waiting of this.#queue) {
      if (count > 0 && rows + waiting.rows > this.#mostTogether) break;
      count++;
      rows += waiting.rows;
    }
    const together = this.#queue.splice(0, count);
    const all = new Float32Array(rows * this.#inputs);
    let at = 0;
    for (const { x } of together) {
      all.set(x, at);
      at += x.length;
    }
    this.calls++;
    try {
      const outputs = await this.#predict(all);
      const width = outputs.length / rows;
      let from = 0;
      for (const { rows, resolve } of together) {
        resolve(outputs.subarray(from * width, (from + rows) * width));
        from += rows;
      }
    } catch (error) {
      if (together.length === 1) together[0].reject(error);
      // What is wrong with one of them is no fault of the others.
      else await this.#eachAlone(together);
    } finally {
      this.rows -= rows;
    }
  }

  async #eachAlone(together: readonly Waiting[]): Promise<void> {
    for (const { x, resolve, reject } of together) {
      try {
        resolve(await this.#predict(Float32Array.from(x)));
      } catch (error) {
        reject(error);
      }
    }
  }
}
