/** Gives answers of any static server the headers that isolate a page, so that its workers can share memory. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

async function isolated(request) {
  const { status, statusText, headers, body } = await fetch(request);
  const all = { ...Object.fromEntries(headers), ...HEADERS };
  return new Response(body, { status, statusText, headers: all });
}

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener(
  "fetch",
  (event) => event.respondWith(isolated(event.request)),
);
