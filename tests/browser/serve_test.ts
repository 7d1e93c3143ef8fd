/** The page of a model that is served. */
import assert from "node:assert/strict";
import { Mlp, TableEncoder } from "../../mod.ts";
import { ModelServer } from "../../src/serve/model_server.ts";
import { loadAssets } from "../../src/web/assets.ts";
import { inFolder } from "../in_folder.ts";
import { accessibility } from "./accessibility.ts";
import { BROWSER, Chromium } from "./chromium.ts";

Deno.test({
  name: "the page of a model asks for a row, and shows its prediction",
  ignore: BROWSER === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const rows = [
        { size: 1, color: "red", price: 10 },
        { size: 2, color: "green", price: 25 },
        { size: 4, color: "red", price: 30 },
      ];
      const encoder = await TableEncoder.fit(rows, { target: "price" });
      await using mlp = new Mlp({ encoder, hidden: [], workers: 1 });
      const server = new ModelServer({
        ...{ mlp, assets: await loadAssets("serve"), name: "prices.json" },
        predict: (x) => mlp.predict(x),
        ...{ hostname: "127.0.0.1", port: 0 },
        ...{ mostBytes: 1e5, mostRows: 10, mostMilliseconds: 60_000 },
      });
      await using browser = await Chromium.start(folder);
      const page = await browser.open(server.address, { width: 360 });
      const [found] = await mlp.predictTable([{ size: 3, color: "green" }]);
      assert.ok(found.task === "numbers");
      await page.until(`document.querySelector("#field-1") !== null`);
      await page.evaluate(`(() => {
        document.querySelector("#field-0").value = "3";
        const color = document.querySelector("#field-1");
        color.value = "green";
        color.dispatchEvent(new Event("input", { bubbles: true }));
      })()`);
      const shown = Number(found.values.price.toPrecision(4));
      await page.until(
        `document.querySelector("#try output").textContent === "${shown}"`,
      );
      const request = await page.evaluate<string>(
        `document.querySelector("#request").textContent`,
      );
      assert.match(
        request,
        /-d '\{"rows":\[\{"size":"3","color":"green"\}\]\}'/,
      );
      for (const scheme of ["light", "dark"] as const) {
        await page.show({ width: 360, scheme });
        assert.deepEqual(await accessibility(page), []);
      }
      assert.deepEqual(page.problems, []);
      await server.end();
    }),
});
