// @ts-check
/// <reference lib="dom" />
/** The page of a training: what comes from the server is shown, and its buttons do something. */
import { Chart } from "./charts.js";
import { LayerValues, showImages } from "./layers.js";
import { byId, numberOf, short } from "./paint.js";
import { showTimes, Timeline } from "./timeline.js";
import { TryIt } from "./try_it.js";

const token = location.hash.slice(1);

/** Points of a curve; of more, two side by side become one. */
const MOST_POINTS = 6_000;

/**
 * Sends something to the server.
 * @param {string} path
 * @param {object} [body]
 */
async function send(path, body = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "x-token": token },
    body: JSON.stringify(body),
  });
  const found = await response.json();
  if (!response.ok) throw new Error(found.error);
  return found;
}

/**
 * @param {string} text
 * @param {"good" | "bad"} [kind]
 */
function tell(text, kind = "bad") {
  const message = byId("message");
  message.textContent = text;
  message.dataset.kind = kind;
  message.hidden = text === "";
}

const loss = new Chart(byId("loss"), {
  x: "epoch",
  what: "Loss of each epoch",
  curves: [
    { label: "training", color: "first" },
    { label: "validation", color: "second" },
  ],
});
const score = new Chart(byId("score"), {
  x: "epoch",
  what: "Accuracy of each epoch",
  curves: [
    { label: "training", color: "first" },
    { label: "validation", color: "second" },
  ],
});
const batches = new Chart(byId("batches"), {
  x: "batch",
  what: "Loss of each batch",
  curves: [{ label: "loss", color: "first" }],
});
const timeline = new Timeline(byId("timeline"));
const values = new LayerValues(byId("values"));
/** @type {TryIt | undefined} */
let tryIt;

/** What was told so far. */
const state = {
  /** @type {any} */
  hello: {},
  /** @type {any} */
  now: {},
  /** @type {any[]} */
  epochs: [],
  /** @type {number[][]} */
  batches: [[], []],
  result: /** @type {any} */ (undefined),
};

/** @param {any} told */
function receive(told) {
  if (told.hello) greet(told.hello);
  if (told.epochs?.length) addEpochs(told.epochs);
  if (told.batches?.[0].length) addBatches(told.batches);
  if (told.spans) {
    timeline.show(told.spans);
    if (!timeline.held) showTimes(byId("times"), told.spans);
  }
  if (told.values) {
    values.show(told.values.layers);
    byId("images-section").hidden = told.values.images === undefined;
    if (told.values.images) showImages(byId("images"), told.values.images);
  }
  if (told.result) state.result = told.result;
  if (told.now) state.now = told.now;
  showNow();
  if (told.values || told.epochs?.length) tryIt?.refresh();
}

/** @param {any} hello */
function greet(hello) {
  const isFirst = state.hello.asked === undefined;
  Object.assign(state, { hello, epochs: [], batches: [[], []] });
  const { layers, dataset, workers, trainSamples, batchSize, seed } = hello;
  byId("facts").textContent = [
    dataset,
    layers.join("–"),
    trainSamples && `${trainSamples} samples in batches of ${batchSize}`,
    `${workers} ${workers === 1 ? "worker" : "workers"}`,
    seed !== undefined && `seed ${seed}`,
  ].filter(Boolean).join(" · ");
  document.title = `${dataset}: training`;
  const isNumbers = hello.task === "numbers";
  const hasScores = !isNumbers || hello.validationSamples > 0;
  byId("score-title").textContent = isNumbers
    ? "R² of the validation"
    : "Accuracy";
  byId("score").parentElement.hidden = !hasScores;
  // What was drawn before the connection was lost stays.
  if (isFirst) {
    tryIt = new TryIt(
      byId("try"),
      hello.asked,
      (body) => send("/predict", body),
    );
  }
}

/** @param {any[]} epochs */
function addEpochs(epochs) {
  state.epochs.push(...epochs);
  if (state.epochs.length > MOST_POINTS) {
    state.epochs = state.epochs.filter((_, at, { length }) =>
      (length - 1 - at) % 2 === 0
    );
  }
  const curve = (/** @type {string} */ name) =>
    state.epochs.map((epoch) => epoch[name] ?? null);
  loss.show([curve("epoch"), curve("loss"), curve("validationLoss")]);
  score.show([curve("epoch"), curve("accuracy"), curve("validationAccuracy")]);
  const rate = byId("rate-value");
  if (document.activeElement !== rate) {
    rate.value = short(state.epochs.at(-1).learningRate);
  }
}

/** @param {number[][]} found */
function addBatches([numbers, losses]) {
  const all = state.batches;
  all[0].push(...numbers);
  all[1].push(...losses);
  if (all[0].length > MOST_POINTS) {
    const [x, y] = all;
    state.batches = [[], []];
    for (let at = 1; at < x.length; at += 2) {
      state.batches[0].push(x[at]);
      state.batches[1].push((y[at - 1] + y[at]) / 2);
    }
  }
  batches.show(state.batches);
}

/** @param {number} seconds */
function duration(seconds) {
  return seconds < 0.1
    ? `${Number((1000 * seconds).toPrecision(2))} ms`
    : `${Number(seconds.toPrecision(3))} s`;
}

function showNow() {
  const { now, hello, result } = state;
  const { phase } = now;
  showPhase(phase);
  const done = state.epochs.at(-1)?.epoch ?? 0;
  const within = now.batch > 0 ? now.batch / now.batches : 0;
  byId("progress").max = hello.epochs ?? 1;
  byId("progress").value = Math.min(hello.epochs, done + within);
  const last = state.epochs.at(-1);
  byId("place").textContent = [
    `epoch ${done} of ${hello.epochs}`,
    within > 0 && phase !== "ended" && `batch ${now.batch} of ${now.batches}`,
    last && `${duration(last.seconds)} an epoch`,
    ...[["test accuracy", "testAccuracy"], ["test R²", "testR2"]]
      .map(([title, name]) =>
        result?.[name] !== undefined && `${title} ${short(result[name])}`
      ),
  ].filter(Boolean).join(" · ");
  if (phase === "failed") tell(now.message ?? "The training failed");
}

/** @param {string} phase */
function showPhase(phase) {
  const pill = byId("phase");
  pill.dataset.phase = phase;
  const text = phase === "lost" ? "connection lost" : phase;
  if (pill.textContent !== text) pill.textContent = text;
  const active = phase === "training" || phase === "paused";
  byId("pause").textContent = phase === "paused" ? "Resume" : "Pause";
  byId("pause").disabled = !active;
  byId("save").disabled = !state.hello.canSave || phase === "lost";
  byId("save").title = state.hello.canSave ? "" : "Start with --save FILE";
  byId("stop").textContent = phase === "ended" ? "Close" : "Stop";
  byId("stop").disabled = !active && phase !== "ended";
  for (const control of byId("rate").elements) control.disabled = !active;
}

/**
 * Makes a button do something.
 * @param {string} id
 * @param {() => Promise<string | undefined>} act Tells what was done.
 */
function onClick(id, act) {
  byId(id).addEventListener("click", () => attempt(act));
}

/** @param {() => Promise<string | undefined>} act */
async function attempt(act) {
  try {
    tell(await act() ?? "", "good");
  } catch (error) {
    tell(/** @type {Error} */ (error).message);
  }
}

onClick("pause", async () => {
  await send(state.now.phase === "paused" ? "/resume" : "/pause");
  return undefined;
});
onClick("save", async () => `Wrote ${(await send("/save")).saved}`);
onClick("stop", async () => {
  const ended = state.now.phase === "ended";
  if (!ended && !confirm("Stop the training? What was learned stays.")) {
    return undefined;
  }
  await send("/stop");
  return undefined;
});
byId("rate").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  attempt(async () => {
    const rate = numberOf(byId("rate-value").value);
    await send("/rate", { rate });
    return `The rate is ${rate} from the next epoch on`;
  });
});

/** @type {EventSource | undefined} */
let events;

function connect() {
  events?.close();
  const opened = new EventSource(
    `/events?token=${encodeURIComponent(token)}`,
  );
  events = opened;
  opened.onmessage = ({ data }) => receive(JSON.parse(data));
  opened.onerror = () => {
    if (state.now.phase === "ended" || state.now.phase === "failed") {
      opened.close();
      byId("stop").disabled = true;
      byId("save").disabled = true;
      return;
    }
    showPhase("lost");
    if (opened.readyState === EventSource.CLOSED) {
      setTimeout(connectIfSeen, 2_000);
    }
  };
}

// A browser has six connections to a server: pages that nobody sees leave them to others.
function connectIfSeen() {
  if (document.hidden) events?.close();
  else connect();
}

if (token === "") {
  showPhase("failed");
  tell(
    "Open the address that was printed, all of it: what follows # gives access",
  );
} else {
  document.addEventListener("visibilitychange", connectIfSeen);
  connectIfSeen();
}
