/** The page that sections are put into: one file that asks for nothing, and runs nothing. */
import { Markup, markup } from "../charts/markup.ts";
import { base64 } from "../runtime/deflate.ts";
import type { Section } from "./section.ts";
import { PAGE_STYLE } from "./style.ts";

/** No scripts, no requests, no other style sheet than the page's own; images are in the page itself. */
async function policy(): Promise<Markup> {
  const style = new TextEncoder().encode(PAGE_STYLE);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", style));
  return new Markup(
    `default-src 'none'; img-src data:; style-src 'sha256-${
      base64(hash)
    }'; base-uri 'none'; form-action 'none'`,
  );
}

/** Makes a page. */
export async function pageOf(
  title: string,
  under: string,
  sections: readonly Section[],
): Promise<string> {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${await policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="under">${under}</p>
<nav aria-label="Sections"><ul>${
    sections.map(({ name, title }) =>
      markup`<li><a href="#${name}">${title}</a></li>`
    )
  }</ul></nav>
</header>
<main>
${
    sections.map(({ name, title, content }) =>
      markup`<section id="${name}" aria-labelledby="${name}-title">
<h2 id="${name}-title">${title}</h2>
${content}
</section>
`
    )
  }</main>
<footer>Made by Lockstep. This page loads nothing and runs no script.</footer>
</body>
</html>
`.text;
}
