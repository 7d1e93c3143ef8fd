/** The files of the pages: these and no others, whatever a request names. */
import { StateError } from "../checks/errors.ts";
import charts from "./page/charts.js" with { type: "text" };
import dashboard from "./page/dashboard.js" with { type: "text" };
import dashboardPage from "./page/dashboard.html" with { type: "text" };
import digit from "./page/digit.js" with { type: "text" };
import form from "./page/form.js" with { type: "text" };
import layers from "./page/layers.js" with { type: "text" };
import paint from "./page/paint.js" with { type: "text" };
import serve from "./page/serve.js" with { type: "text" };
import servePage from "./page/serve.html" with { type: "text" };
import style from "./page/style.css" with { type: "text" };
import timeline from "./page/timeline.js" with { type: "text" };
import tryIt from "./page/try_it.js" with { type: "text" };
import { answer } from "./responses.ts";

const [CSS, HTML, JS] = ["text/css", "text/html", "text/javascript"];

/** Draws curves; a constant of its own, so that nobody downloads it who shows no page. */
const UPLOT = "npm:uplot@1.6.32";

/** Name of a page. */
export type PageName = "dashboard" | "serve";

const PAGES: Readonly<Record<PageName, string>> = {
  dashboard: dashboardPage,
  serve: servePage,
};

const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  "/serve.js": [JS, serve],
  "/style.css": [CSS, style],
  "/charts.js": [JS, charts],
  "/dashboard.js": [JS, dashboard],
  "/digit.js": [JS, digit],
  "/form.js": [JS, form],
  "/layers.js": [JS, layers],
  "/paint.js": [JS, paint],
  "/timeline.js": [JS, timeline],
  "/try_it.js": [JS, tryIt],
};

/** A function that answers requests for files; nothing if there is none of that name. */
export type Assets = (path: string) => Response | undefined;

/**
 * Reads what a page needs.
 *
 * @throws {StateError} If uPlot is neither in the cache nor can be downloaded.
 */
export async function loadAssets(page: PageName): Promise<Assets> {
  const files = new Map(Object.entries(FILES));
  files.set("/", [HTML, PAGES[page]]);
  if (page === "dashboard") {
    try {
      // Brings it to the cache.
      await import(UPLOT);
      const folder = `${UPLOT}/dist`;
      const [js, css] = ["uPlot.esm.js", "uPlot.min.css"].map((name) =>
        Deno.readTextFile(new URL(import.meta.resolve(`${folder}/${name}`)))
      );
      files.set("/uplot.js", [JS, await js]);
      files.set("/uplot.css", [CSS, await css]);
    } catch (cause) {
      const { message } = cause as Error;
      throw new StateError(
        `Cannot show the page as ${UPLOT} can't be read: ${message}`,
        { cause },
      );
    }
  }
  return (path) => {
    const found = files.get(path);
    return found && answer(found[1], `${found[0]}; charset=utf-8`);
  };
}
