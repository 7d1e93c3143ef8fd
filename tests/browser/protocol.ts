/**
 * Commands and events over a socket: of the [DevTools protocol](https://chromedevtools.github.io/devtools-protocol/), and
 * of [WebDriver BiDi](https://w3c.github.io/webdriver-bidi/), which looks the same but for its errors and sessions.
 */

// deno-lint-ignore no-explicit-any
type Any = any;

type Listener = (method: string, event: Any) => void;

/** A connection to a browser. */
export class Protocol {
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, PromiseWithResolvers<Any>>();
  readonly #listeners = new Map<string, Listener[]>();
  #last = 0;
  /** Resolved when the socket is closed. */
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = () => {
      for (const { reject } of this.#asked.values()) {
        reject(new Error("The browser has closed its socket"));
      }
      this.#asked.clear();
      resolve();
    };
  }

  /** Connects to an address, which the browser tells. */
  static async open(address: string): Promise<Protocol> {
    const socket = new WebSocket(address);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`No connection to ${address}`));
    await promise;
    socket.onerror = null;
    return new Protocol(socket);
  }

  #hear(
    { id, result, error, message, method, params, sessionId = "" }: Any,
  ): void {
    if (id === undefined) {
      for (const listener of this.#listeners.get(sessionId) ?? []) {
        listener(method, params);
      }
      return;
    }
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error.message ?? message));
  }

  /** Sends a command, of a page or of the browser, and returns its answer. */
  send(
    method: string,
    params: object = {},
    sessionId?: string,
  ): Promise<Any> {
    const id = ++this.#last;
    const asked = Promise.withResolvers<Any>();
    this.#asked.set(id, asked);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return asked.promise;
  }

  /** Hears all events of a page. */
  listen(session: string, listener: Listener): void {
    const all = this.#listeners.get(session) ?? [];
    this.#listeners.set(session, [...all, listener]);
  }

  /** The next event of a name. */
  next(session: string, name: string): Promise<Any> {
    return new Promise((resolve) =>
      this.listen(session, (method, event) => {
        if (method === name) resolve(event);
      })
    );
  }
}
