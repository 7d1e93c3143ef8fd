/** A training was interrupted by a signal of the system. */
export class Interrupted extends Error {
  readonly signal: Deno.Signal;
  /** Exit status that says so. */
  readonly status: number;

  constructor(signal: Deno.Signal, status: number) {
    super(`Interrupted by ${signal}`);
    this.name = "Interrupted";
    this.signal = signal;
    this.status = status;
  }
}

/** 128 and the number of the signal, as shells have it. */
const STATUS: Partial<Record<Deno.Signal, number>> = {
  SIGINT: 130,
  SIGTERM: 143,
};

/** Turns Ctrl-C and SIGTERM into an abort with {@linkcode Interrupted}, until it is disposed. */
export function listenForSignals(): Disposable & {
  readonly signal: AbortSignal;
} {
  const controller = new AbortController();
  const listeners = Object.entries(STATUS)
    // Windows has no SIGTERM that could be listened for.
    .filter(([name]) => name === "SIGINT" || Deno.build.os !== "windows")
    .map(([name, status]) => {
      const signal = name as Deno.Signal;
      const listener = () => controller.abort(new Interrupted(signal, status));
      Deno.addSignalListener(signal, listener);
      return { signal, listener };
    });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const { signal, listener } of listeners) {
        Deno.removeSignalListener(signal, listener);
      }
    },
  };
}
