/** The page of docs/export.md, in a browser: Chromium from the system, if there is one. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Mlp } from "../mod.ts";
import { inFolder } from "./in_folder.ts";

/** Debian's binary first, without its wrapper script, which needs other programs. */
const BROWSERS = ["/usr/lib/chromium/chromium", "/opt/google/chrome/chrome"];

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const BROWSER = BROWSERS.find(exists);

const PAGE = await Deno.readTextFile(
  new URL("../docs/export.md", import.meta.url),
).then((text) => /```html\n([^]*?)```/.exec(text)![1]);

/** Where the page gets ONNX Runtime from, as the network is left out here. */
const CDN = "https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/";

/** Tells the server what the page shows, or why it shows nothing. */
const REPORT = `<script>
const send = (path, text) => fetch(path, { method: "POST", body: text });
addEventListener("error", (event) => send("/failed", event.message));
addEventListener("unhandledrejection", ({ reason }) => send("/failed", String(reason)));
const p = document.querySelector("p");
new MutationObserver(() => send("/shown", p.textContent))
  .observe(p, { childList: true });
</script>`;

const TYPES: Readonly<Record<string, string>> = {
  mjs: "text/javascript",
  wasm: "application/wasm",
};

/** What a browser shows if it opens the page in a folder with the file of the network. */
async function shownFor(mlp: Mlp, folder: string): Promise<string> {
  const model = join(folder, "iris.onnx");
  await mlp.save(model);
  const runtime = dirname(
    fileURLToPath(import.meta.resolve("npm:onnxruntime-web@1.30.0/wasm")),
  );
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  await using server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
  }, async (request) => {
    const { pathname } = new URL(request.url);
    const name = pathname.slice(1);
    if (name === "shown") resolve(await request.text());
    else if (name === "failed") reject(new Error(await request.text()));
    else if (name === "") {
      const page = PAGE.replace(CDN, "/");
      assert.notEqual(page, PAGE);
      return new Response(page + REPORT, {
        headers: { "content-type": "text/html" },
      });
    } else if (name === "iris.onnx") {
      return new Response(await Deno.readFile(model));
    } else if (/^[\w.-]+\.(mjs|wasm)$/.test(name)) {
      return new Response(await Deno.readFile(join(runtime, name)), {
        headers: { "content-type": TYPES[name.split(".").at(-1)!] },
      });
    }
    return new Response(null, { status: 204 });
  });

  const browser = new Deno.Command(BROWSER!, {
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update"],
      ...["--disable-sync", `--user-data-dir=${join(folder, "profile")}`],
      `http://127.0.0.1:${server.addr.port}/`,
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  // Ends when the last process of the browser does.
  const messages = new Response(browser.stderr).text();
  let running = true;
  const ended = browser.status.then(async ({ code }) => {
    running = false;
    throw new Error(`The browser ended, status ${code}: ${await messages}`);
  });
  // A page that reports nothing must not block the tests for ever.
  const deadline = setTimeout(() => browser.kill(), 60_000);
  try {
    return await Promise.race([promise, ended]);
  } finally {
    clearTimeout(deadline);
    ended.catch(() => {});
    if (running) browser.kill();
    await messages;
  }
}

Deno.test({
  name:
    "the page in docs/export.md shows in a browser the class that the network tells",
  ignore: BROWSER === undefined,
  async fn() {
    const flower = [6.2, 2.9, 4.3, 1.3];
    const shown = new Set<string>();
    // Two networks that predict different classes.
    for (const seed of [2, 3]) {
      await using mlp = new Mlp({
        preset: "article",
        layers: [4, 3],
        output: "softmax",
        seed,
      });
      const [label] = await mlp.predictClasses([flower]);
      const found = await inFolder((folder) => shownFor(mlp, folder));
      assert.equal(found, ["setosa", "versicolor", "virginica"][label]);
      shown.add(found);
    }
    assert.equal(shown.size, 2);
  },
});
