/** The other end of a thread, as the thread sees it. */
import { builtin, IN_DENO } from "./builtins.ts";

/** Whom a worker answers. */
export interface WorkerPort<To, From> {
  post(message: From): void;
  onMessage(use: (message: To) => void): void;
}

/** The pool that made this thread. Node's threads have a port for it, all others are one themselves. */
export function workerPort<To, From>(): WorkerPort<To, From> {
  const parent = IN_DENO
    ? undefined
    : builtin("node:worker_threads")?.parentPort ?? undefined;
  if (parent !== undefined) {
    return {
      post: (message) => parent.postMessage(message),
      onMessage: (use) => parent.on("message", use),
    };
  }
  // Under the type that both ends share: Node's workers in Deno have no `self`.
  const self = globalThis as unknown as Pick<
    Worker,
    "postMessage" | "addEventListener"
  >;
  return {
    post: (message) => self.postMessage(message),
    onMessage: (use) =>
      self.addEventListener("message", ({ data }: MessageEvent) => use(data)),
  };
}
