/**
 * Pictures of what people see, for people to look at: reports in both themes, on a phone and on paper, the page of a
 * training, and the demo. `deno task screenshots` writes them to the folder screenshots.
 */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildDemo } from "../../demo/build.ts";
import { serveFolder } from "../../demo/serve_folder.ts";
import { loadDataset, Mlp, trainingReport } from "../../mod.ts";
import { inFolder } from "../in_folder.ts";
import { reportsIn } from "../report/reports.ts";
import { BROWSER, Chromium, type View } from "./chromium.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const VIEWS: Readonly<Record<string, View>> = {
  light: { width: 1280 },
  dark: { width: 1280, scheme: "dark" },
  phone: { width: 360, scheme: "dark" },
  paper: { width: 700, media: "print" },
};

/** The report whose beginning is in the README. */
async function digitsReport(folder: string): Promise<string> {
  const data = await loadDataset("mnist");
  await using mlp = new Mlp({ layers: [784, 70, 30, 10] });
  const history = await mlp.fit(data.train, {
    ...{ epochs: 12, validationSplit: 0.1, timings: true },
  });
  const html = await trainingReport(mlp, {
    ...{ title: "Handwritten digits", history, test: data.test },
    image: { width: 28, height: 28 },
  });
  const path = join(folder, "digits.html");
  await Deno.writeTextFile(path, html);
  return path;
}

/** The page of a training, after some epochs. */
async function dashboard(browser: Chromium, to: string): Promise<void> {
  await using training = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-read", "--allow-net=127.0.0.1", "--no-prompt"],
      ...[join(ROOT, "src/cli/train.ts"), "--epochs", "100000"],
      ...["--dashboard", "--dashboard-port", "0", "--workers", "2"],
      ...["--validation-split", "0.1"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  for await (
    const part of training.stderr.pipeThrough(new TextDecoderStream())
  ) {
    said += part;
    const address = /http:\S+#\S+(?=\s)/.exec(said)?.[0];
    if (address === undefined) continue;
    const page = await browser.open(address, { width: 1280, height: 900 });
    const epoch = "document.querySelector('#place').textContent";
    await page.until(`Number(/epoch (\\d+)/.exec(${epoch})?.[1]) >= 12`);
    for (const scheme of ["light", "dark"] as const) {
      await page.show({ width: 1280, height: 900, scheme });
      await Deno.writeFile(
        join(to, `dashboard-${scheme}.png`),
        await page.screenshot(true),
      );
    }
    await page.show({ width: 1280, height: 1030 });
    await page.until("document.body.textContent.includes('between ops')");
    await Deno.writeFile(
      join(to, "readme-dashboard.png"),
      await page.screenshot(),
    );
    break;
  }
}

/** The demo, when it has trained, a one is drawn, and a table is learned. */
async function demo(browser: Chromium, folder: string, to: string) {
  const files = pathToFileURL(`${folder}/demo/`);
  await buildDemo(files);
  await using server = serveFolder(files, 0);
  const page = await browser.open(`http://127.0.0.1:${server.addr.port}/`, {
    width: 1280,
  });
  const ready = `document.querySelector("#train")?.disabled === false`;
  // Its service worker loads the page once more.
  await page.until(ready).catch(() => page.until(ready));
  await page.click("#train");
  await page.until(`document.querySelector("#runs td")`);
  await page.click("#table-example");
  await page.until(
    `document.querySelector("#table-target").value === "Species"`,
  );
  await page.click("#table-learn");
  await page.until(`document.querySelector("#table-result output")`);
  const [x, y] = await page.middle("canvas.pad");
  await page.drag([[x, y - 70], [x, y], [x, y + 70]]);
  await page.until(`document.querySelector("#try output").textContent === "1"`);
  for (const [view, how] of Object.entries(VIEWS)) {
    if (view === "paper") continue;
    await page.show(how);
    const file = join(to, `demo-${view}.png`);
    await Deno.writeFile(file, await page.screenshot(true));
  }
}

if (BROWSER === undefined) {
  console.error("Cannot take screenshots as there is no Chromium");
  Deno.exit(2);
}
const to = "screenshots";
await Deno.mkdir(to, { recursive: true });
await inFolder(async (folder) => {
  const paths = [await digitsReport(folder), ...await reportsIn(folder)];
  await using browser = await Chromium.start(folder);
  for (const path of paths) {
    const name = path.slice(folder.length + 1, -".html".length);
    for (const [view, how] of Object.entries(VIEWS)) {
      const page = await browser.open(pathToFileURL(path).href, how);
      const file = join(to, `report-${name}-${view}.png`);
      await Deno.writeFile(file, await page.screenshot(true));
    }
  }
  const [digits] = paths;
  const page = await browser.open(pathToFileURL(digits).href, {
    ...{ width: 1000, height: 900 },
  });
  await Deno.writeFile(join(to, "readme.png"), await page.screenshot());
  await dashboard(browser, to);
  await demo(browser, folder, to);
});
console.log(`Wrote pictures to '${to}'`);
