/** The page of docs/export.md, in a browser: Chromium from the system, if there is one. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Mlp } from "../../mod.ts";
import { inFolder } from "../in_folder.ts";
import { BROWSER, Chromium } from "./chromium.ts";

const PAGE = await Deno.readTextFile(
  new URL("../../docs/export.md", import.meta.url),
).then((text) => /```html\n([^]*?)```/.exec(text)![1]);

/** Where the page gets ONNX Runtime from, as the network is left out here. */
const CDN = "https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/";

const TYPES: Readonly<Record<string, string>> = {
  mjs: "text/javascript",
  wasm: "application/wasm",
};

/** Serves the page and what it needs, with the network of a file. */
function serve(model: string) {
  const runtime = dirname(
    fileURLToPath(import.meta.resolve("npm:onnxruntime-web@1.30.0/wasm")),
  );
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  return Deno.serve(options, async (request) => {
    const name = new URL(request.url).pathname.slice(1);
    if (name === "") {
      const page = PAGE.replace(CDN, "/");
      assert.notEqual(page, PAGE);
      return new Response(page, { headers: { "content-type": "text/html" } });
    }
    if (name === "iris.onnx") return new Response(await Deno.readFile(model));
    if (!/^[\w.-]+\.(mjs|wasm)$/.test(name)) {
      return new Response(null, { status: 204 });
    }
    return new Response(await Deno.readFile(join(runtime, name)), {
      headers: { "content-type": TYPES[name.split(".").at(-1)!] },
    });
  });
}

Deno.test({
  name:
    "the page in docs/export.md shows in a browser the class that the network tells",
  ignore: BROWSER === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const flower = [6.2, 2.9, 4.3, 1.3];
      const shown = new Set<string>();
      const model = join(folder, "iris.onnx");
      await using server = serve(model);
      await using browser = await Chromium.start(folder);
      // Two networks that predict different classes.
      for (const seed of [2, 3]) {
        await using mlp = new Mlp({
          preset: "article",
          layers: [4, 3],
          output: "softmax",
          seed,
        });
        await mlp.save(model);
        const [label] = await mlp.predictClasses([flower]);
        const page = await browser.open(
          `http://127.0.0.1:${server.addr.port}/`,
        );
        // The script is within the paragraph until it has run.
        await page.until(
          "/^[a-z]+$/.test(document.querySelector('p').textContent)",
        );
        const found = await page.evaluate<string>(
          "document.querySelector('p').textContent",
        );
        assert.equal(found, ["setosa", "versicolor", "virginica"][label]);
        assert.deepEqual(page.problems, []);
        shown.add(found);
      }
      assert.equal(shown.size, 2);
    }),
});
