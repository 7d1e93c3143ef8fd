// @ts-check
/// <reference lib="dom" />
/** Trains on digits, shows how that goes and what the threads do, and recognizes what is drawn. */
import { Mlp } from "@lockstep/lockstep";
import { spansDigest } from "../src/dashboard/digests.ts";
import { Chart } from "../src/web/page/charts.js";
import { byId, element } from "../src/web/page/paint.js";
import { showTimes, Timeline } from "../src/web/page/timeline.js";
import { TryIt } from "../src/web/page/try_it.js";
import { fetchDigits, SIDE } from "./digits.js";
import { isolate } from "./isolation.js";
import { TableDemo } from "./table.js";

const LAYERS = [SIDE * SIDE, 256, 64, 10];
const EPOCHS = 15;
const BATCH = 200;

/** What is kept of each thread's ops, for the timeline: about 3 batches. */
const SPANS = 800;

/** Milliseconds from one look at the threads to the next. */
const LOOK_EVERY = 500;

/** @param {number} fraction */
const percent = (fraction) => `${(100 * fraction).toFixed(1)} %`;

/** @param {unknown} error */
function tell(error) {
  byId("message").hidden = false;
  byId("message").textContent = /** @type {Error} */ (error).message;
}

/** @param {number} [workers] */
const makeMlp = (workers) => new Mlp({ layers: LAYERS, seed: 1, workers });

/** 1, 2, 4 and so on, and all. */
function threadCounts(/** @type {number} */ most) {
  const counts = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/** The page, once it has its digits. */
class Demo {
  /** @param {Awaited<ReturnType<typeof fetchDigits>>} digits */
  constructor(digits) {
    this.digits = digits;
    this.mlp = makeMlp();
    /** @type {ReturnType<Mlp["fit"]> | undefined} */
    this.run = undefined;
    this.chart = new Chart(byId("accuracy"), {
      x: "epoch",
      what: "Digits recognized, in percent",
      curves: [
        { label: "learned", color: "first" },
        { label: "new", color: "second" },
      ],
    });
    this.timeline = new Timeline(byId("timeline"));
    const asked = { kind: "image", size: { width: SIDE, height: SIDE } };
    this.tryIt = new TryIt(byId("try"), asked, (body) => this.recognize(body));
    const { workers } = this.mlp;
    byId("threads").append(
      ...threadCounts(workers).map((count) =>
        element("option", count === workers ? { selected: "" } : {}, `${count}`)
      ),
    );
    byId("threads").disabled = workers === 1;
    byId("facts").textContent = [
      LAYERS.join("–"),
      `${digits.train.count} digits to learn, ${digits.test.count} new ones`,
      crossOriginIsolated
        ? `${workers} ${workers === 1 ? "core" : "cores"}`
        : "one core, as the page isn't isolated",
    ].join(" · ");
    byId("train").onclick = () => {
      if (this.run) this.run.stop();
      else this.train().catch(tell);
    };
    byId("train").disabled = false;
  }

  /** @param {any} body */
  async recognize({ pixels }) {
    const found = await this.mlp.predict(Float32Array.from(pixels));
    return {
      task: "classes",
      label: `${found.indexOf(Math.max(...found))}`,
      probabilities: { ...found },
    };
  }

  async train() {
    const before = this.mlp;
    this.mlp = makeMlp(Number(byId("threads").value));
    await before.dispose();
    const begin = performance.now();
    const run = this.mlp.fit(this.digits.train, {
      epochs: EPOCHS,
      batchSize: BATCH,
      dropout: 0.2,
      validationData: this.digits.test,
      spans: SPANS,
    });
    this.run = run;
    byId("train").textContent = "Stop";
    byId("threads").disabled = true;
    try {
      await this.follow(run, begin);
    } finally {
      this.run = undefined;
      byId("train").textContent = "Train again";
      byId("threads").disabled = byId("threads").options.length === 1;
    }
  }

  /**
   * Shows each epoch.
   * @param {ReturnType<Mlp["fit"]>} run
   * @param {number} begin
   */
  async follow(run, begin) {
    /** @type {(number | null)[][]} */
    const curves = [[], [], []];
    let looked = -Infinity;
    byId("before").hidden = true;
    byId("accuracy").hidden = false;
    let last;
    for await (const event of run) {
      last = event;
      const { epoch, loss, accuracy, validation } = event;
      curves[0].push(epoch);
      curves[1].push(100 * (accuracy ?? 0));
      curves[2].push(100 * (validation?.accuracy ?? 0));
      this.chart.show(curves);
      byId("progress").value = epoch / EPOCHS;
      byId("state").textContent = [
        `epoch ${epoch} of ${EPOCHS}`,
        `loss ${loss.toFixed(3)}`,
        `${percent(validation?.accuracy ?? 0)} of the new digits recognized`,
        `${((performance.now() - begin) / 1000).toFixed(1)} s`,
      ].join(" · ");
      this.tryIt.refresh();
      const now = performance.now();
      if (epoch < EPOCHS && now - looked < LOOK_EVERY) continue;
      looked = now;
      const { spans } = await run.snapshot({ values: false });
      this.showSpans(spansDigest(spans));
    }
    const seconds = (performance.now() - begin) / 1000;
    if (last?.epoch === EPOCHS) await this.addRun(seconds, last);
  }

  /** @param {any} spans */
  showSpans(spans) {
    if (spans === undefined) return;
    for (const section of document.querySelectorAll("section[hidden]")) {
      section.removeAttribute("hidden");
    }
    this.timeline.show(spans);
    if (!this.timeline.held) showTimes(byId("times"), spans);
  }

  /**
   * Lists a training that came to its end.
   * @param {number} seconds
   * @param {{ validation?: { accuracy?: number } }} last
   */
  async addRun(seconds, { validation }) {
    const sha256 = await this.mlp.weightsSha256();
    byId("runs").hidden = false;
    byId("runs").tBodies[0].append(element(
      "tr",
      {},
      element("td", {}, `${this.mlp.workers}`),
      element("td", {}, `${seconds.toFixed(2)} s`),
      element("td", {}, percent(validation?.accuracy ?? 0)),
      element("td", { title: `SHA-256 ${sha256}` }, sha256.slice(0, 12)),
    ));
  }
}

async function start() {
  await isolate();
  new Demo(await fetchDigits());
  new TableDemo();
}

start().catch(tell);
