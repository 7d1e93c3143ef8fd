/** The page that learns digits: isolated by its service worker, it trains and recognizes what is drawn. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { buildDemo } from "../../demo/build.ts";
import { serveFolder } from "../../demo/serve_folder.ts";
import { inFolder } from "../in_folder.ts";
import { BROWSER, Chromium } from "./chromium.ts";
import { FIREFOX, Firefox } from "./firefox.ts";
import type { OpenPage } from "./open_page.ts";

const STATE = `document.querySelector("#state").textContent`;

/** Awaits that the page may be used, which its service worker loads once more. */
async function ready(page: OpenPage): Promise<void> {
  const isReady =
    `crossOriginIsolated && document.querySelector("#train")?.disabled === false`;
  // The first look may be at the page that goes.
  await page.until(isReady).catch(() => page.until(isReady));
}

/** Trains and draws a one, which must be recognized; returns what the page says of the last epoch, without its time. */
async function trainAndDraw(
  page: OpenPage,
  pointer: "mouse" | "touch",
): Promise<string> {
  const threads = navigator.hardwareConcurrency;
  assert.equal(
    await page.evaluate(`document.querySelector("#where").textContent`),
    `4000 digits to learn, ${threads} threads`,
  );
  await page.click("#train");
  await page.until(`/^epoch 10 /.test(${STATE})`);
  const [, text, accuracy] = /^(.* ([\d.]+) % of 1000 other.*), [\d.]+ s$/
    .exec(await page.evaluate(STATE))!;
  assert.ok(Number(accuracy) > 85, text);
  const [x, y] = await page.middle("canvas");
  await page.drag([[x, y - 80], [x, y - 20], [x, y + 80]], pointer);
  await page.until(`document.querySelector("#digit").textContent === "1"`);
  assert.deepEqual(page.problems, []);
  return text;
}

Deno.test({
  name:
    "the demo trains on all cores in a page, and recognizes a digit that is drawn, to the same digits in each browser",
  ignore: BROWSER === undefined && FIREFOX === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const files = pathToFileURL(`${folder}/demo/`);
      await buildDemo(files);
      await using server = serveFolder(files, 0);
      const { hostname, port } = server.addr;
      const url = `http://${hostname}:${port}/`;
      const results = new Set<string>();
      if (BROWSER !== undefined) {
        await using browser = await Chromium.start(folder);
        const page = await browser.open(url);
        await ready(page);
        results.add(await trainAndDraw(page, "mouse"));
      }
      if (FIREFOX !== undefined) {
        await using browser = await Firefox.start(folder);
        const page = await browser.open(url, { width: 360 });
        await ready(page);
        results.add(await trainAndDraw(page, "touch"));
      }
      // Both have relaxed SIMD, without which last digits would be others.
      assert.equal(results.size, 1, [...results].join("\n"));
    }),
});
