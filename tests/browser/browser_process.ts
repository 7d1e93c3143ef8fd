/** A browser that runs, whichever it is: started, listened to, and ended. */
import type { Protocol } from "./protocol.ts";

/** Where a browser that was started listens, and its process. */
export interface Started {
  readonly child: Deno.ChildProcess;
  readonly address: string;
  /** Settles when the browser has said its last. */
  readonly messages: Promise<void>;
}

/**
 * Starts a browser.
 *
 * @param listening What it says when it listens, with the address as its group.
 */
export async function startBrowser(
  path: string,
  args: string[],
  listening: RegExp,
): Promise<Started> {
  const child = new Deno.Command(path, {
    ...{ args, stdout: "null", stderr: "piped" },
  }).spawn();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = "";
  // To its end, as a full pipe would hold the browser up.
  const messages = child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write(text) {
        said += text;
        const found = listening.exec(said);
        if (found !== null) resolve(found[1]);
      },
      close: () => reject(new Error(`The browser has ended: ${said}`)),
    }),
  );
  return { child, address: await promise, messages };
}

/** A browser that runs, with a profile of its own. */
export abstract class BrowserProcess implements AsyncDisposable {
  readonly #started: Started;
  protected readonly protocol: Protocol;
  /** The command that ends it. */
  protected abstract readonly closing: string;

  constructor(started: Started, protocol: Protocol) {
    this.#started = started;
    this.protocol = protocol;
  }

  /** Ends the browser, and awaits the last of its processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.protocol.send(this.closing);
    // The socket may be closed before the answer is there.
    await ended.catch(() => {});
    await this.protocol.closed;
    await this.#started.child.status;
    await this.#started.messages;
  }
}
