/** Reports as they are seen: opened from a file, in both themes, narrow and wide, and on paper. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { inFolder } from "../in_folder.ts";
import { reportsIn } from "../report/reports.ts";
import { accessibility } from "./accessibility.ts";
import { BROWSER, Chromium } from "./chromium.ts";

const BACKGROUND = "getComputedStyle(document.body).backgroundColor";

/** What is drawn or written beyond its own picture or page, by its text. */
const BEYOND =
  `[...document.querySelectorAll(".chart text")].flatMap((text) => {
  const [one, all] = [text, text.closest("svg")].map((element) =>
    element.getBoundingClientRect());
  return one.left < all.left - 1 || one.right > all.right + 1 ||
    one.top < all.top - 1 || one.bottom > all.bottom + 1 ? [text.textContent] : [];
})`;

/** Texts of a picture that lie over each other, but for counts in their cells. */
const OVERLAPS = `[...document.querySelectorAll(".chart")].flatMap((chart) => {
  const all = [...chart.querySelectorAll("text:not([transform])")].map((text) =>
    [text.textContent, text.getBoundingClientRect()]);
  return all.flatMap(([one, a], at) => all.slice(at + 1).flatMap(([other, b]) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4
      ? [one + " | " + other] : []));
})`;

Deno.test({
  name:
    "reports ask for nothing, fit phones and screens, can be read by all, and are light on paper",
  ignore: BROWSER === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const paths = await reportsIn(folder);
      await using browser = await Chromium.start(folder);
      for (const path of paths) {
        const url = pathToFileURL(path).href;
        const page = await browser.open(url, { width: 1440 });
        const asked = page.requests.filter((one) => !one.startsWith("data:"));
        assert.deepEqual(asked, [url]);
        for (const scheme of ["light", "dark"] as const) {
          for (const width of [1440, 360]) {
            await page.show({ width, scheme });
            const what = `${path} ${scheme} ${width}`;
            const wide = "document.documentElement.scrollWidth";
            assert.equal(await page.evaluate(wide), width, what);
            assert.deepEqual(await page.evaluate(BEYOND), [], what);
            assert.deepEqual(await page.evaluate(OVERLAPS), [], what);
          }
          // It takes most of the time, and the colors of all are the same.
          if (path === paths[0] || scheme === "dark") {
            assert.deepEqual(await accessibility(page), [], scheme);
          }
          const background = await page.evaluate<string>(BACKGROUND);
          assert.equal(background === "rgb(255, 255, 255)", scheme === "light");
        }
        await page.show({ width: 700, scheme: "dark", media: "print" });
        assert.equal(await page.evaluate(BACKGROUND), "rgb(255, 255, 255)");
        const nav = "getComputedStyle(document.querySelector('nav')).display";
        assert.equal(await page.evaluate(nav), "none");
        assert.deepEqual(page.problems, []);
      }
      assert.equal(paths.length, 4);
    }),
});
