/**
 * Firefox from the system, driven by [WebDriver BiDi](https://w3c.github.io/webdriver-bidi/) over a socket of this
 * machine, as `chromium.ts` drives Chromium.
 */
import { join } from "node:path";
import { BrowserProcess, startBrowser } from "./browser_process.ts";
import { firstFile, OpenPage } from "./open_page.ts";
import { Protocol } from "./protocol.ts";

/** Where Debian has it. */
const FIREFOXES = [
  "/usr/lib/firefox-esr/firefox-esr",
  "/usr/lib/firefox/firefox",
];

/** Where the browser is; `undefined` if there is none, and tests with it are left out. */
export const FIREFOX = firstFile(FIREFOXES);

/** Said once: a test that is left out should not go unnoticed. */
if (FIREFOX === undefined) {
  console.warn("There is no Firefox here: its tests are left out");
}

/** A page that is open. */
export class FirefoxPage extends OpenPage {
  readonly #protocol: Protocol;
  readonly #context: string;

  constructor(protocol: Protocol, context: string) {
    super();
    this.#protocol = protocol;
    this.#context = context;
    protocol.listen("", (method, event) => this.#hear(method, event));
  }

  // deno-lint-ignore no-explicit-any
  #hear(method: string, event: any): void {
    if (method === "network.beforeRequestSent") {
      if (event.context === this.#context) {
        this.requests.push(event.request.url);
      }
    } else if (method === "log.entryAdded") {
      if (event.source.context !== this.#context) return;
      if (event.level === "error" || event.level === "warn") {
        this.problems.push(event.text);
      }
    }
  }

  /** Sends a command about this page. */
  // deno-lint-ignore no-explicit-any
  send(method: string, parameters: object = {}): Promise<any> {
    return this.#protocol.send(method, {
      context: this.#context,
      ...parameters,
    });
  }

  /** Goes to an address, and awaits that everything there is loaded. */
  async goTo(url: string): Promise<void> {
    await this.send("browsingContext.navigate", { url, wait: "complete" });
  }

  /** Shows the page in another size, in CSS pixels. */
  async show({ width = 1280, height = 800 }): Promise<void> {
    const viewport = { width, height };
    await this.send("browsingContext.setViewport", { viewport });
  }

  override async evaluate<T>(expression: string): Promise<T> {
    // As JSON, for the protocol has values of its own.
    const { result, exceptionDetails } = await this.#protocol.send(
      "script.evaluate",
      {
        expression: `(async () => JSON.stringify(await (${expression})))()`,
        ...{ target: { context: this.#context }, awaitPromise: true },
      },
    );
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value ?? "null");
  }

  override async drag(
    points: readonly (readonly [number, number])[],
    pointer: "mouse" | "touch" = "mouse",
  ): Promise<void> {
    const [first, ...others] = points.map(([x, y]) => ({
      ...{ type: "pointerMove", x: Math.round(x), y: Math.round(y) },
    }));
    const parameters = { pointerType: pointer };
    await this.send("input.performActions", {
      actions: [{
        ...{ type: "pointer", id: pointer, parameters },
        actions: [
          ...[first, { type: "pointerDown", button: 0 }, ...others],
          { type: "pointerUp", button: 0 },
        ],
      }],
    });
  }

  /** A picture of what is shown, or of the whole page, as PNG. */
  async screenshot(whole = false): Promise<Uint8Array<ArrayBuffer>> {
    const { data } = await this.send("browsingContext.captureScreenshot", {
      origin: whole ? "document" : "viewport",
    });
    return Uint8Array.fromBase64(data);
  }
}

/** A browser that runs, with a profile of its own. */
export class Firefox extends BrowserProcess {
  protected override readonly closing = "browser.close";

  /** Starts one that keeps its profile in a folder, which the caller removes after it. */
  static async start(folder: string): Promise<Firefox> {
    const profile = join(folder, "firefox");
    await Deno.mkdir(profile);
    const started = await startBrowser(FIREFOX!, [
      ...["--headless", "--no-remote", "--profile", profile],
      ...["--remote-debugging-port", "0"],
    ], /WebDriver BiDi listening on (ws:\S+)\s/);
    const protocol = await Protocol.open(`${started.address}/session`);
    await protocol.send("session.new", { capabilities: {} });
    await protocol.send("session.subscribe", {
      events: ["log.entryAdded", "network.beforeRequestSent"],
    });
    return new Firefox(started, protocol);
  }

  /** Opens a page. */
  async open(
    url: string,
    view: { width?: number; height?: number } = {},
  ): Promise<FirefoxPage> {
    const { context } = await this.protocol.send("browsingContext.create", {
      type: "tab",
    });
    const page = new FirefoxPage(this.protocol, context);
    await page.show(view);
    await page.goTo(url);
    return page;
  }
}
