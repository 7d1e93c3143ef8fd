import { SystemError } from "../checks/errors.ts";
import { builtin } from "./builtins.ts";

/** The runtime's own: onnxruntime-web, for one, puts something else in its place when it computes. */
const { Worker: WebWorker } = globalThis;

/** A thread as the pool needs it. */
export interface Thread<To> {
  post(message: To): void;
  /** Whether the process waits for the thread before it ends. */
  keepAlive(yes: boolean): void;
  /** Ends it wherever it is, but for a call of native code: that one is finished first. */
  terminate(): void;
}

/** Who is told what becomes of a thread. */
export interface ThreadListener<From> {
  message(message: From): void;
  failed(error: Error): void;
  /** It is over, by itself or by an error. */
  ended(): void;
}

/**
 * Starts a thread that runs a module.
 *
 * Node's workers where there are some: they tell that they ended from the first moment on, and an idle one needn't keep
 * the process alive. Web Workers can do neither in Deno.
 *
 * @throws {Error} If the runtime has no threads.
 */
export function startThread<To, From>(
  entry: URL,
  name: string,
  listener: ThreadListener<From>,
): Thread<To> {
  const threads = builtin("node:worker_threads");
  if (threads !== undefined) {
    return startNodeThread(threads, entry, name, listener);
  }
  if (WebWorker === undefined) {
    throw new SystemError(
      "Cannot start the workers as this runtime has neither Web Workers nor those of Node",
    );
  }
  return startWebWorker(entry, name, listener);
}

function startNodeThread<To, From>(
  { Worker }: typeof import("node:worker_threads"),
  entry: URL,
  name: string,
  listener: ThreadListener<From>,
): Thread<To> {
  // Other protocols are refused, but a module may import them.
  const module = entry.protocol === "file:" || entry.protocol === "data:"
    ? entry
    : new URL(
      `data:text/javascript,${
        encodeURIComponent(`import ${JSON.stringify(entry.href)};`)
      }`,
    );
  // An environment of its own, as to copy this one would need the permission to read it.
  const worker = new Worker(module, { name, env: {} });
  worker.on("message", (message: From) => listener.message(message));
  worker.on("error", (error: Error) => listener.failed(error));
  worker.on("messageerror", (error: Error) => listener.failed(error));
  worker.on("exit", () => listener.ended());
  return {
    post: (message) => worker.postMessage(message),
    keepAlive: (yes) => yes ? worker.ref() : worker.unref(),
    terminate: () => void worker.terminate(),
  };
}

function startWebWorker<To, From>(
  entry: URL,
  name: string,
  listener: ThreadListener<From>,
): Thread<To> {
  const worker = new WebWorker(entry, { type: "module", name });
  worker.addEventListener("message", ({ data }) => listener.message(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    listener.failed(new Error(event.message, { cause: event.error }));
  });
  worker.addEventListener("messageerror", () => {
    listener.failed(new Error("a message can't be read"));
  });
  return {
    post: (message) => worker.postMessage(message),
    keepAlive: () => {},
    terminate: () => worker.terminate(),
  };
}
