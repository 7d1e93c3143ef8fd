/** A page that shows a training while it goes on, and lets its owner pause, stop and try it. */
import { requireNonNegative } from "../checks/validate.ts";
import type { EpochEvent } from "../history/events.ts";
import { parseJson } from "../io/parse_json.ts";
import { utf8 } from "../io/utf8.ts";
import { imageSizeOf } from "../mlp/image_size.ts";
import type { Mlp } from "../mlp/mlp.ts";
import type { TrainingRun } from "../training/training_run.ts";
import type { Assets } from "../web/assets.ts";
import { readBody } from "../web/body.ts";
import {
  newToken,
  requireMethod,
  requireOwn,
  requireToken,
} from "../web/guard.ts";
import { answerTo, askedBy } from "../web/inputs.ts";
import { listen, type Listening } from "../web/listen.ts";
import { answer, jsonAnswer, Refusal } from "../web/responses.ts";
import { spansDigest, valuesDigest } from "./digests.ts";
import { Feed } from "./feed.ts";
import { View } from "./view.ts";
import { Watcher } from "./watcher.ts";

/** Pages that are open, and predictions under way, at a time. */
const [MOST_PAGES, MOST_PREDICTIONS] = [32, 8];

/** Bytes of a request, and milliseconds in which it must have come. */
const [MOST_BYTES, MOST_MILLISECONDS] = [1 << 20, 10_000];

/** What a dashboard is made of. */
export interface DashboardOptions {
  readonly hostname: string;
  readonly port: number;
  readonly assets: Assets;
  readonly mlp: Mlp;
  /** How many epochs there are to be. */
  readonly epochs: number;
  /** What is known from the start, and shown as it is. */
  readonly facts: object;
  /** Writes what was learned so far; where there is nothing to write it to, nothing. */
  readonly save?: (() => Promise<string>) | undefined;
}

/** Serves the page from the start of a training to its end, or as long as it may stay. */
export class Dashboard {
  /** The address that gives access to everything. */
  readonly address: string;
  readonly port: number;
  /** Resolved when somebody has pressed the button that ends it all. */
  readonly closed: Promise<void>;
  readonly #options: DashboardOptions;
  readonly #view = new View();
  readonly #feed = new Feed(MOST_PAGES);
  readonly #token = newToken();
  readonly #listening: Listening;
  readonly #close: () => void;
  #run: TrainingRun | undefined;
  #watcher: Watcher | undefined;
  #predictions = 0;
  /** Whether the page has stopped the training. */
  stopped = false;

  /** @throws {StateError} If it can't listen. */
  constructor(options: DashboardOptions) {
    this.#options = options;
    const { hostname, port, mlp, epochs, facts, save } = options;
    ({ promise: this.closed, resolve: this.#close } = Promise.withResolvers());
    this.#listening = listen(
      hostname,
      port,
      (request) => this.#answer(request),
    );
    this.port = this.#listening.port;
    // What follows the # stays in the browser.
    this.address = `${this.#listening.address}#${this.#token}`;
    const { layers, activations, output, task, loss, workers } = mlp;
    this.#view.hello = {
      ...{ layers, activations, output, task, loss, workers },
      ...{ ...facts, epochs },
      asked: askedBy(mlp),
      canSave: save !== undefined,
    };
    this.#view.setPhase("starting");
  }

  /** Called before the first batch. */
  start(facts: object): void {
    this.#view.hello = { ...this.#view.hello, ...facts };
  }

  /**
   * Watches a training.
   *
   * @param always Whether its workers are to note what they do all the time.
   */
  watch(run: TrainingRun, always = false): void {
    this.#run = run;
    this.#phase("training");
    const { mlp: { layers, activations }, mlp } = this.#options;
    const image = imageSizeOf(mlp);
    this.#watcher = new Watcher(run, {
      awaited: () => this.#feed.awaited,
      see: (snapshot) => {
        const { spans, values } = snapshot;
        this.#view.addSnapshot(snapshot);
        if (spans.length > 0) this.#view.set("spans", spansDigest(spans));
        if (values !== undefined) {
          const digest = valuesDigest(values, { layers, activations, image });
          this.#view.set("values", digest);
        }
        this.#feed.tell();
      },
    }, always);
  }

  /** Called after each epoch, while the network stands still. */
  epoch(event: EpochEvent): void {
    this.#view.addEpoch(event);
    // What pages show when all is over is of the last epoch.
    const { epochs } = this.#options;
    if (event.epoch === epochs) void this.#watcher?.look("all", false);
    else {
      void this.#watcher?.look(
        "losses",
        event.epoch === epochs - 1 ? true : undefined,
      );
    }
    this.#feed.tell();
  }

  /** Shows how well the network does at the end. */
  result(result: object): void {
    this.#view.set("result", result);
  }

  /** The training is over; the page stays as it is. */
  end(phase: "ended" | "failed", message?: string): void {
    this.#watcher?.stop();
    this.#run = undefined;
    this.#phase(phase, message);
  }

  /** Ends the server, and tells pages all before. */
  async close(): Promise<void> {
    this.#watcher?.stop();
    this.#feed.end();
    const { server } = this.#listening;
    // Who doesn't read must not hold up the end.
    const abandoned = setTimeout(() => this.#close(), 500);
    await Promise.race([server.shutdown(), this.closed]);
    clearTimeout(abandoned);
  }

  #phase(phase: View["phase"], message?: string): void {
    this.#view.setPhase(phase, message);
    this.#feed.tell();
  }

  async #answer(request: Request): Promise<Response> {
    requireOwn(request, this.#listening.hostname);
    const { pathname } = new URL(request.url);
    const file = this.#options.assets(pathname);
    if (file !== undefined) {
      requireMethod(request, "GET", "HEAD");
      return file;
    }
    if (pathname === "/events") {
      requireMethod(request, "GET");
      requireToken(request, this.#token);
      return this.#events();
    }
    const act = this.#actions[pathname];
    if (act === undefined) throw new Refusal(404, "There is nothing here");
    requireMethod(request, "POST");
    requireToken(request, this.#token);
    const signal = AbortSignal.timeout(MOST_MILLISECONDS);
    const body = await readBody(request, MOST_BYTES, signal);
    const text = utf8(body, "the body");
    return jsonAnswer(
      await act(text === "" ? {} : parseJson(text, "the body", "its text")) ??
        {},
    );
  }

  #events(): Response {
    const stream = this.#feed.open(this.#view.news());
    if (stream === undefined) {
      throw new Refusal(503, `Cannot show more than ${MOST_PAGES} pages`, {
        "retry-after": "10",
      });
    }
    return answer(stream, "text/event-stream");
  }

  /** What buttons do. */
  readonly #actions: Readonly<
    Record<string, (body: unknown) => unknown | Promise<unknown>>
  > = {
    "/pause": () => {
      this.#training().pause();
      this.#phase("paused");
    },
    "/resume": () => {
      this.#training().resume();
      this.#phase("training");
    },
    "/stop": async () => {
      await this.#watcher?.look("all");
      this.stopped = true;
      if (this.#run === undefined) this.#close();
      else this.#run.stop();
    },
    "/rate": (body) => {
      const { rate } = (body ?? {}) as { readonly rate?: unknown };
      const action = "set the learning rate";
      this.#training().setLearningRate(
        requireNonNegative(action, "rate", rate),
      );
    },
    "/save": async () => {
      const { save } = this.#options;
      if (save === undefined) {
        throw new Refusal(409, "Cannot save as no file was named: --save FILE");
      }
      return { saved: await save() };
    },
    "/predict": async (body) => {
      if (this.#predictions >= MOST_PREDICTIONS) {
        throw new Refusal(503, "Cannot predict as others wait: try again", {
          "retry-after": "1",
        });
      }
      this.#predictions++;
      try {
        return await answerTo(this.#options.mlp, body);
      } finally {
        this.#predictions--;
      }
    },
  };

  /** @throws {Refusal} With 409 if there is no training under way. */
  #training(): TrainingRun {
    if (this.#run !== undefined) return this.#run;
    throw new Refusal(409, "Cannot do that as no training is under way");
  }
}
