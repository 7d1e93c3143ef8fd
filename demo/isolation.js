// @ts-check
/// <reference lib="dom" />
/** Files that stay for when there is no network, and headers that hosts may lack: both by the service worker. */

const MARK = "isolating";

/** Has the page kept and isolated; where that takes one more load, it doesn't come back. */
export async function isolate() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("service_worker.js");
    if (crossOriginIsolated) return sessionStorage.removeItem(MARK);
    // Loaded once more: where that doesn't help, the page's own thread trains.
    if (sessionStorage.getItem(MARK) !== null) return;
    sessionStorage.setItem(MARK, "yes");
    await navigator.serviceWorker.ready;
  } catch (error) {
    // Such as in a private window: nothing is kept.
    console.info(error);
    return;
  }
  location.reload();
  await new Promise(() => {});
}
