// @ts-check
/// <reference lib="dom" />
/** The page of a model that is served: what is drawn or filled in goes to `POST /predict`, as anybody's rows do. */
import { byId, numberOf } from "./paint.js";
import { TryIt } from "./try_it.js";

/** Characters of a request that are shown. */
const MOST_SHOWN = 1_500;

/** @param {Response} response */
async function jsonOf(response) {
  const found = await response.json();
  if (!response.ok) throw new Error(found.error);
  return found;
}

/** @param {unknown} error */
function tell(error) {
  const message = byId("message");
  message.hidden = false;
  message.textContent = /** @type {Error} */ (error).message;
}

async function start() {
  const model = await jsonOf(await fetch("model"));
  const { name, layers, task, byName } = model;
  byId("facts").textContent = `${name} · ${layers.join("–")} · ${task}`;
  document.title = name;
  new TryIt(byId("try"), model.asked, async (/** @type {any} */ asked) => {
    const { pixels, row } = asked;
    const one = pixels ?? (byName ? row : Object.values(row).map(numberOf));
    const body = JSON.stringify({ rows: [one] });
    showRequest(body);
    const { predictions: [found] } = await jsonOf(
      await fetch("predict", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      }),
    );
    return { task, ...found };
  });
}

/** @param {string} body */
function showRequest(body) {
  const text = body.length <= MOST_SHOWN
    ? body.replaceAll("'", "'\\''")
    : `${body.slice(0, MOST_SHOWN)}…`;
  byId("request").textContent = `curl ${new URL(
    "predict",
    location.href,
  )} -H 'content-type: application/json' \\\n  -d '${text}'`;
}

start().catch(tell);
