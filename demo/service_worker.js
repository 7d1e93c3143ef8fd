/** Keeps the page's files for when there is no network, and adds the headers that isolate a page, so that its workers share memory. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const FILES = ["./", "main.js", "style.css", "digits.bin", "penguins.csv"];

const opened = () => caches.open("lockstep-demo");

/** From the network, or else what was kept. */
async function found(request) {
  const cache = await opened();
  let response;
  try {
    response = await fetch(request);
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept === undefined) throw error;
    return kept;
  }
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

async function isolated(request) {
  const { status, statusText, headers: all, body } = await found(request);
  const headers = new Headers(all);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(opened().then((cache) => cache.addAll(FILES)));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const isOurs = method === "GET" && new URL(url).origin === location.origin;
  if (isOurs) event.respondWith(isolated(event.request));
});
