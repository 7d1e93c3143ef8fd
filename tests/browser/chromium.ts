/**
 * Chromium from the system, driven by its own protocol over a socket of this machine: what tests need of a page, and no
 * package, as those that drive browsers want all permissions.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { BrowserProcess, startBrowser } from "./browser_process.ts";
import { firstFile, OpenPage } from "./open_page.ts";
import { Protocol } from "./protocol.ts";

/** Debian's binary first, without its wrapper script, which needs other programs. */
const BROWSERS = ["/usr/lib/chromium/chromium", "/opt/google/chrome/chrome"];

/** Where the browser is; `undefined` if there is none, and tests with it are left out. */
export const BROWSER = firstFile(BROWSERS);

/** How a page is shown. */
export interface View {
  /** In CSS pixels; default: 1280 by 800. */
  readonly width?: number;
  readonly height?: number;
  /** What the reader prefers; default: light. */
  readonly scheme?: "light" | "dark";
  readonly media?: "screen" | "print";
}

/** A page that is open. */
export class Page extends OpenPage {
  readonly #protocol: Protocol;
  readonly #session: string;

  constructor(protocol: Protocol, session: string) {
    super();
    this.#protocol = protocol;
    this.#session = session;
    protocol.listen(session, (method, event) => this.#hear(method, event));
  }

  // deno-lint-ignore no-explicit-any
  #hear(method: string, event: any): void {
    if (method === "Network.requestWillBeSent") {
      this.requests.push(event.request.url);
    } else if (method === "Runtime.exceptionThrown") {
      const { exception, text } = event.exceptionDetails;
      this.problems.push(exception?.description ?? text);
    } else if (method === "Runtime.consoleAPICalled") {
      if (!["error", "warning", "assert"].includes(event.type)) return;
      // deno-lint-ignore no-explicit-any
      const words = event.args.map((arg: any) => arg.value ?? arg.description);
      this.problems.push(words.join(" "));
    } else if (method === "Log.entryAdded") {
      const { level, text, url } = event.entry;
      if (level === "error" || level === "warning") {
        this.problems.push(`${text} ${url ?? ""}`);
      }
    }
  }

  /** Sends a command of the [protocol](https://chromedevtools.github.io/devtools-protocol/). */
  // deno-lint-ignore no-explicit-any
  send(method: string, parameters: object = {}): Promise<any> {
    return this.#protocol.send(method, parameters, this.#session);
  }

  /** Goes to an address, and awaits that everything there is loaded. */
  async goTo(url: string): Promise<void> {
    const loaded = this.#protocol.next(this.#session, "Page.loadEventFired");
    const { errorText } = await this.send("Page.navigate", { url });
    assert.equal(errorText, undefined, url);
    await loaded;
  }

  /** Shows the page otherwise. */
  async show(view: View): Promise<void> {
    const { width = 1280, height = 800, scheme = "light" } = view;
    await this.send("Emulation.setDeviceMetricsOverride", {
      ...{ width, height, deviceScaleFactor: 1, mobile: false },
    });
    await this.send("Emulation.setEmulatedMedia", {
      media: view.media ?? "screen",
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
  }

  override async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      ...{ expression, awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails !== undefined) {
      const { exception, text } = exceptionDetails;
      throw new Error(exception?.description ?? text);
    }
    return result.value;
  }

  override async drag(
    points: readonly (readonly [number, number])[],
    pointer: "mouse" | "touch" = "mouse",
  ): Promise<void> {
    const types = pointer === "mouse"
      ? ["mousePressed", "mouseMoved", "mouseReleased"]
      : ["touchStart", "touchMove", "touchEnd"];
    for (const [at, [x, y]] of [...points, points.at(-1)!].entries()) {
      const type = types[at === 0 ? 0 : at === points.length ? 2 : 1];
      await (pointer === "mouse"
        ? this.send("Input.dispatchMouseEvent", {
          ...{ type, x, y, button: "left", buttons: 1, clickCount: 1 },
        })
        : this.send("Input.dispatchTouchEvent", {
          ...{ type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] },
        }));
    }
  }

  /** Presses a key, such as `Tab` or `Enter`. */
  async press(key: string): Promise<void> {
    const code = { Tab: 9, Enter: 13, Escape: 27, " ": 32 }[key] ?? 0;
    const text = key === "Enter" ? "\r" : key.length === 1 ? key : "";
    const pressed = { key, windowsVirtualKeyCode: code };
    await this.send("Input.dispatchKeyEvent", {
      ...{ type: text === "" ? "rawKeyDown" : "keyDown", ...pressed },
      ...(text === "" ? {} : { text }),
    });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...pressed });
  }

  /** A picture of what is shown, or of the whole page, as PNG. */
  async screenshot(whole = false): Promise<Uint8Array<ArrayBuffer>> {
    const { data } = await this.send("Page.captureScreenshot", {
      captureBeyondViewport: whole,
      ...(whole ? { clip: { ...await this.#size(), scale: 1 } } : {}),
    });
    return Uint8Array.fromBase64(data);
  }

  async #size(): Promise<object> {
    const { cssContentSize } = await this.send("Page.getLayoutMetrics");
    return cssContentSize;
  }
}

/** A browser that runs, with a profile of its own. */
export class Chromium extends BrowserProcess {
  protected override readonly closing = "Browser.close";

  /** Starts one that keeps its profile in a folder, which the caller removes after it. */
  static async start(folder: string): Promise<Chromium> {
    const started = await startBrowser(BROWSER!, [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
      ...["--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync"],
      ...["--hide-scrollbars", "--disable-dev-shm-usage"],
      ...["--remote-debugging-port=0", "--force-color-profile=srgb"],
      `--user-data-dir=${join(folder, "profile")}`,
    ], /DevTools listening on (ws:\S+)\s/);
    return new Chromium(started, await Protocol.open(started.address));
  }

  /** Opens a page. */
  async open(url: string, view: View = {}): Promise<Page> {
    const { protocol } = this;
    const { targetId } = await protocol.send("Target.createTarget", {
      url: "about:blank",
    });
    const { sessionId } = await protocol.send("Target.attachToTarget", {
      ...{ targetId, flatten: true },
    });
    const page = new Page(protocol, sessionId);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) {
      await page.send(`${domain}.enable`);
    }
    await page.show(view);
    await page.goTo(url);
    return page;
  }
}
