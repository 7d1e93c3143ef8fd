/** The page of a training in a browser, with a process that trains. */
import assert from "node:assert/strict";
import { Mlp } from "../../mod.ts";
import { CommandLine } from "../cli/command_line.ts";
import { inFolder } from "../in_folder.ts";
import { accessibility } from "./accessibility.ts";
import { BROWSER, Chromium, type Page } from "./chromium.ts";

const line = new CommandLine();

/** The task's permissions and option. */
const WATCH = ["--allow-read", "--allow-write=.", "--allow-net=127.0.0.1"];

/** Trains with a page, and ends the process that way or another. */
async function withPage(
  args: string,
  use: (address: string) => Promise<void>,
): Promise<string> {
  const child = line.start(
    "train",
    `${args} --dashboard --dashboard-port 0 --dashboard-stay --workers 2`,
    { permissions: WATCH },
  );
  const output = new Response(child.stdout).text();
  const found = Promise.withResolvers<string>();
  let said = "";
  const messages = child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write(text) {
        said += text;
        const address = /http:\S+#\S+(?=\s)/.exec(said)?.[0];
        if (address !== undefined) found.resolve(address);
      },
      close: () => found.reject(new Error(`The training has ended: ${said}`)),
    }),
  );
  try {
    await use(await found.promise);
  } finally {
    child.kill();
    await messages;
    await child.status;
  }
  return await output;
}

/** Draws a line on the pad, down from one place to another. */
async function draw(page: Page, from: number[], to: number[]): Promise<void> {
  const [left, top] = await page.evaluate<number[]>(`(() => {
    const pad = document.querySelector("canvas.pad");
    pad.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top } = pad.getBoundingClientRect();
    return [left, top];
  })()`);
  const steps = 10;
  for (let at = 0; at <= steps; at++) {
    const [x, y] = [0, 1].map((axis) =>
      from[axis] + (to[axis] - from[axis]) * at / steps
    );
    await page.send("Input.dispatchMouseEvent", {
      type: at === 0 ? "mousePressed" : "mouseMoved",
      ...{ x: left + x, y: top + y, button: "left", buttons: 1, clickCount: 1 },
    });
  }
  await page.send("Input.dispatchMouseEvent", {
    type: "mouseReleased",
    ...{ x: left + to[0], y: top + to[1], button: "left", clickCount: 1 },
  });
}

const text = (selector: string) =>
  `document.querySelector(${JSON.stringify(selector)}).textContent`;

/** The number of the epoch that the page shows. */
const EPOCH = `Number(/epoch (\\d+)/.exec(${text("#place")})?.[1] ?? 0)`;

Deno.test({
  name:
    "the page of a training on digits: curves move, a drawn 1 is 1, buttons do what they say, in both themes and all widths",
  ignore: BROWSER === undefined,
  fn: () =>
    inFolder(async (folder) => {
      await using browser = await Chromium.start(folder);
      const args = "--epochs 2000 --validation-split 0.1 --save digits.json";
      await withPage(args, async (address) => {
        const page = await browser.open(address, { width: 1440, height: 900 });
        await page.until(`${EPOCH} >= 12`);
        await page.until(`${text("#timeline .legend")}.includes("forward")`);
        await page.until(
          `document.querySelectorAll("#values h3").length === 3`,
        );
        await page.until(`${text("#times")}.includes("layer 3")`);
        assert.equal(
          await page.evaluate(`document.querySelectorAll(".uplot").length`),
          3,
        );
        await draw(page, [115, 35], [108, 190]);
        await page.until(`${text("#try output")} === "1"`);

        await page.click("#pause");
        await page.until(`${text("#phase")} === "paused"`);
        for (const scheme of ["light", "dark"] as const) {
          for (const width of [1440, 360]) {
            await page.show({ width, height: 900, scheme });
            assert.deepEqual(await accessibility(page), [], scheme);
            const wide = "document.documentElement.scrollWidth";
            assert.ok(await page.evaluate<number>(wide) <= width);
          }
        }
        const epoch = await page.evaluate<number>(EPOCH);
        // A page that is opened anew knows all that was before.
        await page.goTo(`${address.replace("#", "?#")}`);
        await page.until(`${text("#phase")} === "paused"`);
        assert.equal(await page.evaluate<number>(EPOCH), epoch);
        await page.evaluate(`document.querySelector("#rate-value").value = ""`);
        await page.click("#rate button");
        await page.until(
          `${text("#message")}.includes("current value is null")`,
        );
        await page.evaluate(
          `document.querySelector("#rate-value").value = 0.001`,
        );
        await page.click("#rate button");
        await page.until(`${text("#message")}.includes("0.001")`);
        await page.evaluate(`document.querySelector("#pause").focus()`);
        await page.press("Enter");
        await page.until(`${EPOCH} > ${epoch + 1}`);
        assert.ok(
          await page.evaluate<number>(
            `Number(document.querySelector("#rate-value").value)`,
          ) <= 0.001,
        );
        // A tab that is hidden lets go, and catches up when it is seen.
        await page.evaluate(`(() => {
          for (const hidden of [true, false]) {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
          }
        })()`);
        const seen = await page.evaluate<number>(EPOCH);
        await page.until(`${EPOCH} > ${seen + 1}`);
        await page.click("#save");
        await page.until(`${text("#message")} === "Wrote digits.json"`);
        assert.equal((await Mlp.load(line.path("digits.json"))).layers[0], 784);

        await page.evaluate(`window.confirm = () => true`);
        await page.click("#stop");
        await page.until(`${text("#place")}.includes("test accuracy")`);
        await page.until(`${text("#phase")} === "ended"`);
        await draw(page, [115, 35], [108, 190]);
        await page.until(`${text("#try output")} === "1"`);
        // An empty rate was refused.
        const others = page.problems.filter((one) =>
          !/ 400 .*\/rate$/.test(one)
        );
        assert.deepEqual(others, []);
        for (const url of page.requests) {
          assert.match(url, /^(http:\/\/127\.0\.0\.1:|data:)/);
        }
      });
    }),
});

Deno.test({
  name:
    "the page of a training on a table has a form, and the prediction beside it",
  ignore: BROWSER === undefined,
  fn: () =>
    inFolder(async (folder) => {
      await using browser = await Chromium.start(folder);
      line.write(
        "fruit.csv",
        "size,color,fruit\n" +
          Array.from({ length: 40 }, (_, at) =>
            at % 2 === 0
              ? `${7 + at % 3},${["red", "green"][at / 2 % 2]},apple\n`
              : `${18 + at % 3},${["yellow", "green"][at % 4 >> 1]},banana\n`)
            .join(""),
      );
      const args = "--dataset fruit.csv --hidden 4 --epochs 60 --quiet";
      await withPage(args, async (address) => {
        const page = await browser.open(address, { width: 360 });
        await page.until(`${text("#phase")} === "ended"`);
        assert.deepEqual(
          await page.evaluate(
            `[...document.querySelectorAll("#field-1 option")].map(({ value }) => value)`,
          ),
          ["", "green", "red", "yellow"],
        );
        const fill = (size: string, color: string) =>
          page.evaluate(`(() => {
            document.querySelector("#field-0").value = "${size}";
            const color = document.querySelector("#field-1");
            color.value = "${color}";
            color.dispatchEvent(new Event("input", { bubbles: true }));
          })()`);
        await fill("19", "yellow");
        await page.until(`${text("#try output")} === "banana"`);
        await fill("7", "red");
        await page.until(`${text("#try output")} === "apple"`);
        await fill("many", "red");
        await page.until(`${text("#try .error")}.includes("'many'")`);
        assert.deepEqual(await accessibility(page), []);
        await page.click("#stop");
      });
    }),
});
