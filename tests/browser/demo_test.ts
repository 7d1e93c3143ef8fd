/** The page that learns digits: isolated by its service worker, it trains and recognizes what is drawn, offline as well. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { buildDemo } from "../../demo/build.ts";
import { serveFolder } from "../../demo/serve_folder.ts";
import { FUSED_MODULE } from "../../src/runtime/fused.ts";
import { inFolder } from "../in_folder.ts";
import { accessibility } from "./accessibility.ts";
import { BROWSER, Chromium } from "./chromium.ts";
import { FIREFOX, Firefox } from "./firefox.ts";
import type { OpenPage } from "./open_page.ts";

const text = (selector: string) =>
  `document.querySelector(${JSON.stringify(selector)}).textContent`;

/** As narrow as phones are. */
const PHONE = { width: 360, height: 740 };

/** Awaits that the page may be used, which its service worker loads once more. */
async function ready(page: OpenPage): Promise<void> {
  const isReady =
    `crossOriginIsolated && document.querySelector("#train")?.disabled === false`;
  // The first look may be at the page that goes.
  await page.until(isReady).catch(() => page.until(isReady));
}

/** Trains, and looks at what is shown of it; returns what must be the same elsewhere. */
async function train(page: OpenPage) {
  const threads = navigator.hardwareConcurrency;
  await page.click("#train");
  await page.until(`document.querySelector("#runs td")`);
  assert.match(await page.evaluate(text("#state")), /^epoch 15 of 15 · loss 0/);
  const [workers, time, accuracy, sha256] = await page.evaluate<string[]>(
    `[...document.querySelectorAll("#runs td")].map((one) => one.title || one.textContent)`,
  );
  assert.equal(workers, `${threads}`);
  assert.match(time, /^\d+\.\d\d s$/);
  assert.ok(Number.parseFloat(accuracy) > 93, accuracy);
  const label = await page.evaluate<string>(
    `document.querySelector("#timeline canvas").ariaLabel`,
  );
  assert.match(label, /^\d+ workers?, which .*; longest: /);
  const legend = await page.evaluate<string>(text("#timeline .legend"));
  assert.match(legend, /(forward|backward): \w+ of layer 1 \d+\.\d %/);
  assert.match(await page.evaluate(text("#times")), /layer 3[\d.]+ ms/);
  const isFused = await page.evaluate(
    `WebAssembly.validate(new Uint8Array([${FUSED_MODULE}]))`,
  );
  return { accuracy, sha256, isFused };
}

/** Draws a one, which must be recognized, and clears the pad. */
async function draw(page: OpenPage, pointer: "mouse" | "touch") {
  const [x, y] = await page.middle("canvas.pad");
  await page.drag([[x, y - 70], [x, y], [x, y + 70]], pointer);
  await page.until(`${text("#try output")} === "1"`);
  await page.click("#try button");
  await page.until(`${text("#try output")} === "–"`);
}

/** Chooses a file of 40 rows as a person does. */
const CHOOSE = `(() => {
  const rows = Array.from({ length: 40 }, (_, n) => n + (n < 20 ? ",small" : ",large"));
  const data = new DataTransfer();
  data.items.add(new File([["size,kind", ...rows].join("\\n")], "sizes.csv"));
  const input = document.querySelector("#table-file");
  input.files = data.files;
  input.dispatchEvent(new Event("change"));
})()`;

/** Learns the table that the page has; returns what the page says of it, and the answer to the form's first row. */
async function learnTable(page: OpenPage, read: RegExp, target: string) {
  const state = text("#table-state");
  await page.until(`${read}.test(${state})`);
  await page.evaluate(
    `document.querySelector("#table-target").value = "${target}"`,
  );
  await page.click("#table-learn");
  await page.until(`/^epoch 60 /.test(${state})`);
  const found = /([\d.]+) % of rows held back are right$/.exec(
    await page.evaluate(state),
  );
  assert.ok(Number(found?.[1]) > 90, found?.[0]);
  await page.until(`document.querySelector("#table-result output")`);
  return await page.evaluate<string>(text("#table-result output"));
}

/** The page's width as it is, and as it may be. */
async function assertFits(page: OpenPage) {
  const [wide, room] = await page.evaluate<[number, number]>(
    `[document.scrollingElement.scrollWidth, innerWidth]`,
  );
  assert.equal(room, PHONE.width);
  assert.ok(wide <= room, `${wide} pixels`);
}

Deno.test({
  name:
    "the demo trains and recognizes in Chromium and Firefox, on a phone and offline, to the same bits",
  ignore: BROWSER === undefined && FIREFOX === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const files = pathToFileURL(`${folder}/demo/`);
      await buildDemo(files);
      await using server = serveFolder(files, 0);
      const { hostname, port } = server.addr;
      const url = `http://${hostname}:${port}/`;
      const results: Awaited<ReturnType<typeof train>>[] = [];
      if (FIREFOX !== undefined) {
        await using browser = await Firefox.start(folder);
        const page = await browser.open(url, PHONE);
        await ready(page);
        results.push(await train(page));
        await draw(page, "touch");
        await page.evaluate(CHOOSE);
        const read = /^sizes.csv: 40 rows of 2 columns$/;
        assert.equal(await learnTable(page, read, "kind"), "small");
        await assertFits(page);
        assert.deepEqual(page.problems, []);
      }
      if (BROWSER !== undefined) {
        await using browser = await Chromium.start(folder);
        const page = await browser.open(url);
        await ready(page);
        await server.shutdown();
        await assert.rejects(fetch(url), TypeError);
        await page.goTo(url);
        await ready(page);
        results.push(await train(page));
        await draw(page, "mouse");
        await page.click("#table-example");
        const read = /^penguins.csv: 344 rows of 7 columns$/;
        assert.equal(await learnTable(page, read, "Species"), "Adelie");
        assert.deepEqual(await accessibility(page), []);
        await page.show({ ...PHONE, scheme: "dark" });
        await draw(page, "touch");
        await assertFits(page);
        assert.deepEqual(await accessibility(page), []);
        assert.deepEqual(page.problems, []);
      }
      const [one, other] = [results[0], results.at(-1)!];
      // Without relaxed SIMD, last digits are others.
      if (one.isFused === other.isFused) assert.deepEqual(one, other);
      else assert.notEqual(one.sha256, other.sha256);
    }),
});
