/** The page that learns digits, in Chromium: isolated by its service worker, it trains and recognizes what is drawn. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { buildDemo } from "../../demo/build.ts";
import { serveFolder } from "../../demo/serve_folder.ts";
import { inFolder } from "../in_folder.ts";
import { BROWSER, Chromium, type Page } from "./chromium.ts";

/** Draws a line as a person does, in pixels of the field. */
async function drawLine(page: Page, points: readonly [number, number][]) {
  const [left, top] = await page.evaluate<[number, number]>(`(() => {
    const canvas = document.querySelector("canvas");
    canvas.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top } = canvas.getBoundingClientRect();
    return [left, top];
  })()`);
  const types = ["mousePressed", ...points.slice(1).map(() => "mouseMoved")];
  for (const [at, [x, y]] of [...points, points.at(-1)!].entries()) {
    await page.send("Input.dispatchMouseEvent", {
      ...{ type: types[at] ?? "mouseReleased", x: left + x, y: top + y },
      ...{ button: "left", buttons: 1, clickCount: 1 },
    });
  }
}

Deno.test({
  name:
    "the demo trains on all cores in a page, and recognizes a digit that is drawn",
  ignore: BROWSER === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const files = pathToFileURL(`${folder}/demo/`);
      await buildDemo(files);
      await using server = serveFolder(files, 0);
      await using browser = await Chromium.start(folder);
      const { hostname, port } = server.addr;
      const page = await browser.open(`http://${hostname}:${port}/`);
      const ready =
        `crossOriginIsolated && document.querySelector("#train")?.disabled === false`;
      // The service worker loads the page once more, under the eyes of the first look.
      await page.until(ready).catch(() => page.until(ready));
      const threads = navigator.hardwareConcurrency;
      assert.equal(
        await page.evaluate(`document.querySelector("#where").textContent`),
        `4000 digits to learn, ${threads} threads`,
      );
      await page.click("#train");
      const state = `document.querySelector("#state").textContent`;
      await page.until(`/^epoch 10 /.test(${state})`);
      const text = await page.evaluate<string>(state);
      const [, accuracy] = /([\d.]+) % of 1000 other/.exec(text)!;
      assert.ok(Number(accuracy) > 85, text);
      await drawLine(page, [[140, 60], [140, 120], [140, 220]]);
      await page.until(`document.querySelector("#digit").textContent === "1"`);
      assert.deepEqual(page.problems, []);
    }),
});
