import axe from "axe-core";
import type { Page } from "./chromium.ts";

/** What axe-core finds wrong with a page: rules and elements. */
export async function accessibility(page: Page): Promise<string[]> {
  await page.evaluate(`${axe.source}; undefined`);
  return await page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => id + ": " + target.join(" "))))`,
  );
}
