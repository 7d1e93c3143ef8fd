/** Predictions of a model over HTTP. */
import { isMistake } from "../checks/errors.ts";
import { csvLine, predictionCells } from "../data/prediction_csv.ts";
import type { TablePrediction } from "../data/table_prediction.ts";
import { decodeOutputs, plainEncoder } from "../mlp/decode_outputs.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { wantedType } from "../web/accept.ts";
import type { Assets } from "../web/assets.ts";
import { readBody } from "../web/body.ts";
import { requireMethod, requireOwn } from "../web/guard.ts";
import { askedBy } from "../web/inputs.ts";
import { listen, type Listening } from "../web/listen.ts";
import { answer, jsonAnswer, Refusal } from "../web/responses.ts";
import { Coalescer, type Predict } from "./coalescer.ts";
import { Metrics } from "./metrics.ts";
import { isCsv, readRows, type RequestRows } from "./rows.ts";

/** What predictions can be sent as. */
const [JSON_TYPE, CSV_TYPE] = ["application/json", "text/csv"] as const;

/** Rows of one call of the network, and calls' worth of rows that may wait. */
const [TOGETHER, CALLS_WAITING] = [4_096, 16];

/** Milliseconds for answers to get to who asked, at the end. */
const LINGER = 500;

/** Hosts that only this machine reaches. */
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** What a server is made of. */
export interface ModelServerOptions {
  readonly mlp: Mlp;
  /** Computes the outputs of rows. */
  readonly predict: Predict;
  /** Of the model, for people. */
  readonly name: string;
  readonly assets: Assets;
  readonly hostname: string;
  readonly port: number;
  /** Bytes of a body, rows of a request, and milliseconds that one may take. */
  readonly mostBytes: number;
  readonly mostRows: number;
  readonly mostMilliseconds: number;
}

/** Serves a model until it is ended. */
export class ModelServer {
  readonly port: number;
  readonly address: string;
  readonly #options: ModelServerOptions;
  readonly #metrics = new Metrics();
  readonly #coalescer: Coalescer;
  readonly #listening: Listening;
  #ending = false;

  /** @throws {StateError} If it can't listen. */
  constructor(options: ModelServerOptions) {
    this.#options = options;
    const { mlp, predict, hostname, port, mostRows } = options;
    this.#coalescer = new Coalescer(
      predict,
      mlp.layers[0],
      TOGETHER,
      Math.max(TOGETHER, mostRows) * CALLS_WAITING,
    );
    this.#listening = listen(
      hostname,
      port,
      (request) => this.#answer(request),
    );
    ({ port: this.port, address: this.address } = this.#listening);
  }

  /** Refuses all requests that come from here on, and answers those that were accepted. */
  async end(): Promise<void> {
    this.#ending = true;
    // The runtime's own end would break off bodies that are on their way.
    await this.#metrics.idle();
    // A connection whose body never came would keep it for ever.
    const lingering = new Promise((resolve) => setTimeout(resolve, LINGER));
    await Promise.race([this.#listening.server.shutdown(), lingering]);
  }

  async #answer(request: Request): Promise<Response> {
    const { hostname, assets, mlp, name } = this.#options;
    // Behind another server, or in a network, names and origins are its owner's concern.
    if (LOOPBACK.test(hostname)) requireOwn(request, hostname);
    const { pathname } = new URL(request.url);
    if (pathname === "/predict") {
      requireMethod(request, "POST");
      if (this.#ending) {
        throw new Refusal(503, "Cannot predict as the server ends", {
          "connection": "close",
        });
      }
      return await this.#timed(request);
    }
    requireMethod(request, "GET", "HEAD");
    switch (pathname) {
      case "/health":
        return jsonAnswer(
          { status: this.#ending ? "ending" : "ok", model: name },
          this.#ending ? 503 : 200,
        );
      case "/metrics": {
        const { calls, rows } = this.#coalescer;
        const text = this.#metrics.text(calls, rows);
        return answer(text, "text/plain; version=0.0.4; charset=utf-8");
      }
      case "/model": {
        const { layers, task, classNames, targetNames } = mlp;
        const byName = mlp.encoder !== undefined;
        const asked = askedBy(mlp);
        const about = { name, layers, task, classNames, targetNames };
        return jsonAnswer({ ...about, byName, asked });
      }
    }
    const file = assets(pathname);
    if (file !== undefined) return file;
    throw new Refusal(404, "There is nothing here: try POST /predict");
  }

  /** Answers a request for predictions, and counts it. */
  async #timed(request: Request): Promise<Response> {
    const before = performance.now();
    let [status, rows] = [500, 0];
    this.#metrics.begun();
    try {
      const [found, response] = await this.#predictions(request);
      [status, rows] = [200, found];
      return response;
    } catch (error) {
      if (error instanceof Refusal) status = error.status;
      else if (isMistake(error)) status = 400;
      throw error;
    } finally {
      this.#metrics.answered(status, (performance.now() - before) / 1000, rows);
    }
  }

  async #predictions(
    request: Request,
  ): Promise<[rows: number, response: Response]> {
    const { mlp, mostBytes, mostRows, mostMilliseconds } = this.#options;
    using limit = limitOf(mostMilliseconds);
    const { signal, reached } = limit;
    const body = await readBody(request, mostBytes, signal);
    const type = request.headers.get("content-type") ?? "";
    // Who sends CSV gets CSV, unless something else is wanted.
    const wanted = wantedType(
      request,
      isCsv(type) ? [CSV_TYPE, JSON_TYPE] : [JSON_TYPE, CSV_TYPE],
    );
    const work = async (): Promise<[number, Response]> => {
      const { count, x, kept, notes } = await readRows(
        ...[mlp, body, type, mostRows] as const,
      );
      const outputs = await this.#coalescer.add(x);
      const found = await decodeOutputs(mlp, outputs as Float32Array);
      return [
        count,
        wanted === CSV_TYPE ? csvAnswer(mlp, found, notes, kept) : jsonAnswer({
          task: mlp.task,
          ...(notes.length === 0 ? {} : { notes }),
          predictions: found.map((one, at) => ({
            ...withoutTask(one),
            ...(kept === undefined ? {} : { kept: kept[at] }),
          })),
        }),
      ];
    };
    return await Promise.race([work(), reached]);
  }
}

/** The lines that `predict` writes. */
function csvAnswer(
  mlp: Mlp,
  found: readonly TablePrediction[],
  notes: readonly string[],
  kept: RequestRows["kept"] = [],
): Response {
  const { classNames, targetNames } = mlp.encoder ?? plainEncoder(mlp);
  const keep = mlp.encoder?.table.keep ?? [];
  const names = classNames ?? targetNames;
  const lines = predictionCells(names, found, false, keep, kept).map(csvLine);
  return answer(
    `${lines.join("\n")}\n`,
    `${CSV_TYPE}; charset=utf-8`,
    200,
    notes.length > 0
      ? { "x-notes": encodeURIComponent(notes.join("\n")) }
      : undefined,
  );
}

function withoutTask({ task: _, ...rest }: TablePrediction): object {
  return rest;
}

/** A time limit, which doesn't keep anything waiting once it is disposed. */
function limitOf(milliseconds: number): Disposable & {
  readonly signal: AbortSignal;
  /** Rejects at the limit. */
  readonly reached: Promise<never>;
} {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const timer = setTimeout(() => {
    controller.abort();
    reject(
      new Refusal(
        503,
        `Cannot predict as it takes more than ${milliseconds} ms: send fewer rows, or try again`,
        { "retry-after": "1" },
      ),
    );
  }, milliseconds);
  return {
    signal: controller.signal,
    reached: promise,
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
