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

/** 128 and the number of the signal, as shells have it. SIGHUP comes when a terminal is closed. */
const STATUS: Partial<Record<Deno.Signal, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/**
 * The signal that ends the process at once. The second must not: one Ctrl-C may come twice, from the terminal and from a
 * process between it and this one, and it must not break off what the first has made to be written.
 */
const AT_ONCE = 3;

/**
 * Turns the first signal that asks to end into an abort with {@linkcode Interrupted}. Until it is disposed, another one
 * changes nothing, but the third ends the process.
 */
export function listenForSignals(): Disposable & {
  readonly signal: AbortSignal;
} {
  const controller = new AbortController();
  let count = 0;
  const listeners = Object.entries(STATUS)
    // Windows has no SIGTERM that could be listened for.
    .filter(([name]) => name === "SIGINT" || Deno.build.os !== "windows")
    .map(([name, status]) => {
      const signal = name as Deno.Signal;
      const listener = () => {
        count++;
        if (count === 1) controller.abort(new Interrupted(signal, status));
        if (count === AT_ONCE) Deno.exit(status);
      };
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
